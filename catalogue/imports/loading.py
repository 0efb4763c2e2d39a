"""From drafts to the catalogue."""

from collections.abc import Iterable, Mapping

from catalogue.imports.drafts import CertificationDraft, OfferDraft, ProviderDraft
from catalogue.imports.report import Report
from catalogue.imports.staging import staging
from catalogue.imports.switch import switch


def load_drafts(
    drafts: Iterable[OfferDraft],
    report: Report,
    *,
    providers: dict[str, ProviderDraft],
    certifications: Mapping[str, CertificationDraft] | None = None,
    is_whole_source: bool = False,
    is_confirmed: bool = False,
    is_dry_run: bool = False,
) -> None:
    """Lay out all the drafts, then make the catalogue what they say (see `switch`).

    `providers` and `certifications` may fill up while `drafts` are read; a certification that nobody
    describes is created by its code alone. Nothing is written when reading raises.
    """
    codes: set[str] = set()
    with staging() as stage:
        for draft in drafts:
            codes.add(draft.certification_code)
            stage.add(draft)
            report.read += 1
        stage.finish(providers)
        named = {code: CertificationDraft(code) for code in codes if code}
        switch(
            report,
            providers=providers,
            certifications=named | dict(certifications or {}),
            is_whole_source=is_whole_source,
            is_confirmed=is_confirmed,
            is_dry_run=is_dry_run,
        )
