"""The kinds of training of the demonstration catalogue, one TOML file for each family.

Titles and codes of the certifications are those of the public registers (RNCP, RS, CPF) as far as
they were known when the files were written. Registers are renewed every five years at most, so
these codes are indicative, good for a demonstration only. All other texts are written for it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Training:
    """A kind of training; each offer draws its title, price and duration from it."""

    family: str
    code: str  # of the certification: RNCP…, RS… or CPF…
    certification: str
    level: int | None  # European level, 1 to 8
    titles: tuple[str, ...]
    jobs: str
    skills: str
    price: tuple[int, int]  # euros
    hours: tuple[int, int]
    formats: tuple[int, int, int]  # weights of on_site, mixed, remote
    frequency: int  # weight among all the offers
    objectives: str
    content: str
    results: str
    access: str


@cache
def trainings() -> tuple[Training, ...]:
    """Return all kinds of training, by family and in the order of the files."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(training for path in files for training in _read(path))


def families() -> tuple[str, ...]:
    """Return the names of the families, in alphabetical order."""
    return tuple(dict.fromkeys(training.family for training in trainings()))


def _read(path: Path) -> list[Training]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["training"]
    return [_to_training(path.stem, table) for table in tables]


def _to_training(family: str, table: dict[str, Any]) -> Training:
    return Training(
        **{
            **table,
            "family": family,
            "level": table.get("level"),
            "titles": tuple(table["titles"]),
            "price": tuple(table["price"]),
            "hours": tuple(table["hours"]),
            "formats": tuple(table["formats"]),
            "content": "\n".join(f"- {line}" for line in table["content"]),
        }
    )
