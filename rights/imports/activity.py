"""Reading the feed of a year: who worked, as what, how much, from when to when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import BinaryIO

from accounts.models.titulaire import nir_index
from cpf_portal.ui.text import fold
from rights.imports.lines import parse_nir
from rights.imports.table import BadLine, read_table
from rights.imports.values import InvalidValue, parse_any_day
from rights.models import ActivityStatus
from rights.rules.work import FULL_TIME, work_of

COLUMNS = {
    "nir": ("nir", "numero de securite sociale"),
    "status": ("statut", "status"),
    "share": ("quotite", "part de temps plein", "share"),
    "started_on": ("du", "debut", "from"),
    "ended_on": ("au", "fin", "to"),
    "employer": ("employeur", "siret", "employer"),
}
FRENCH_NAMES = {
    "nir": "nir",
    "status": "statut",
    "share": "quotite",
    "started_on": "du",
    "ended_on": "au",
}  # `employer` is optional

STATUSES = {
    **{fold(status): status for status in ActivityStatus},
    "apprentie": ActivityStatus.APPRENTI,
    "salariee": ActivityStatus.SALARIE,
    "independante": ActivityStatus.INDEPENDANT,
    "liberal": ActivityStatus.INDEPENDANT,
    "conjoint collaborateur": ActivityStatus.INDEPENDANT,
    "artiste auteur": ActivityStatus.INDEPENDANT,
    "agent public categorie c": ActivityStatus.AGENT_PUBLIC_C,
}
_SHARE = re.compile(r"(?P<whole>[0-9]{1,3})(?:[.,](?P<hundredths>[0-9]{1,2}))? ?%?")
_EMPLOYER = re.compile(r"[0-9]{14}|")


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """A line of the feed, valid in itself. Its representation shows nothing of the person."""

    number: int
    nir_index: str = field(repr=False)
    status: ActivityStatus
    employer: str
    started_on: date
    ended_on: date
    work: int


def read_activity(file: BinaryIO, *, year: int) -> Iterator[ActivityLine | BadLine]:
    """Yield the lines of the feed of `year` (CSV opened in binary), good and bad in their order.

    Raises BadFile as `read_table` does.
    """
    for number, cells in read_table(file, COLUMNS, FRENCH_NAMES):
        if isinstance(cells, BadLine):
            yield cells
            continue
        try:
            yield _parse(number, cells, year)
        except InvalidValue as error:
            yield BadLine(number, str(error))


@lru_cache(maxsize=4096)  # a feed repeats its shares and its statuses
def parse_share(text: str) -> int:
    """Return the share of full time in hundredths of a percent: "49,99" gives 4999. Raises InvalidValue."""
    match = _SHARE.fullmatch(text)
    share = 0
    if match:
        share = int(match["whole"]) * 100 + int((match["hundredths"] or "").ljust(2, "0"))
    if not 0 < share <= FULL_TIME:
        raise InvalidValue("la quotité doit aller de 0,01 à 100, par exemple 49,99")
    return share


def _parse(number: int, cells: dict[str, str], year: int) -> ActivityLine:
    started_on, ended_on = parse_any_day(cells["started_on"]), parse_any_day(cells["ended_on"])
    if not started_on <= ended_on:
        raise InvalidValue("la fin précède le début")
    work = work_of(started_on, ended_on, parse_share(cells["share"]), year)
    if not work:
        raise InvalidValue(f"la période est hors de l’année {year}")
    return ActivityLine(
        number=number,
        nir_index=nir_index(parse_nir(cells["nir"])),
        status=_parse_status(cells["status"]),
        employer=_parse_employer(cells.get("employer", "")),
        started_on=started_on,
        ended_on=ended_on,
        work=work,
    )


@lru_cache(maxsize=256)
def _parse_status(text: str) -> ActivityStatus:
    try:
        return STATUSES[fold(text)]
    except KeyError:
        names = ", ".join(ActivityStatus.values)
        raise InvalidValue(f"le statut doit être l’un de\u00a0: {names}") from None


def _parse_employer(text: str) -> str:
    if not _EMPLOYER.fullmatch(text):
        raise InvalidValue("le SIRET de l’employeur a 14 chiffres")
    return text
