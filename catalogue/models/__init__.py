"""What can be learnt, where, from whom and when; the files that it came from, and what people keep of it."""

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
from catalogue.models.saved import Favourite, SavedSearch
from catalogue.models.supervision import IndexRebuild, ProviderSuspension, RebuildState
from catalogue.models.synonyms import Synonym

__all__ = [
    "Certification",
    "CertificationKind",
    "Commune",
    "CommuneQuerySet",
    "Favourite",
    "ImportLevel",
    "ImportLine",
    "ImportPart",
    "ImportReport",
    "ImportState",
    "IndexRebuild",
    "Modality",
    "Offer",
    "OfferQuerySet",
    "Provider",
    "ProviderSuspension",
    "RebuildState",
    "SavedSearch",
    "Session",
    "SessionQuerySet",
    "SessionState",
    "Synonym",
]
