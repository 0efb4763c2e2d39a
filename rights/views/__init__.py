"""What a signed-in person sees of her rights and of her requests."""

from rights.views.attestations import attestation, attestation_pdf, issue_attestation
from rights.views.declarations import declaration, declarations
from rights.views.dif import dif, dif_proof
from rights.views.dossiers import (
    dossier,
    dossier_step,
    dossiers,
    enrol,
    payment,
    payment_return,
)
from rights.views.hours import hours
from rights.views.summary import history_csv, summary

__all__ = [
    "attestation",
    "attestation_pdf",
    "declaration",
    "declarations",
    "dif",
    "dif_proof",
    "dossier",
    "dossier_step",
    "dossiers",
    "enrol",
    "history_csv",
    "hours",
    "issue_attestation",
    "payment",
    "payment_return",
    "summary",
]
