"""What a file says, in the terms of the model and before any of it is written.

The readers of every format make these, the export writes them, the generator draws them.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from catalogue.models import Offer, SessionState

DIGEST_BYTES = 16


class SessionDraft(NamedTuple):
    number: str
    is_permanent: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    state: str = SessionState.OPEN.value
    is_guaranteed: bool = False


@dataclass(slots=True)
class ProviderDraft:
    """An empty value says nothing: what is known already stays."""

    siret: str
    name: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(slots=True)
class CertificationDraft:
    """A None or empty value says nothing: what is known already stays."""

    code: str
    title: str = ""
    level: int | None = None
    jobs: str = ""
    rome_codes: str = ""
    is_active: bool | None = None
    expires_on: date | None = None


@dataclass(slots=True, kw_only=True)
class OfferDraft:
    """The columns of Offer by their names; its provider, certification and commune by their codes."""

    siret: str
    public_id: str
    title: str
    modality: str
    price_cents: int
    certification_code: str = ""
    commune_id: str | None = None
    training_number: str = ""
    number: str = ""
    highlights: str = ""
    objectives: str = ""
    content: str = ""
    results: str = ""
    access_conditions: str = ""
    skills: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    department: str = ""
    is_accessible: bool = False
    price_max_cents: int | None = None
    hours: int | None = None
    hours_max: int | None = None
    company_hours: int | None = None
    extra_costs: str = ""
    is_exam_included: bool | None = None
    entry_level: int | None = None
    exit_level: int | None = None
    objective_code: int | None = None
    pathway_code: int | None = None
    rhythm: str = ""
    admission: str = ""
    teaching_methods: str = ""
    accessibility: str = ""
    catering: str = ""
    housing: str = ""
    transport: str = ""
    languages: str = ""
    rome_codes: str = ""
    formacodes: str = ""
    nsf_codes: str = ""
    website: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    sessions: tuple[SessionDraft, ...] = ()
    # where it stands in its file, for the report; no part of what it is
    line: int = field(default=0, compare=False)

    def values(self) -> list:
        """Return the values of COLUMNS, in their order."""
        return [getattr(self, name) for name in COLUMNS]

    def digest(self, values: list) -> str:
        """Return what changes whenever anything that the file says of the offer does.

        `values` are those of `values`, which whoever writes the offer has already.
        """
        said = repr((values, self.siret, self.certification_code, self.sessions))
        return blake2b(said.encode(errors="replace"), digest_size=DIGEST_BYTES).hexdigest()


# Read from a draft by another name, or written by the switch itself.
APART = {"siret", "certification_code", "sessions", "line"}
COLUMNS = tuple(f.name for f in fields(OfferDraft) if f.name not in APART)
MAX_LENGTHS: dict[str, int] = {
    f.name: limit for f in Offer._meta.concrete_fields if (limit := getattr(f, "max_length", None))
}
