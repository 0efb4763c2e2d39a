"""In which order the rights are used: said here and nowhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rights.exceptions import InsufficientRights
from rights.models.ledger import Pocket

# What the person reads; the rule below does it.
ORDER_IN_WORDS = (
    "Vos heures de DIF sont utilisées d’abord, puis les abondements qui passent avant le CPF "
    "(ceux qui sont réservés à votre formation ou qui finissent le plus tôt en premier), puis vos "
    "droits CPF, et enfin les abondements qui passent après."
)


@dataclass(frozen=True, slots=True)
class Source:
    """Something to take from: a pocket, or one abondement in it (the key of its row)."""

    pocket: Pocket
    available_cents: int
    abondement: int | None = None
    is_used_before_cpf: bool = True
    is_reserved: bool = False
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    pocket: Pocket
    abondement: int | None
    cents: int


def plan(amount_cents: int, sources: Iterable[Source]) -> list[Part]:
    """Share out `amount_cents` (more than 0) among `sources`, in the order of consumption.

    The DIF first (Code du travail, art. L6323-4; ordonnance n° 2019-861, art. 8), then what could be
    lost before what stays. Raises InsufficientRights when they do not suffice.
    """
    parts, missing = [], amount_cents
    for source in sorted(sources, key=_rank):
        if taken := min(missing, source.available_cents):
            parts.append(Part(source.pocket, source.abondement, taken))
            missing -= taken
    if missing:
        raise InsufficientRights
    return parts


def _rank(source: Source) -> tuple[int, bool, date, int]:
    if source.pocket == Pocket.DIF:
        turn = 0
    elif source.pocket == Pocket.CPF:
        turn = 2
    else:
        turn = 1 if source.is_used_before_cpf else 3
    return turn, not source.is_reserved, source.expires_on or date.max, source.abondement or 0
