"""Files of the providers and of the State, read safely and switched in as a whole."""

from catalogue.imports.drafts import CertificationDraft, OfferDraft, ProviderDraft, SessionDraft
from catalogue.imports.importing import SOURCES, import_path
from catalogue.imports.loading import load_drafts
from catalogue.imports.report import ConfirmationNeeded, FileRefused, Remark, Report
from catalogue.imports.running import close_interrupted

__all__ = [
    "SOURCES",
    "CertificationDraft",
    "ConfirmationNeeded",
    "FileRefused",
    "OfferDraft",
    "ProviderDraft",
    "Remark",
    "Report",
    "SessionDraft",
    "close_interrupted",
    "import_path",
    "load_drafts",
]
