"""Reading the register's file: each line is a movement to be, or says why it cannot be one.

No message repeats what a line holds: it may be a number, a name, or anything put in the wrong column.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from django.core.exceptions import ValidationError

from accounts.models.titulaire import folded_name, nir_index
from accounts.nir import InvalidNir, Nir
from accounts.validators import validate_person_name
from cpf_portal.ui.text import fold
from rights.imports.abondements import COLUMNS as CONDITION_COLUMNS
from rights.imports.abondements import Conditions, parse_conditions
from rights.imports.table import BadLine, read_table
from rights.imports.values import InvalidValue, parse_amount, parse_day, parse_kind, parse_year
from rights.models import MovementKind

# The widths of the columns that receive them.
MAX_NAME, MAX_FOLDED_NAME, MAX_SOURCE = 100, 200, 120

# Column names as `fold` leaves them, in French then in English.
COLUMNS = {
    "nir": ("nir", "numero de securite sociale"),
    "birth_name": ("nom naissance", "nom de naissance", "birth name"),
    "year": ("annee", "year"),
    "kind": ("nature", "kind"),
    "amount": ("montant", "amount"),
    "source": ("origine", "source"),
    "day": ("date", "date effet", "date d effet"),
    **CONDITION_COLUMNS,
}
FRENCH_NAMES = {
    "nir": "nir",
    "birth_name": "nom_naissance",
    "year": "annee",
    "kind": "nature",
    "amount": "montant",
    "source": "origine",
}  # the others are optional


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register, valid in itself. Its representation shows nothing of the person."""

    number: int
    nir: Nir = field(repr=False)
    nir_index: str = field(repr=False)
    birth_name: str = field(repr=False)
    birth_name_folded: str = field(repr=False)
    year: int
    kind: MovementKind
    amount_cents: int
    source: str
    effective_on: date
    conditions: Conditions = field(default_factory=Conditions)


def read_lines(file: BinaryIO, *, today: date) -> Iterator[Line | BadLine]:
    """Yield the lines of a CSV file opened in binary, one at a time, good and bad in their order.

    `today` is the day of the movements that have no date of their own. Raises BadFile as
    `read_table` does.
    """
    for number, cells in read_table(file, COLUMNS, FRENCH_NAMES):
        if isinstance(cells, BadLine):
            yield cells
            continue
        try:
            yield _parse(number, cells, today)
        except InvalidValue as error:
            yield BadLine(number, str(error))


def _parse(number: int, cells: dict[str, str], today: date) -> Line:
    nir = parse_nir(cells["nir"])
    birth_name = _parse_name(cells["birth_name"])
    year = parse_year(cells["year"], today=today)
    kind = parse_kind(cells["kind"])
    effective_on = parse_day(cells.get("day", ""), today=today)
    return Line(
        number=number,
        nir=nir,
        nir_index=nir_index(nir),
        birth_name=birth_name,
        birth_name_folded=folded_name(birth_name),
        year=year,
        kind=kind,
        amount_cents=parse_amount(cells["amount"]),
        source=_parse_source(cells["source"]),
        effective_on=effective_on,
        conditions=parse_conditions(cells, kind, from_day=effective_on),
    )


def parse_nir(text: str) -> Nir:
    """Return the definitive number of a cell. Raises InvalidValue."""
    try:
        nir = Nir.parse(text)
    except InvalidNir as error:
        fault = "sa clé est fausse" if error.code == "key" else "sa forme n’est pas la bonne"
        raise InvalidValue(f"numéro de sécurité sociale\u00a0: {fault}") from None
    if nir.is_provisional:
        raise InvalidValue(
            "numéro de sécurité sociale provisoire\u00a0: les droits attendent le numéro définitif"
        )
    return nir


def _parse_name(text: str) -> str:
    if not text:
        raise InvalidValue("le nom de naissance manque")
    if len(text) > MAX_NAME or len(fold(text)) > MAX_FOLDED_NAME:
        raise InvalidValue(f"le nom de naissance dépasse {MAX_NAME} caractères")
    try:
        validate_person_name(text)
    except ValidationError:
        raise InvalidValue("le nom de naissance contient autre chose que des lettres") from None
    return text


def _parse_source(text: str) -> str:
    if not text:
        raise InvalidValue("l’origine manque")
    if len(text) > MAX_SOURCE:
        raise InvalidValue(f"l’origine dépasse {MAX_SOURCE} caractères")
    if not text.isprintable():
        raise InvalidValue("l’origine contient un caractère de commande")
    return text
