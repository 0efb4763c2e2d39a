"""Providers and certifications that a file names: few rows, written before the offers."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from catalogue.changes import OfferChange
from catalogue.imports.drafts import CertificationDraft, ProviderDraft
from catalogue.imports.values import certification_kind
from catalogue.models import Certification, Offer, Provider

CHUNK = 500


def write_providers(drafts: Mapping[str, ProviderDraft]) -> None:
    """Create the providers that are new, change those of which more is said now."""
    for chunk in _chunks(drafts):
        known = Provider.objects.in_bulk(list(chunk), field_name="siret")
        new = [_provider(draft) for siret, draft in chunk.items() if siret not in known]
        Provider.objects.bulk_create(new)
        changed = [row for row in known.values() if _fill(row, chunk[row.siret])]
        Provider.objects.bulk_update(changed, ["name", "phone", "email", "website"])
        _record(Offer.objects.filter(provider__in=changed) if changed else Offer.objects.none())


def write_certifications(drafts: Mapping[str, CertificationDraft]) -> tuple[int, int]:
    """Create and change certifications; return how many were created, how many changed."""
    created = updated = 0
    for chunk in _chunks(drafts):
        known = Certification.objects.in_bulk(list(chunk), field_name="code")
        new = [_certification(draft) for code, draft in chunk.items() if code not in known]
        Certification.objects.bulk_create(new)
        changed = [row for row in known.values() if _fill(row, chunk[row.code])]
        names = [f.name for f in fields(CertificationDraft) if f.name != "code"]
        Certification.objects.bulk_update(changed, names)
        _record(
            Offer.objects.filter(certification__in=changed) if changed else Offer.objects.none()
        )
        created, updated = created + len(new), updated + len(changed)
    return created, updated


def _chunks(drafts: Mapping) -> Iterator[dict]:
    keys = sorted(drafts)
    for start in range(0, len(keys), CHUNK):
        yield {key: drafts[key] for key in keys[start : start + CHUNK]}


def _provider(draft: ProviderDraft) -> Provider:
    return Provider(
        siret=draft.siret,
        # EDOF files give a SIRET alone: the name comes by another file, or by hand.
        name=draft.name or f"Organisme {draft.siret}",
        phone=draft.phone,
        email=draft.email,
        website=draft.website,
    )


def _certification(draft: CertificationDraft) -> Certification:
    row = Certification(code=draft.code, kind=certification_kind(draft.code))
    _fill(row, draft)
    return row


def _fill(row, draft) -> bool:
    """Give `row` what `draft` says; tell whether anything changed."""
    said = {f.name: getattr(draft, f.name) for f in fields(draft)}
    new = {
        name: value
        for name, value in said.items()
        if value not in (None, "") and value != getattr(row, name)
    }
    for name, value in new.items():
        setattr(row, name, value)
    return bool(new)


def _record(offers) -> None:
    OfferChange.objects.record(offers.values_list("pk", flat=True))
