"""One « action » of a LHEO or EDOF file: where, how, when, for how much."""

import re
from datetime import date
from functools import lru_cache

from catalogue.imports import texts, values
from catalogue.imports.drafts import SessionDraft
from catalogue.imports.elements import (
    Address,
    Children,
    Contact,
    Element,
    ElementRefused,
    Reader,
    Where,
    address,
    all_named,
    at,
    children,
    contact,
    extras,
    raw,
)
from catalogue.imports.places import Communes
from catalogue.models import Modality, SessionState
from catalogue.models.offers import MAX_PRICE_CENTS

RHYTHMS = {
    "1": "journalier", "2": "hebdomadaire", "3": "en semaine", "4": "le week-end",
    "5": "à temps plein", "6": "à temps partiel", "7": "plusieurs rythmes possibles",
}  # fmt: skip
ADMISSIONS = {
    "99999": "Sans disposition particulière",
    "92002": "Admission sur dossier",
    "92003": "Admission sur concours",
    "92005": "Admission après entretien",
    "92007": "Admission après test",
    "92009": "Admission après visite médicale",
    "99998": "Plusieurs modalités d’admission",
}
TEXTS = {
    "access_conditions": "conditions-specifiques",
    "rhythm": "rythme-formation",
    "catering": "restauration",
    "housing": "hebergement",
    "transport": "transport",
    "accessibility": "acces-handicapes",
    "admission": "modalites-recrutement",
    "teaching_methods": "modalites-pedagogiques",
    "extra_costs": "frais-restants",
}
REMOTE_WORDS = re.compile(
    r"\b(?:100|entierement|totalement|tout|uniquement) a distance\b|\be learning\b"
)
MIXED_WORDS = re.compile(
    r"\b(?:mixte|hybride|blended|presentiel et distanciel|en centre et a distance)\b"
)

KEPT_DAYS = 4096


class ActionReader:
    """Reads actions as values for OfferDraft, by the name of its columns."""

    def __init__(self, reader: Reader, communes: Communes, *, is_edof: bool) -> None:
        self._reader = reader
        self._communes = communes
        self._is_edof = is_edof

    def read(self, element: Element, where: Where) -> dict:
        """Return the values of an action. Raises ElementRefused when it cannot be an offer."""
        found, more = children(element), extras(element)
        modality = self._modality(found, where)
        hours, company_hours = self._hours(found, more)
        offer = {
            "number": where.number,
            "public_id": raw(more.get("identifiant-public")).strip(),
            "modality": modality,
            "line": where.line,
            "hours": hours,
            "company_hours": company_hours,
            **self._price(found, more, hours, where),
            **self._place(found, more, modality, where),
            **self._texts(found, more),
            **self._contact(more, where),
            "sessions": self._sessions(element, found, where),
        }
        self._doubt_modality(offer, where)
        return offer

    # --- How ---------------------------------------------------------------------------------

    def _modality(self, found: Children, where: Where) -> str:
        code = raw(found.get("modalites-enseignement")).strip()
        if code in values.MODALITIES:
            return values.MODALITIES[code]
        where.correct(
            "le format (modalites-enseignement) manque ou n’existe pas\u00a0: lu « en centre »"
        )
        return Modality.ON_SITE.value

    def _doubt_modality(self, offer: dict, where: Where) -> None:
        """Say so when the texts tell another format: 1 and 2 are often taken for each other."""
        if offer["modality"] == Modality.ON_SITE:
            return
        said = texts.folded(
            f"{offer['rhythm']} {offer['teaching_methods']} {offer['access_conditions']}"
        )
        if offer["modality"] == Modality.MIXED and REMOTE_WORDS.search(said):
            where.warn(
                "le format est 1 (mixte), mais les textes disent « à distance »\u00a0: est-ce 2\u00a0?"
            )
        elif offer["modality"] == Modality.REMOTE and MIXED_WORDS.search(said):
            where.warn(
                "le format est 2 (à distance), mais les textes disent « mixte »\u00a0: est-ce 1\u00a0?"
            )

    def _hours(self, found: Children, more: Children) -> tuple[int | None, int | None]:
        centre, company, total = (
            values.hours(raw(found.get(f"nombre-heures-{name}")))
            for name in ("centre", "entreprise", "total")
        )
        total = values.hours(raw(more.get("duree-apprentissage"))) or total
        if total is None and (centre is not None or company is not None):
            total = (centre or 0) + (company or 0)
        if self._reader.is_plain:
            return total, company
        if not total and self._is_edof:
            raise ElementRefused("la durée manque")
        return total or None, company or None

    def _price(self, found: Children, more: Children, hours: int | None, where: Where) -> dict:
        fees = {child.get("info"): raw(child) for child in more.get("frais-pedagogiques", ())}
        price = values.cents(fees.get("frais-ttc") or raw(found.get("prix-total-TTC")))
        if price is None and hours:
            hourly = values.cents(raw(found.get("prix-horaire-TTC")))
            if hourly is not None:
                price = hourly * hours
                where.correct("le prix total manque\u00a0: compté par le prix horaire et la durée")
        if price is None or price > MAX_PRICE_CENTS:
            raise ElementRefused("le prix TTC manque ou n’est pas un montant")
        highest, longest = (
            raw(more.get("prix-total-TTC-max")),
            raw(more.get("nombre-heures-total-max")),
        )
        return {
            "price_cents": price,
            "price_max_cents": values.number(highest, 0, MAX_PRICE_CENTS) if highest else None,
            "hours_max": values.number(longest, 0, values.MAX_HOURS) if longest else None,
            "is_exam_included": values.flag(raw(more.get("frais-certif-inclus-frais-anpec"))),
        }

    # --- Where -------------------------------------------------------------------------------

    def _place(self, found: Children, more: Children, modality: str, where: Where) -> dict:
        place = found.get("lieu-de-formation")
        element = at(place, "coordonnees", "adresse")
        there = address(at(place, "adresse") if element is None else element, self._reader)
        commune = self._communes.find(
            insee=there.insee,
            postcode=there.postcode,
            town=there.town,
            latitude=there.latitude,
            longitude=there.longitude,
        )
        self._check_place(there, commune, modality, where)
        whole = more.get("adresse-integrale")
        accessible = there.is_accessible or bool(
            values.flag(raw(more.get("conformite-reglementaire")))
        )
        return {
            "commune_id": commune,
            "address": there.text if whole is None else self._reader.text(whole),
            "department": self._communes.department(commune) or there.department[:3],
            "latitude": there.latitude,
            "longitude": there.longitude,
            "is_accessible": accessible,
        }

    def _check_place(
        self, there: Address, commune: str | None, modality: str, where: Where
    ) -> None:
        if there.has_swapped_position:
            where.correct("la latitude et la longitude étaient l’une à la place de l’autre")
        if (
            modality != Modality.REMOTE
            and not commune
            and not (self._reader.is_plain and there.department)
        ):
            said = f"{there.postcode} {there.town}".strip() or "sans code postal ni ville"
            raise ElementRefused(
                f"l’adresse de la formation est incomplète ou inconnue ({said})", "30013"
            )
        if self._is_edof and not (there.postcode and there.town):
            where.warn("l’adresse de la formation est incomplète", "30013")

    # --- What is told ------------------------------------------------------------------------

    def _texts(self, found: Children, more: Children) -> dict:
        reader = self._reader
        told = {column: reader.whole(found.get(name), more) for column, name in TEXTS.items()}
        if not reader.is_plain:
            _complete(told, more, reader)
        languages = [raw(e).upper() for e in all_named(_parent(found), "langue-formation")][:5]
        return told | {
            "languages": values.codes(languages, r"[A-Z]{2}", 20),
            "website": values.web(raw(at(found.get("url-action"), "urlweb"))),
        }

    def _contact(self, more: Children, where: Where) -> dict:
        person = contact(at(more.get("contact-information"), "coordonnees"), self._reader)
        if self._is_edof and not person:
            where.warn("le contact de l’action manque\u00a0: ni téléphone ni courriel", "30017")
        return contact_columns(person)

    # --- When --------------------------------------------------------------------------------

    def _sessions(self, element: Element, found: Children, where: Where) -> tuple:
        is_permanent = raw(found.get("modalites-entrees-sorties")).strip() == "1"
        made: dict[str, SessionDraft] = {}
        dates = set()
        for rank, child in enumerate(all_named(element, "session"), start=1):
            if child.get("info") == "non-renseigne":
                continue
            number = (child.get("numero") or "").strip()[:60] or f"S{rank:02d}"
            if number in made:
                number = f"{number[:50]}-{rank}"
            there = Where(where.report, child.sourceline or where.line, number)
            try:
                session = self._session(child, number, is_permanent, there)
                if self._is_edof and session.starts_on and session[2:4] in dates:
                    raise ElementRefused("une autre session de l’action a les mêmes dates", "10133")
            except ElementRefused as error:
                there.refuse(f"session\u00a0: {error.reason}", error.code)
                continue
            dates.add(session[2:4])
            made[number] = session
        return tuple(made.values())

    def _session(
        self, element: Element, number: str, is_permanent: bool, where: Where
    ) -> SessionDraft:
        found, more = children(element), extras(element)
        said = values.flag(raw(more.get("entrees-permanentes")))
        is_permanent = is_permanent if said is None else said
        start, end = (self._day(found, name, where) for name in ("debut", "fin"))
        if start and end and end < start:
            raise ElementRefused("elle finit avant de commencer", "30020")
        if not is_permanent and not start:
            raise ElementRefused("la date de début est inconnue")
        person = at(more.get("contact-inscription"), "coordonnees")
        if self._is_edof and not contact(person, self._reader):
            where.warn("le contact de la session manque\u00a0: ni téléphone ni courriel", "30022")
        state = values.STATES.get(raw(found.get("etat-recrutement")).strip())
        if state is None:
            where.correct("l’état du recrutement manque ou n’existe pas\u00a0: lu « ouvert »")
        is_guaranteed = bool(values.flag(raw(more.get("garantie"))))
        return SessionDraft(
            number, is_permanent, start, end, state or SessionState.OPEN.value, is_guaranteed
        )

    def _day(self, found: Children, name: str, where: Where):
        text = raw(at(found.get("periode"), name)).strip()
        day, is_whole = _read_day(text)
        if day and not is_whole:
            where.correct(
                f"la date «\u00a0{text[:10]}\u00a0» est incomplète\u00a0: lue {day:%d/%m/%Y}"
            )
        return day


@lru_cache(KEPT_DAYS)
def _read_day(text: str) -> tuple[date | None, bool]:
    """Return the day written, and whether nothing of it had to be guessed."""
    day = values.compact_day(text)
    return day, day is not None and text.replace("-", "")[4:] == f"{day:%m%d}"


def contact_columns(person: Contact) -> dict:
    return {
        "contact_name": person.name,
        "contact_phone": person.phone,
        "contact_email": person.email,
    }


def _parent(found: Children) -> Element | None:
    return next(iter(found.values())).getparent() if found else None


def _complete(told: dict[str, str], more: Children, reader: Reader) -> None:
    """Add to the texts what EDOF says by codes in its extras."""
    rhythms = [RHYTHMS.get(raw(e).strip(), "") for e in more.get("codes-rythme-formation", ())]
    if not told["rhythm"]:
        said = ", ".join(filter(None, rhythms))
        told["rhythm"] = said[:1].upper() + said[1:]
    admissions = [
        ADMISSIONS.get(raw(e).strip(), "") for e in more.get("codes-modalites-admission", ())
    ]
    told["admission"] = "\n".join(
        filter(None, [*admissions, told["admission"], reader.text(more.get("info-admission"))])
    )
    told["accessibility"] = "\n".join(
        filter(None, [told["accessibility"], reader.text(more.get("modalites-handicap"))])
    )
    if costs := reader.text(more.get("detail-frais-anpec")):
        amount = values.cents(raw(more.get("frais-anpec")))
        told["extra_costs"] = f"{costs} ({_euros(amount)})" if amount else costs


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}\u00a0€"
