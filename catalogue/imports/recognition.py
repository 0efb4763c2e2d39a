"""Which format a file is of, told by its content alone, and how its bytes are to be read."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from catalogue.imports.files import CHUNK, SourceFile
from catalogue.imports.report import FileRefused

MAX_ITEMS = 1_000_000
MAX_HEAD = CHUNK
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "latin1": "iso-8859-1",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
BOM = b"\xef\xbb\xbf"
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
ITEMS = (b"<action", b"<session", b":action", b":session")


class Format(Enum):
    EDOF = "EDOF"
    LHEO_22 = "LHEO 2.2"
    LHEO_23 = "LHEO 2.3"
    OPEN_DATA = "données ouvertes Mon Compte Formation"
    REGISTER = "RNCP et RS, fiches"
    REGISTER_ROME = "RNCP et RS, métiers (ROME)"

    @property
    def is_xml(self) -> bool:
        return self in NAMESPACES.values()


NAMESPACES = {
    "https://www.of.moncompteformation.gouv.fr": Format.EDOF,
    "http://www.lheo.org/2.2": Format.LHEO_22,
    "http://lheo.gouv.fr/2.3": Format.LHEO_23,
}
# The columns without which a file of these formats says nothing.
HEADERS = {
    Format.OPEN_DATA: {"siret", "numero_formation", "intitule_formation"},
    Format.REGISTER_ROME: {"numero_fiche", "codes_rome_code", "codes_rome_libelle"},
    Format.REGISTER: {"numero_fiche", "intitule", "actif"},
}
UNKNOWN = (
    "le format n’est pas reconnu\u00a0: ni EDOF, ni LHEO 2.2 ou 2.3, ni catalogue ouvert de Mon Compte"
    " Formation, ni fiches RNCP et RS"
)


class UnknownFormat(FileRefused):
    """A file that is none of ours."""

    def __init__(self) -> None:
        super().__init__(UNKNOWN, 1)


@dataclass(frozen=True)
class Recognised:
    format: Format
    # of the bytes, as Python and libxml2 both name it
    encoding: str
    # the prologue says ISO-8859-1, the bytes are UTF-8
    is_misdeclared: bool = False


def recognise(source: SourceFile) -> Recognised:
    """Return the format and the encoding of a file.

    Raises FileRefused, with the line, for any other format, a DOCTYPE, an encoding that hides what is
    written (UTF-7, UTF-16…), or more than MAX_ITEMS actions and sessions.
    """
    head = source.head(MAX_HEAD)
    if b"\0" in head:
        raise FileRefused("il n’est ni en UTF-8 ni en ISO-8859-1", 1)
    if head.removeprefix(BOM).lstrip().startswith(b"<"):
        return _recognise_xml(source, head)
    return _recognise_csv(source, head)


# --- XML -----------------------------------------------------------------------------------------


def _recognise_xml(source: SourceFile, head: bytes) -> Recognised:
    body = head.removeprefix(BOM)
    declared = _declared_encoding(body)
    _check_prologue(body)
    form = NAMESPACES.get(_root_namespace(body, declared))
    if form is None:
        raise UnknownFormat
    is_utf8 = _scan_items(source)
    is_misdeclared = is_utf8 and declared != "utf-8"
    if declared != "utf-8" and head.startswith(BOM):
        raise FileRefused("son prologue contredit sa marque d’ordre (BOM)", 1)
    return Recognised(form, "utf-8" if is_misdeclared else declared, is_misdeclared)


def _declared_encoding(head: bytes) -> str:
    found = DECLARED.match(head)
    if not found:
        return "utf-8"
    name = found[1].decode("ascii", "replace").lower()
    if name not in ENCODINGS:
        raise FileRefused(
            f"l’encodage «\u00a0{name[:20]}\u00a0» n’est pas pris\u00a0: UTF-8 ou ISO-8859-1", 1
        )
    return ENCODINGS[name]


def _check_prologue(head: bytes) -> None:
    prologue = PROLOG.match(head)
    start = prologue.end() if prologue else 0
    line = head.count(b"\n", 0, start) + 1
    if head[start : start + 9].upper() == b"<!DOCTYPE":
        raise FileRefused(
            "la déclaration DOCTYPE est refusée, et les entités avec elle\u00a0: retirez-la", line
        )
    if not re.match(rb"<[A-Za-z_]", head[start : start + 2]):
        raise FileRefused("il n’y a pas d’élément racine", line)


def _root_namespace(head: bytes, encoding: str) -> str:
    parser = safe_parser(("start",), encoding)
    with suppress(etree.XMLSyntaxError):  # what follows the root is judged when it is read
        parser.feed(head)
    for _event, element in parser.read_events():
        name = etree.QName(element)
        return (name.namespace or "") if name.localname == "lheo" else ""
    return ""


def safe_parser(events, encoding: str, tag=None) -> etree.XMLPullParser:
    """Return a parser that expands nothing, fetches nothing and keeps libxml2's own bounds."""
    return etree.XMLPullParser(
        events=events,
        tag=tag,
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _scan_items(source: SourceFile) -> bool:
    """Count what the file holds before any of it is read; return whether all of it is UTF-8."""
    is_utf8, has_accents = True, False
    items, line, rest, tail = 0, 1, b"", b""
    for chunk in source.chunks(1024 * 1024):
        if is_utf8:
            is_utf8, rest, accents = _is_utf8(rest + chunk)
            has_accents = has_accents or accents
        seen, tail = tail + chunk, chunk[-6:]  # a name may be cut between two chunks
        opened = [seen.count(name) for name in ITEMS]
        # a prefixed name counts twice: where it opens and where it ends
        items += opened[0] + opened[1] + (opened[2] + opened[3]) // 2
        if items > MAX_ITEMS:
            raise FileRefused("le fichier a plus d’un million d’actions et de sessions", line)
        line += chunk.count(b"\n")
    return is_utf8 and not rest and has_accents


def _is_utf8(data: bytes) -> tuple[bool, bytes, bool]:
    """Return whether `data` may be UTF-8, the character cut at its end, and whether it has others
    than ASCII."""
    if data.isascii():
        return True, b"", False
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if error.start < len(data) - 3 or error.reason != "unexpected end of data":
            return False, b"", True
        return True, data[error.start :], True
    return True, b"", True


# --- CSV -----------------------------------------------------------------------------------------


def _recognise_csv(source: SourceFile, head: bytes) -> Recognised:
    columns = set(header(head.split(b"\n", 1)[0].decode("utf-8-sig", "replace"))[0])
    form = next((form for form, needed in HEADERS.items() if needed <= columns), None)
    if form is None:
        raise UnknownFormat
    return Recognised(form, "utf-8-sig" if _all_utf8(source) else "windows-1252")


def header(line: str) -> tuple[list[str], str]:
    """Return the names of the columns, in lower case, and the delimiter."""
    delimiter = ";" if line.count(";") >= line.count(",") else ","
    cells = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    return [cell.strip().lower() for cell in cells], delimiter


def _all_utf8(source: SourceFile) -> bool:
    rest = b""
    for chunk in _large_chunks(source):
        is_utf8, rest, _ = _is_utf8(rest + chunk)
        if not is_utf8:
            return False
    return not rest


def _large_chunks(source: SourceFile) -> Iterator[bytes]:
    return source.chunks(1024 * 1024)
