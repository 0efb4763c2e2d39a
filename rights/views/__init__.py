"""What a signed-in person sees of her rights and of her requests."""

from rights.views.attestations import attestation, attestation_pdf, issue_attestation
from rights.views.declarations import declaration, declarations
from rights.views.dif import dif, dif_proof
from rights.views.hours import hours
from rights.views.summary import dossiers, history_csv, summary

__all__ = [
    "attestation",
    "attestation_pdf",
    "declaration",
    "declarations",
    "dif",
    "dif_proof",
    "dossiers",
    "history_csv",
    "hours",
    "issue_attestation",
    "summary",
]
