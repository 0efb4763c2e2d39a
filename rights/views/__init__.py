"""What a signed-in person sees of her rights and of her requests."""

from rights.views.dif import dif, dif_proof
from rights.views.summary import dossiers, summary

__all__ = ["dif", "dif_proof", "dossiers", "summary"]
