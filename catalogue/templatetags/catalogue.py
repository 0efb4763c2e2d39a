"""How the catalogue is written on a page. The texts come from outside: they are never HTML."""

from collections.abc import Iterable
from itertools import groupby
from urllib.parse import urlsplit

import phonenumbers
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalogue import timetable
from catalogue.places.departments import DEPARTMENTS

register = template.Library()
register.filter(timetable.place_label)

BULLETS = ("- ", "– ", "— ", "• ", "* ", "· ")
LEVELS = {
    3: "CAP, BEP",
    4: "baccalauréat",
    5: "bac\u00a0+\u00a02",
    6: "bac\u00a0+\u00a03 ou 4",
    7: "bac\u00a0+\u00a05",
    8: "doctorat",
}


@register.filter
def km(distance: float | None) -> str:
    """Return a distance in words, nothing for the town itself."""
    if not distance:
        return ""
    return "moins de 1\u00a0km" if distance < 1 else f"{distance:.0f}\u00a0km"


@register.filter
def town(name: str) -> str:
    """Return « Lyon 8e » for « Lyon 8e Arrondissement », any other name as it is."""
    return name.removesuffix(" Arrondissement")


@register.filter
def department_name(code: str) -> str:
    return DEPARTMENTS.get(code, "")


@register.filter
def department_label(code: str) -> str:
    """Return « Haute-Garonne (31) », which the search reads as a place."""
    return f"{DEPARTMENTS.get(code, '')} ({code})"


@register.filter
def hours(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count} heure{'s' if count > 1 else ''}"


@register.filter
def level_name(level: int | None) -> str:
    """Return a European level with the diploma that people know it by."""
    if level is None:
        return ""
    known = f" ({LEVELS[level]})" if level in LEVELS else ""
    return f"Niveau {level}{known}"


@register.filter
def phone(text: str) -> str:
    """Return a number as it is read in France; as it is when it is not one."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return text
    form = phonenumbers.PhoneNumberFormat
    is_french = number.country_code == 33
    return phonenumbers.format_number(number, form.NATIONAL if is_french else form.INTERNATIONAL)


@register.filter
def phone_link(text: str) -> str:
    """Return what follows `tel:`, digits and a leading plus only; nothing without a digit."""
    digits = "".join(character for character in text if character in "0123456789")
    return f"+{digits}" if digits and text.strip().startswith("+") else digits


@register.filter
def web_link(url: str) -> str:
    """Return a web address that may be a link; nothing for any other scheme (javascript:, data:)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.filter
def plain_text(text: str) -> SafeString:
    """Return a text typed by a provider as paragraphs and lists; all of it escaped."""
    lines = [line.strip() for line in text.splitlines()]
    blocks = groupby(lines, key=lambda line: (bool(line), line.startswith(BULLETS)))
    return format_html_join(
        "\n",
        "{}",
        (
            (_list(block) if is_list else _paragraph(block),)
            for (is_text, is_list), block in blocks
            if is_text
        ),
    )


def _list(lines: Iterable[str]) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((line[2:].strip(),) for line in lines))
    return format_html("<ul>{}</ul>", items)


def _paragraph(lines: Iterable[str]) -> SafeString:
    first, *others = lines
    rest = format_html_join("", "<br>{}", ((line,) for line in others))
    return format_html("<p>{}{}</p>", first, rest)
