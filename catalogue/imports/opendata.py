"""The open catalogue of Mon Compte Formation: one row is a training in a département.

It has neither dates nor addresses, and says the least and the most of prices and durations
(opendata.caissedesdepots.fr, Licence Ouverte 2.0).
"""

from collections.abc import Iterable, Iterator

from catalogue.imports import texts, values
from catalogue.imports.drafts import MAX_LENGTHS, CertificationDraft, OfferDraft, ProviderDraft
from catalogue.imports.report import FileRefused, Report
from catalogue.imports.tables import Row
from catalogue.models import Modality
from catalogue.places.departments import DEPARTMENTS

MAX_NAMED = 100_000


class OpenDataReader:
    """Iterates over the drafts of a file; `providers` and `certifications` fill up meanwhile."""

    def __init__(self, rows: Iterable[tuple[int, Row]], report: Report) -> None:
        self.providers: dict[str, ProviderDraft] = {}
        self.certifications: dict[str, CertificationDraft] = {}
        self._rows = rows
        self._report = report
        self._wrong_sirets: set[str] = set()

    def __iter__(self) -> Iterator[OfferDraft]:
        for line, row in self._rows:
            number = row["numero_formation"].strip()
            try:
                yield self._draft(line, number, row)
            except ValueError as error:
                self._report.refuse(str(error), line=line, number=number)

    def _draft(self, line: int, number: str, row: Row) -> OfferDraft:
        title = texts.one_line(row["intitule_formation"])
        if not title or not number:
            raise ValueError("l’intitulé ou le numéro de la formation manque")
        siret = self._provider(line, number, row)
        modality = _modality(row)
        department = _department(row)
        if not department and modality != Modality.REMOTE:
            raise ValueError("le département manque ou n’existe pas")
        price = values.cents(row.get("frais_ttc_tot_min", ""))
        if price is None:
            raise ValueError("le prix TTC manque ou n’est pas un montant")
        training = number.removeprefix(f"{siret}_")[:60]
        action = f"{training}_{department}" if department else training
        level = values.named_level(row.get("libelle_niveau_sortie_formation", ""))
        return OfferDraft(
            siret=siret,
            public_id=values.public_id(siret, action),
            training_number=training,
            number=action[:60],
            title=_cut(title, "title"),
            modality=modality,
            department=department,
            certification_code=self._certification(row, level),
            highlights=_cut(texts.one_line(row.get("points_forts")), "highlights"),
            objectives=texts.clean(row.get("objectif_formation")),
            content=texts.clean(row.get("contenu_formation")),
            results=texts.clean(row.get("resultats_attendus_formation")),
            price_cents=price,
            price_max_cents=_above(values.cents(row.get("frais_ttc_tot_max", "")), price),
            exit_level=level,
            **_hours(row),
            **_codes(row),
            line=line,
        )

    def _provider(self, line: int, number: str, row: Row) -> str:
        siret = values.siret_digits(row["siret"])
        if not siret:
            raise ValueError("le SIRET de l’organisme manque ou n’a pas 14 chiffres")
        if not values.is_siret_valid(siret) and siret not in self._wrong_sirets:
            self._wrong_sirets.add(siret)
            self._report.warn(f"la clé du SIRET {siret} est fausse", line=line, number=number)
        if siret not in self.providers:
            if len(self.providers) >= MAX_NAMED:
                raise FileRefused("le fichier a plus de 100 000 organismes", line)
            self.providers[siret] = ProviderDraft(siret, texts.one_line(row.get("nom_of"))[:250])
        return siret

    def _certification(self, row: Row, level: int | None) -> str:
        inventory = row.get("code_rs") or row.get("code_inventaire") or ""
        code = values.certification_code(row.get("code_rncp") or "", "RNCP")
        code = code or values.certification_code(inventory, "RS")
        if code and code not in self.certifications and len(self.certifications) < MAX_NAMED:
            title = texts.one_line(row.get("intitule_certification"))[:400]
            self.certifications[code] = CertificationDraft(code, title, level)
        return code


def _modality(row: Row) -> str:
    remote = values.number(row.get("nb_session_a_distance", ""), 0, 10**6) or 0
    active = values.number(row.get("nb_session_active", ""), 0, 10**6) or 0
    if not remote:
        return Modality.ON_SITE.value
    return (Modality.REMOTE if remote >= active else Modality.MIXED).value


def _department(row: Row) -> str:
    """Return the code; a careless writer drops the first zero (« 1 » for « 01 »)."""
    code = row.get("code_departement", "").strip().upper().zfill(2)
    return code if code in DEPARTMENTS else ""


def _hours(row: Row) -> dict:
    least = values.hours(row.get("nombre_heures_total_min", "")) or None
    most = values.hours(row.get("nombre_heures_total_max", ""))
    return {"hours": least, "hours_max": _above(most, least or 0)}


def _above(value: int | None, least: int) -> int | None:
    return value if value is not None and value > least else None


def _codes(row: Row) -> dict:
    def column(name: str, count: int) -> list[str]:
        return [row.get(f"{name}_{rank}", "") for rank in range(1, count + 1)]

    return {
        "formacodes": values.codes(column("code_formacode", 5), r"\d{5}", 40),
        "rome_codes": values.codes(column("code_rome", 5), r"[A-N]\d{4}", 40),
        "nsf_codes": values.codes(column("code_nsf", 3), r"\d{3}[A-Z]?", 20),
    }


def _cut(text: str, column: str) -> str:
    limit = MAX_LENGTHS[column]
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
