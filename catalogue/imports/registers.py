"""The registers of certifications (RNCP and RS) as France compétences publishes them in CSV.

« Standard » describes each sheet, « Rome » ties it to jobs (data.gouv.fr, Licence Ouverte 2.0).
"""

from collections.abc import Iterable, Iterator

from catalogue.imports import texts, values
from catalogue.imports.drafts import CertificationDraft
from catalogue.imports.report import Report
from catalogue.imports.tables import Row

MAX_TITLE = 400
MAX_JOBS = 60  # of one certification: two or three in truth
MAX_SHEETS = 100_000


def read_sheets(rows: Iterable[tuple[int, Row]], report: Report) -> dict[str, CertificationDraft]:
    """Return the certifications of a « Standard » file by code."""
    found: dict[str, CertificationDraft] = {}
    for line, code, row in _sheets(rows, report):
        title = texts.one_line(row["intitule"])
        if not title:
            report.refuse("l’intitulé manque", line=line, number=code)
            continue
        if len(title) > MAX_TITLE:
            report.correct(
                f"un intitulé est coupé à {MAX_TITLE} caractères", line=line, number=code
            )
            title = title[: MAX_TITLE - 1].rstrip() + "…"
        found[code] = CertificationDraft(
            code,
            title,
            values.named_level(row.get("nomenclature_europe_niveau", "")),
            is_active=row["actif"].strip().upper() == "ACTIVE",
            expires_on=values.french_day(row.get("date_fin_enregistrement", "")),
        )
    return found


def read_jobs(rows: Iterable[tuple[int, Row]], report: Report) -> dict[str, CertificationDraft]:
    """Return what a « Rome » file adds to the certifications, by code: the jobs and their codes."""
    jobs: dict[str, dict[str, str]] = {}
    for line, code, row in _sheets(rows, report):
        rome = values.codes([row["codes_rome_code"]], r"[A-N]\d{4}", 5)
        label = texts.one_line(row["codes_rome_libelle"])
        if not rome or not label:
            report.refuse("le code ROME ou son libellé manque", line=line, number=code)
            continue
        held = jobs.setdefault(code, {})
        if len(held) < MAX_JOBS:
            held[rome] = label
    return {
        code: CertificationDraft(
            code,
            jobs=", ".join(held.values()),
            rome_codes=values.codes(held, r"[A-N]\d{4}", 120),
        )
        for code, held in jobs.items()
    }


def _sheets(rows: Iterable[tuple[int, Row]], report: Report) -> Iterator[tuple[int, str, Row]]:
    seen: set[str] = set()
    for line, row in rows:
        said = row["numero_fiche"].strip()
        code = values.certification_code(said)
        if not code or (code not in seen and len(seen) >= MAX_SHEETS):
            report.refuse("le numéro de fiche n’est ni RNCP ni RS", line=line, number=said)
            continue
        seen.add(code)
        report.read += 1
        yield line, code, row
