"""What the person reads before she binds herself, and whether it still is what she would bind."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from cpf_portal.ui.formats import date_fr, euros
from rights.dossiers.amounts import Amounts
from rights.dossiers.deadlines import Dates
from rights.dossiers.terms import Terms


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is no longer as it was: texts to show."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Review:
    """`obstacles` are French sentences: as long as there is one, the step is refused.

    `digest` is to be posted back as `reviewed`: it says what was read.
    """

    terms: Terms
    amounts: Amounts
    dates: Dates
    changes: tuple[Change, ...]
    obstacles: tuple[str, ...]

    @property
    def digest(self) -> str:
        said = json.dumps([asdict(self.terms), asdict(self.amounts)], default=str, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def changes(before: Terms, after: Terms) -> tuple[Change, ...]:
    """Return what differs, in the words of the page."""
    return tuple(
        Change(label, _text(name, getattr(before, name)), _text(name, getattr(after, name)))
        for name, label in _LABELS.items()
        if getattr(before, name) != getattr(after, name)
    )


_LABELS = {
    "title": "Intitulé",
    "provider_name": "Organisme",
    "place": "Lieu",
    "hours": "Durée",
    "starts_on": "Début",
    "ends_on": "Fin",
    "has_prerequisites": "Prérequis à vérifier",
    "price_cents": "Prix",
}


def _text(name: str, value: object) -> str:
    if value is None:
        return "non précisé"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return date_fr(value)
    if name == "price_cents" and isinstance(value, int):
        return euros(value)
    return f"{value}\u00a0heures" if name == "hours" else str(value)
