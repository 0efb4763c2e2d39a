"""What can be learnt, where, from whom and when; and the files that it came from."""

from catalogue.models.imports import (
    ImportLevel,
    ImportLine,
    ImportPart,
    ImportReport,
    ImportState,
)
from catalogue.models.offers import (
    Certification,
    CertificationKind,
    Modality,
    Offer,
    OfferQuerySet,
    Provider,
    Session,
    SessionQuerySet,
    SessionState,
)
from catalogue.models.places import Commune, CommuneQuerySet
from catalogue.models.synonyms import Synonym

__all__ = [
    "Certification",
    "CertificationKind",
    "Commune",
    "CommuneQuerySet",
    "ImportLevel",
    "ImportLine",
    "ImportPart",
    "ImportReport",
    "ImportState",
    "Modality",
    "Offer",
    "OfferQuerySet",
    "Provider",
    "Session",
    "SessionQuerySet",
    "SessionState",
    "Synonym",
]
