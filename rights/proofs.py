"""Proofs that a person sends: recognised by their content, made harmless, kept out of the web's reach.

A payslip bears the number, the address and the wage of its holder: the file is encrypted at rest, its
name is drawn at random, and images are drawn again, without what the telephone wrote about the place.
"""

import secrets
from pathlib import Path

from django.conf import settings

from accounts.crypto import open_sealed, seal
from cpf_portal.ui.proofs import (
    EXTENSIONS,
    JPEG,
    MAX_BYTES,
    MAX_PIXELS,
    PDF,
    PNG,
    Proof,
    ProofRefused,
    read_proof,
)

__all__ = [
    "EXTENSIONS",
    "JPEG",
    "MAX_BYTES",
    "MAX_PIXELS",
    "PDF",
    "PNG",
    "Proof",
    "ProofRefused",
    "load_proof",
    "read_proof",
    "remove_proof",
    "store_proof",
]


def store_proof(proof: Proof) -> str:
    """Write `proof`, encrypted, under VAR_DIR/pieces and return its random name."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(seal(proof.content))
    return name


def load_proof(name: str) -> bytes:
    """Return the content of the proof `name`. Raises FileNotFoundError when it is not there."""
    return open_sealed((_folder() / name).read_bytes())


def remove_proof(name: str) -> None:
    """Forget the proof `name`; nothing more when it is gone already."""
    (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return settings.VAR_DIR / "pieces"
