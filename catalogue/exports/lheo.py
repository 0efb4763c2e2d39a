"""LHEO 2.3, one « formation » and one « action » for each offer (http://lheo.gouv.fr/2.3).

What the model holds and LHEO has no element for goes to the `extras` that LHEO leaves open, under the
names that EDOF gives them where it has any. What LHEO wants and the model does not hold is written
with info="non-renseigne". The root says info="texte": no text of the file is HTML.
"""

import re
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from catalogue.imports.drafts import OfferDraft, ProviderDraft, SessionDraft
from catalogue.imports.values import MODALITY_CODES, STATE_CODES, certification_kind, public_id
from catalogue.models import Commune

NAMESPACE = "http://lheo.gouv.fr/2.3"
UNKNOWN = "non-renseigne"
PLAIN = "texte"
ALL_PUBLIC = "80056"  # Formacode « tout public »
LINE_LENGTH, MAX_ADDRESS_LINES = 50, 4
LONG, SHORT, TINY, NAME = 3000, 250, 200, 50

# What XML 1.0 cannot hold.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
NEEDS_CARE = re.compile(r"[&<>\"\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Towns = Mapping[str, tuple[str, str]]


def write_lheo(
    stream: BinaryIO, drafts: Iterable[OfferDraft], providers: Mapping[str, ProviderDraft]
) -> int:
    """Write a whole LHEO 2.3 file in UTF-8 and return how many offers it holds.

    `providers` are looked up by SIRET; the communes are read from the database.
    """
    towns = _towns()
    stream.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<lheo xmlns="{NAMESPACE}" info="{PLAIN}">\n'
        "<offres>\n".encode()
    )
    count = 0
    for draft in drafts:
        provider = providers.get(draft.siret) or ProviderDraft(draft.siret)
        stream.write(formation(draft, provider, towns).encode())
        count += 1
    stream.write(b"</offres>\n</lheo>\n")
    return count


def _towns() -> Towns:
    rows = Commune.objects.values_list("code", "name", "postcodes")
    return {code: (name, (postcodes.split() or ["00000"])[0]) for code, name, postcodes in rows}


def formation(draft: OfferDraft, provider: ProviderDraft, towns: Towns) -> str:
    """Return the element of one offer, on a few lines."""
    extras: dict[str, str] = {}
    made = [
        f'<formation numero="{escape(draft.training_number)}">',
        _domain(draft),
        _text("intitule-formation", draft.title, 255, extras),
        _text("objectif-formation", draft.objectives, LONG, extras),
        _text("resultats-attendus", draft.results, LONG, extras),
        _text("contenu-formation", draft.content, LONG, extras),
        element("certifiante", "1" if draft.certification_code else "0"),
        f"<contact-formation>{_contact(draft, extras)}</contact-formation>",
        _code("parcours-de-formation", draft.pathway_code, "4"),
        element("code-niveau-entree", str(10 + draft.entry_level) if draft.entry_level else "0"),
        _optional("objectif-general-formation", draft.objective_code),
        _certification(draft.certification_code),
        _optional("code-niveau-sortie", draft.exit_level and 10 + draft.exit_level),
        _web("url-formation", draft.website),
        _action(draft, towns),
        _provider(provider),
    ]
    extras |= _given({"resume-contenu": draft.highlights, "competences": draft.skills})
    return "\n".join([*(part for part in made if part), _extras("formation", extras), ""]) + (
        "</formation>\n"
    )


# --- Elements ------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Return `text` for an element or an attribute, without what XML cannot hold."""
    if not NEEDS_CARE.search(text):
        return text
    return ILLEGAL.sub("", text).translate(ESCAPES)


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _unknown(name: str, filler: str = "-") -> str:
    return f'<{name} info="{UNKNOWN}">{filler}</{name}>'


def _code(name: str, value: int | None, filler: str) -> str:
    return _unknown(name, filler) if value is None else element(name, str(value))


def _optional(name: str, value) -> str:
    return "" if value in (None, "") else element(name, str(value))


def _text(name: str, text: str, limit: int, extras: dict[str, str]) -> str:
    """Return a compulsory text; what passes the limit of LHEO is whole in the extras."""
    return _bounded(name, text, limit, extras) if text else _unknown(name)


def _bounded(name: str, text: str, limit: int, extras: dict[str, str]) -> str:
    if not text:
        return ""
    if len(text) > limit:
        extras[f"{name}-integral"] = text
    return element(name, text[:limit])


def _given(values: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}


def _extras(info: str, extras: dict[str, str]) -> str:
    if not extras:
        return ""
    inside = "".join(f'<extra info="{key}">{escape(text)}</extra>' for key, text in extras.items())
    return f'<extras info="{info}">{inside}</extras>'


def _web(name: str, url: str) -> str:
    return f"<{name}>{element('urlweb', url)}</{name}>" if url else ""


def _phone(number: str) -> str:
    return f"<telfixe>{element('numtel', number)}</telfixe>" if number else ""


# --- Parts of a formation ------------------------------------------------------------------------


def _domain(draft: OfferDraft) -> str:
    codes = (
        ("code-FORMACODE", draft.formacodes),
        ("code-NSF", draft.nsf_codes),
        ("code-ROME", draft.rome_codes),
    )
    inside = "".join(element(name, code) for name, held in codes for code in held.split())
    return f"<domaine-formation>{inside}</domaine-formation>"


def _certification(code: str) -> str:
    if not code:
        return ""
    return f"<certification>{element(f'code-{certification_kind(code)}', code)}</certification>"


def _contact(draft: OfferDraft, extras: dict[str, str]) -> str:
    name = _bounded("nom", draft.contact_name, NAME, extras)
    mail = _optional("courriel", draft.contact_email)
    return f"<coordonnees>{name}{_phone(draft.contact_phone)}{mail}</coordonnees>"


def _provider(provider: ProviderDraft) -> str:
    name = provider.name or f"Organisme {provider.siret}"
    contact = (
        f"<coordonnees>{_phone(provider.phone)}{_optional('courriel', provider.email)}"
        f"{_web('web', provider.website)}</coordonnees>"
    )
    return (
        "<organisme-formation-responsable>"
        f"{_unknown('numero-activite', '00000000000')}"
        f"<SIRET-organisme-formation>{element('SIRET', provider.siret)}</SIRET-organisme-formation>"
        f"{element('nom-organisme', name)}{element('raison-sociale', name)}"
        f"<coordonnees-organisme>{contact}</coordonnees-organisme>"
        f"<contact-organisme>{contact}</contact-organisme>"
        "</organisme-formation-responsable>"
    )


# --- The action ----------------------------------------------------------------------------------


def _action(draft: OfferDraft, towns: Towns) -> str:
    extras: dict[str, str] = {}
    address = _address(draft, towns, extras)
    is_permanent = bool(draft.sessions) and all(s.is_permanent for s in draft.sessions)
    has_place = draft.commune_id or draft.address or draft.department or draft.latitude is not None
    made = [
        f'<action numero="{escape(draft.number)}">',
        _text("rythme-formation", draft.rhythm, LONG, extras),
        element("code-public-vise", ALL_PUBLIC),
        _unknown("niveau-entree-obligatoire", "0"),
        _unknown("modalites-alternance"),
        element("modalites-enseignement", MODALITY_CODES[draft.modality]),
        _text("conditions-specifiques", draft.access_conditions, LONG, extras),
        _unknown("prise-en-charge-frais-possible", "0"),
        f"<lieu-de-formation><coordonnees>{address}</coordonnees></lieu-de-formation>"
        if has_place
        else "",
        element("modalites-entrees-sorties", "1" if is_permanent else "0"),
        *_sessions(draft, address, is_permanent),
        *_services(draft, extras),
        *_hours_and_price(draft, extras),
        _extras("action", extras | _action_extras(draft)),
        "</action>",
    ]
    return "\n".join(part for part in made if part)


def _services(draft: OfferDraft, extras: dict[str, str]) -> list[str]:
    return [
        _bounded("restauration", draft.catering, SHORT, extras),
        _bounded("hebergement", draft.housing, SHORT, extras),
        _bounded("transport", draft.transport, SHORT, extras),
        _bounded("acces-handicapes", draft.accessibility, SHORT, extras),
        *(element("langue-formation", code) for code in draft.languages.split()),
        _bounded("modalites-recrutement", draft.admission, LONG, extras),
        _bounded("modalites-pedagogiques", draft.teaching_methods, TINY, extras),
        _bounded("frais-restants", draft.extra_costs, TINY, extras),
    ]


def _hours_and_price(draft: OfferDraft, extras: dict[str, str]) -> list[str]:
    price = f"{draft.price_cents // 100}.{draft.price_cents % 100:02d}"
    centre = None
    if draft.hours is not None and draft.company_hours is not None:
        centre = max(0, draft.hours - draft.company_hours)
    return [
        element("prix-total-TTC", price),
        _optional("nombre-heures-centre", centre),
        _optional("nombre-heures-entreprise", draft.company_hours),
        _optional("nombre-heures-total", draft.hours),
    ]


def _action_extras(draft: OfferDraft) -> dict[str, str]:
    flags = {None: "", False: "0", True: "1"}
    is_usual = draft.public_id == public_id(draft.siret, draft.number)
    return _given(
        {
            "identifiant-public": "" if is_usual else draft.public_id,
            "conformite-reglementaire": "1" if draft.is_accessible else "",
            "frais-certif-inclus-frais-anpec": flags[draft.is_exam_included],
            "prix-total-TTC-max": ""
            if draft.price_max_cents is None
            else str(draft.price_max_cents),
            "nombre-heures-total-max": "" if draft.hours_max is None else str(draft.hours_max),
        }
    )


def _sessions(draft: OfferDraft, address: str, is_permanent: bool) -> list[str]:
    if draft.sessions:
        return [_session(session, address, is_permanent) for session in draft.sessions]
    # LHEO wants one
    none = SessionDraft("")
    return [
        _session(none, address, is_permanent).replace("<session ", f'<session info="{UNKNOWN}" ')
    ]


def _session(session: SessionDraft, address: str, is_permanent: bool) -> str:
    days = [
        element(name, f"{day:%Y%m%d}") if day else _unknown(name, "00000000")
        for name, day in (("debut", session.starts_on), ("fin", session.ends_on))
    ]
    extras = _given(
        {
            "garantie": "1" if session.is_guaranteed else "",
            "entrees-permanentes": ""
            if session.is_permanent == is_permanent
            else str(int(session.is_permanent)),
        }
    )
    return (
        f'<session numero="{escape(session.number)}"><periode>{"".join(days)}</periode>'
        f"<adresse-inscription>{address}</adresse-inscription>"
        f"{element('etat-recrutement', STATE_CODES[session.state])}{_extras('session', extras)}"
        "</session>"
    )


def _address(draft: OfferDraft, towns: Towns, extras: dict[str, str]) -> str:
    lines = address_lines(draft.address)
    if "\n".join(lines) != draft.address:
        extras["adresse-integrale"] = draft.address
    name, postcode = towns.get(draft.commune_id or "", ("", ""))
    place = ""
    if draft.latitude is not None and draft.longitude is not None:
        place = (
            f"<geolocalisation>{element('latitude', repr(draft.latitude))}"
            f"{element('longitude', repr(draft.longitude))}</geolocalisation>"
        )
    return (
        "<adresse>"
        f"{''.join(element('ligne', line) for line in lines) or _unknown('ligne')}"
        f"{element('codepostal', postcode) if postcode else _unknown('codepostal', '00000')}"
        f"{element('ville', name[:NAME]) if name else _unknown('ville')}"
        f"{_optional('departement', draft.department)}"
        f"{_optional('code-INSEE-commune', draft.commune_id)}{place}</adresse>"
    )


def address_lines(text: str) -> list[str]:
    """Return an address as at most four lines of fifty characters, cut at spaces where it can be."""
    lines: list[str] = []
    for line in text.split("\n"):
        while len(line) > LINE_LENGTH:
            cut = line.rfind(" ", 1, LINE_LENGTH + 1)
            cut = cut if cut > 0 else LINE_LENGTH
            lines.append(line[:cut])
            line = line[cut:].lstrip()
        lines.append(line)
    return [line for line in lines if line][:MAX_ADDRESS_LINES]
