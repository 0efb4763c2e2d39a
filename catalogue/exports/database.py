"""Rows of the catalogue as drafts, in constant memory."""

from collections.abc import Iterator

from catalogue.imports.drafts import COLUMNS, OfferDraft, ProviderDraft, SessionDraft
from catalogue.models import Offer, OfferQuerySet, Provider

CHUNK = 2000


def drafts_of(offers: OfferQuerySet) -> Iterator[OfferDraft]:
    """Yield the drafts of these offers by key, read by chunks."""
    rows = offers.order_by("pk").select_related("provider", "certification")
    for offer in rows.prefetch_related("sessions").iterator(chunk_size=CHUNK):
        yield draft_of(offer)


def draft_of(offer: Offer) -> OfferDraft:
    """Return what a file would say of an offer: imported again, it would change nothing."""
    sessions = sorted(offer.sessions.all(), key=lambda session: session.pk)
    return OfferDraft(
        siret=offer.provider.siret,
        certification_code=offer.certification.code if offer.certification else "",
        sessions=tuple(
            SessionDraft(*(getattr(session, name) for name in SessionDraft._fields))
            for session in sessions
        ),
        **{name: getattr(offer, name) for name in COLUMNS},
    )


def providers_of() -> dict[str, ProviderDraft]:
    """Return all the providers by SIRET."""
    rows = Provider.objects.values_list("siret", "name", "phone", "email", "website")
    return {row[0]: ProviderDraft(*row) for row in rows.iterator()}
