"""LHEO 2.2, LHEO 2.3 and EDOF files: one offer for each « action » of each « formation »."""

from collections.abc import Iterator
from hashlib import blake2b

from catalogue.imports import values
from catalogue.imports.actions import ActionReader, contact_columns
from catalogue.imports.controls import EdofControls
from catalogue.imports.drafts import MAX_LENGTHS, CertificationDraft, OfferDraft, ProviderDraft
from catalogue.imports.elements import (
    PLAIN,
    Children,
    Element,
    ElementRefused,
    Reader,
    Where,
    all_named,
    at,
    children,
    contact,
    extras,
    raw,
)
from catalogue.imports.places import Communes
from catalogue.imports.recognition import Format
from catalogue.imports.report import FileRefused, Report
from catalogue.imports.xml import FormationStream

MAX_NAMED = 100_000  # providers of one file, kept in memory
CUT = ("training_number", "title", "highlights", "address", "catering", "housing", "transport",
       "contact_name")  # fmt: skip
CERTIFICATION_CODES = {"code-RNCP": "RNCP", "code-RS": "RS", "code-CPF": "CPF"}


class FormationReader:
    """Iterates over the drafts of a file; `providers` and `certifications` fill up meanwhile."""

    def __init__(self, stream: FormationStream, form: Format, report: Report) -> None:
        self.providers: dict[str, ProviderDraft] = {}
        self.certifications: dict[str, CertificationDraft] = {}
        self._stream = stream
        self._report = report
        self._is_edof = form is Format.EDOF
        self._communes = Communes()
        self._reader: Reader | None = None
        self._actions: ActionReader | None = None
        self._controls = EdofControls() if self._is_edof else None
        self._wrong_sirets: set[str] = set()

    def __iter__(self) -> Iterator[OfferDraft]:
        pending: list[dict] = []
        for element, is_action in self._stream:
            if self._actions is None:
                self._begin(element)
            if is_action:
                pending += self._read_action(element)
            else:
                yield from self._read_formation(element, pending)
                pending = []

    def _begin(self, element: Element) -> None:
        root = element.getroottree().getroot()
        self._reader = Reader(is_plain=root.get("info") == PLAIN)
        self._actions = ActionReader(self._reader, self._communes, is_edof=self._is_edof)

    def _read_action(self, element: Element) -> list[dict]:
        number = (element.get("numero") or "").strip()[:60]
        where = Where(self._report, element.sourceline or 0, number)
        try:
            return [self._actions.read(element, where)]  # type: ignore[union-attr]
        except ElementRefused as error:
            where.refuse(error.reason, error.code)
            return []

    def _read_formation(self, element: Element, actions: list[dict]) -> Iterator[OfferDraft]:
        number = (element.get("numero") or "").strip()[:60]
        where = Where(self._report, element.sourceline or 0, number)
        try:
            siret = self._provider(element, where)
            common = self._common(element, where)
        except ElementRefused as error:
            where.refuse(error.reason, error.code)
            return
        category = raw(extras(element).get("categorisation-offre")).strip()
        for action in actions:
            try:
                draft = self._draft(siret, common, action)
                if self._controls:
                    self._controls.check(draft, category)
            except ElementRefused as error:
                self._report.refuse(
                    error.reason, line=action["line"], number=action["number"], code=error.code
                )
            else:
                yield draft
        if self._controls:
            self._controls.end_formation()

    # --- The provider ------------------------------------------------------------------------

    def _provider(self, element: Element, where: Where) -> str:
        found = children(at(element, "organisme-formation-responsable"))
        said = raw(at(found.get("SIRET-organisme-formation"), "SIRET"))
        siret = values.siret_digits(said)
        if not siret:
            raise ElementRefused("le SIRET de l’organisme manque ou n’a pas 14 chiffres")
        if not values.is_siret_valid(siret) and siret not in self._wrong_sirets:
            self._wrong_sirets.add(siret)
            where.warn(f"la clé du SIRET {siret} est fausse")
        if siret not in self.providers:
            if len(self.providers) >= MAX_NAMED:
                raise FileRefused("le fichier a plus de 100 000 organismes", where.line)
            self.providers[siret] = self._describe(siret, found)
        return siret

    def _describe(self, siret: str, found: Children) -> ProviderDraft:
        reader = self._reader
        assert reader is not None  # noqa: S101 for mypy: set by _begin
        name = reader.line(found.get("nom-organisme")) or reader.line(found.get("raison-sociale"))
        people = [
            contact(at(found.get("contact-organisme"), "coordonnees"), reader),
            contact(at(found.get("coordonnees-organisme"), "coordonnees"), reader),
        ]
        return ProviderDraft(
            siret,
            name[:250],
            next((p.phone for p in people if p.phone), ""),
            next((p.email for p in people if p.email), ""),
            next((p.web for p in people if p.web), "")[:200],
        )

    # --- What its actions share --------------------------------------------------------------

    def _common(self, element: Element, where: Where) -> dict:
        reader = self._reader
        assert reader is not None  # noqa: S101 for mypy: set by _begin
        found, more = children(element), extras(element)
        title = reader.whole(found.get("intitule-formation"), more)
        title = title if reader.is_plain else " ".join(title.split())
        if not title:
            raise ElementRefused("l’intitulé de la formation manque")
        person = contact(at(found.get("contact-formation"), "coordonnees"), reader)
        if "nom-integral" in more:
            person = person.__class__(reader.text(more["nom-integral"]), person.phone, person.email)
        return {
            "training_number": where.number,
            "title": title,
            "objectives": reader.whole(found.get("objectif-formation"), more),
            "results": reader.whole(found.get("resultats-attendus"), more),
            "content": reader.whole(found.get("contenu-formation"), more),
            "highlights": reader.line(more.get("resume-contenu")),
            "skills": reader.text(more.get("competences")),
            "certification_code": self._certification(found.get("certification"), where),
            "pathway_code": values.number(raw(found.get("parcours-de-formation")), 1, 4),
            "objective_code": values.number(raw(found.get("objectif-general-formation")), 1, 9),
            "entry_level": values.lheo_level(raw(found.get("code-niveau-entree"))),
            "exit_level": values.lheo_level(raw(found.get("code-niveau-sortie"))),
            "website": values.web(raw(at(found.get("url-formation"), "urlweb"))),
            **contact_columns(person),
            **_domain(found.get("domaine-formation")),
        }

    def _certification(self, element: Element | None, where: Where) -> str:
        found = children(element)
        for name, prefix in CERTIFICATION_CODES.items():
            if said := raw(found.get(name)).strip():
                code = values.certification_code(said, prefix)
                if not code:
                    where.warn(f"le code de certification «\u00a0{said[:20]}\u00a0» n’est pas lu")
                elif code not in self.certifications and len(self.certifications) < MAX_NAMED:
                    title = values.CPF_TITLES.get(code, "")
                    self.certifications[code] = CertificationDraft(code, title)
                return code
        return ""

    # --- The offer ---------------------------------------------------------------------------

    def _draft(self, siret: str, common: dict, action: dict) -> OfferDraft:
        said = {name: value for name, value in action.items() if value not in ("", None)}
        # what the action says wins; its own contact is one person, not two halves
        shared = common
        if action["contact_phone"] or action["contact_email"]:
            shared = common | contact_columns(contact(None, Reader(is_plain=True)))
        merged = {**action, **shared, **said}
        number = merged["number"] or _number_of(merged)
        merged["number"] = number
        merged["public_id"] = merged["public_id"][:60] or values.public_id(siret, number)
        self._fit(merged)
        return OfferDraft(siret=siret, **merged)

    def _fit(self, merged: dict) -> None:
        for name in CUT:
            if len(merged[name]) > MAX_LENGTHS[name]:
                merged[name] = merged[name][: MAX_LENGTHS[name] - 1].rstrip() + "…"
                self._report.correct(
                    f"un texte est coupé à {MAX_LENGTHS[name]} caractères",
                    line=merged["line"],
                    number=merged["number"],
                )


def _domain(element: Element | None) -> dict:
    codes = {
        name: [raw(child) for child in all_named(element, name)]
        for name in ("code-FORMACODE", "code-NSF", "code-ROME")
    }
    return {
        "formacodes": values.codes(codes["code-FORMACODE"], r"\d{5}", 40),
        "nsf_codes": values.codes(codes["code-NSF"], r"\d{3}[A-Z]?", 20),
        "rome_codes": values.codes(codes["code-ROME"], r"[A-N]\d{4}", 40),
    }


def _number_of(merged: dict) -> str:
    """Return a number for an action that has none: the same as long as it is the same."""
    said = (
        merged["training_number"], merged["title"], merged["certification_code"], merged["modality"],
        merged["commune_id"], merged["address"],
    )  # fmt: skip
    return blake2b(repr(said).encode(errors="replace"), digest_size=6).hexdigest()
