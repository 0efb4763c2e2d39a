"""Shorthands of the DIF tests."""

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Titulaire
from cpf_portal.ui.proofs import Proof, read_proof
from rights.models import DifDeclaration, Parameter, ParameterName
from rights.services import declare_dif
from tests.rights import images

DIF_PAGE = "/mes-droits/dif/"
TODAY = date(2021, 3, 1)


def leave_dif_open() -> None:
    """Do as the operator who lets people declare their DIF after the deadline of the law."""
    Parameter.objects.create(
        name=ParameterName.DIF_DEADLINE,
        valid_from=date(2021, 7, 1),
        legal_basis="Décision de l’exploitant",
    )


def proof(content: bytes = images.PDF) -> Proof:
    return read_proof(io.BytesIO(content))


def declare(titulaire: Titulaire, hours: int = 24, today: date = TODAY) -> DifDeclaration:
    return declare_dif(titulaire=titulaire, hours=hours, proof=proof(), today=today)


def upload(content: bytes = images.PDF, name: str = "bulletin.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
