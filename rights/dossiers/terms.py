"""What is agreed about the training: read from the catalogue, from a proposal, or as it was reviewed."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Self

from catalogue.models import Modality, Offer, Session
from cpf_portal.ui.text import fold
from rights.models.dossier import Dossier

# « Aucun prérequis » and the like, as the providers write it
NO_CONDITION = ("aucun", "sans", "pas de", "neant", "tout public", "non")


@dataclass(frozen=True, slots=True)
class Terms:
    title: str
    provider_name: str
    place: str
    hours: int | None
    starts_on: date
    ends_on: date | None
    has_prerequisites: bool
    price_cents: int

    @classmethod
    def of_session(cls, session: Session, starts_on: date) -> Self:
        """Return what the catalogue says now; `starts_on` serves when entries are permanent."""
        offer = session.offer
        first = None if session.is_permanent else session.starts_on
        return cls(
            title=offer.title,
            provider_name=offer.provider.name,
            place=_place(offer),
            hours=offer.hours,
            starts_on=first or starts_on,
            ends_on=session.ends_on if first else None,
            has_prerequisites=has_prerequisites(offer),
            price_cents=offer.price_cents,
        )

    @classmethod
    def of_dossier(cls, dossier: Dossier) -> Self:
        """Return what was reviewed last."""
        return cls(**{field.name: getattr(dossier, field.name) for field in fields(cls)})

    @classmethod
    def proposed(cls, dossier: Dossier) -> Self:
        """Return what the provider proposes: what it does not name stays as it was."""
        proposal = {k: v for k, v in dossier.proposal.items() if k != "note"}
        for name in ("starts_on", "ends_on"):
            if name in proposal:
                proposal[name] = date.fromisoformat(proposal[name])
        terms = replace(cls.of_dossier(dossier), **proposal)
        if terms.ends_on and terms.ends_on < terms.starts_on:
            terms = replace(terms, ends_on=None)  # the end of the former dates
        return terms

    def write_to(self, dossier: Dossier) -> None:
        for name, value in asdict(self).items():
            setattr(dossier, name, value)


def has_prerequisites(offer: Offer) -> bool:
    """Tell whether the provider has something to check before it accepts: a level, or conditions."""
    conditions = fold(offer.access_conditions)
    return bool(offer.entry_level) or (bool(conditions) and not conditions.startswith(NO_CONDITION))


def _place(offer: Offer) -> str:
    if offer.modality == Modality.REMOTE:
        return Modality.REMOTE.label
    names = [offer.address, offer.commune.name if offer.commune else offer.department]
    return ", ".join(filter(None, names))
