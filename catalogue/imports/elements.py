"""Small readings of an element: its children by name, its text, its extras, its address."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from catalogue.imports import texts, values
from catalogue.imports.report import Report

PLAIN, UNKNOWN = "texte", "non-renseigne"
KEPT_NAMES = 1024  # the formats have some 200

Element: TypeAlias = etree._Element
Children: TypeAlias = dict[str, Element]


class ElementRefused(Exception):
    """An element that cannot be imported: the reason in French, EDOF's own number if it has one."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


@dataclass
class Where:
    """What a remark is about."""

    report: Report
    line: int
    number: str

    def correct(self, reason: str, code: str = "") -> None:
        self.report.correct(reason, line=self.line, number=self.number, code=code)

    def warn(self, reason: str, code: str = "") -> None:
        self.report.warn(reason, line=self.line, number=self.number, code=code)

    def refuse(self, reason: str, code: str = "") -> None:
        self.report.refuse(reason, line=self.line, number=self.number, code=code)


def local(element: Element) -> str:
    return _local(element.tag)


@lru_cache(KEPT_NAMES)
def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def children(element: Element | None) -> Children:
    """Return the first child of each name."""
    found: Children = {}
    if element is not None:
        for child in element:
            found.setdefault(_local(child.tag), child)
    return found


def all_named(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else list(element.iterchildren(f"{{*}}{name}"))


def at(element: Element | None, *path: str) -> Element | None:
    """Return the first element down a path of names."""
    for name in path:
        if element is None:
            break
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def raw(element: Element | None) -> str:
    """Return the text of an element as it is, an empty one when it is marked as unknown."""
    if element is None or element.get("info") == UNKNOWN:
        return ""
    if len(element):  # HTML written as elements
        inside = (etree.tostring(child, encoding="unicode") for child in element)
        return (element.text or "") + "".join(inside)
    return element.text or ""


def extras(element: Element) -> Children:
    """Return what the `extras` of an element hold, by the key in `info`."""
    found: Children = {}
    for group in all_named(element, "extras"):
        for child in group:
            if key := child.get("info"):
                found.setdefault(key, child)
    return found


class Reader:
    """Texts as the file means them: HTML to be turned into text, or plain text (our own exports)."""

    def __init__(self, *, is_plain: bool) -> None:
        self.is_plain = is_plain

    def text(self, element: Element | None) -> str:
        """Return a long text, with its paragraphs."""
        text = raw(element)
        if self.is_plain:
            return texts.CONTROLS.sub("", text)
        return texts.clean(text)

    def line(self, element: Element | None) -> str:
        """Return a short text, on one line."""
        text = self.text(element)
        return text if self.is_plain else " ".join(text.split())

    def whole(self, element: Element | None, found: Children) -> str:
        """Return a text that our exports put whole in the extras when LHEO has no room for it."""
        if element is None:
            return ""
        integral = found.get(f"{local(element)}-integral")
        return self.text(element if integral is None else integral)


@dataclass(frozen=True)
class Contact:
    name: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.email)


def contact(element: Element | None, reader: Reader) -> Contact:
    """Return what a `coordonnees` says of who to reach."""
    found = children(element)
    numbers = (raw(at(found.get(name), "numtel")) for name in ("telfixe", "portable"))
    phone = next(filter(None, map(values.phone, numbers)), "")
    names = (reader.line(found.get(name)) for name in ("prenom", "nom"))
    return Contact(
        " ".join(filter(None, names)),
        phone,
        values.email(raw(found.get("courriel"))),
        values.web(raw(at(found.get("web"), "urlweb"))),
    )


@dataclass(frozen=True)
class Address:
    text: str = ""
    postcode: str = ""
    town: str = ""
    insee: str = ""
    department: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_accessible: bool = False
    has_swapped_position: bool = False


def address(element: Element | None, reader: Reader) -> Address:
    """Return what an `adresse` says, in whatever order its parts stand."""
    if element is None:
        return Address()
    found, more = children(element), extras(element)
    lines = [reader.line(line) for line in all_named(element, "ligne")]
    street = (
        reader.line(more.get(key)) for key in ("numero-voie", "code-nature-voie", "libelle-voie")
    )
    name = reader.line(found.get("denomination"))
    parts = [name, *lines, " ".join(filter(None, street))]
    latitude, longitude, is_swapped = _position(found.get("geolocalisation"))
    return Address(
        text=("\n" if reader.is_plain else ", ").join(filter(None, parts)),
        postcode=raw(found.get("codepostal")).strip(),
        town=reader.line(found.get("ville")),
        insee=raw(found.get("code-INSEE-commune")).strip(),
        department=raw(found.get("departement")).strip().upper(),
        latitude=latitude,
        longitude=longitude,
        is_accessible=bool(values.flag(raw(more.get("conformite-reglementaire")))),
        has_swapped_position=is_swapped,
    )


def _position(element: Element | None) -> tuple[float | None, float | None, bool]:
    found = children(element)
    latitude = values.coordinate(raw(found.get("latitude")), 180)
    longitude = values.coordinate(raw(found.get("longitude")), 180)
    if latitude is None or longitude is None or not (latitude or longitude):
        return None, None, False
    # France lies between 41° and 51.5° north, 5.5° west and 10° east: the two are told apart.
    if -6 < latitude < 10 and 41 < longitude < 52:
        return longitude, latitude, True
    return (latitude, longitude, False) if abs(latitude) <= 90 else (None, None, False)
