"""What docs/accessibilite.md says of the 106 criteria of RGAA 4.1, and the statement that follows from it."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings

GRID = Path(settings.BASE_DIR) / "docs" / "accessibilite.md"
LINE = re.compile(
    r"^\| (\d+)\.(\d+) \| (.+?) \| (.+?) \| (.+?) \| (\d{4}-\d\d-\d\d) \|$", re.MULTILINE
)
THEMES = (
    "Images", "Cadres", "Couleurs", "Multimédia", "Tableaux", "Liens", "Scripts",
    "Éléments obligatoires", "Structure", "Présentation", "Formulaires", "Navigation", "Consultation",
)  # fmt: skip


class Status(StrEnum):
    MET = "conforme"
    FAILED = "non conforme"
    NOT_APPLICABLE = "sans objet"
    UNCHECKED = "à vérifier"


@dataclass(frozen=True, slots=True)
class Criterion:
    theme: int
    rank: int
    text: str
    status: Status
    evidence: str
    checked_on: date

    @property
    def number(self) -> str:
        return f"{self.theme}.{self.rank}"

    @property
    def theme_name(self) -> str:
        return THEMES[self.theme - 1]

    @property
    def plain_evidence(self) -> str:
        """The evidence as a page shows it: without the marks of the document, with unbreakable spaces."""
        plain = self.evidence.replace("`", "").replace("«\u0020", "«\u00a0")
        return re.sub(" (?=[:;?!»%])", "\u00a0", plain)


@dataclass(frozen=True, slots=True)
class Statement:
    """The level that the law lets the portal claim (decree 2019-768, article 4), and why."""

    criteria: tuple[Criterion, ...]

    def with_status(self, status: Status) -> list[Criterion]:
        return [criterion for criterion in self.criteria if criterion.status is status]

    @property
    def failed(self) -> list[Criterion]:
        return self.with_status(Status.FAILED)

    @property
    def unchecked(self) -> list[Criterion]:
        return self.with_status(Status.UNCHECKED)

    @property
    def counts(self) -> list[tuple[Status, int]]:
        """How many criteria have each status, in the order of Status."""
        found = Counter(criterion.status for criterion in self.criteria)
        return [(status, found[status]) for status in Status]

    @property
    def rate(self) -> int:
        """The met criteria in percent of the applicable ones, rounded down; an unchecked one is not met."""
        applicable = len(self.criteria) - len(self.with_status(Status.NOT_APPLICABLE))
        return 100 * len(self.with_status(Status.MET)) // applicable

    @property
    def level(self) -> str:
        """An audit that is not finished allows nothing better than « non conforme »."""
        if self.unchecked or self.rate < 50:
            return "non conforme"
        return "partiellement conforme" if self.failed else "totalement conforme"

    @property
    def checked_on(self) -> date:
        """The day of the latest check."""
        return max(criterion.checked_on for criterion in self.criteria)


def parse(text: str) -> Statement:
    """Read the lines of the grid; raise ValueError for a status or a date that does not exist."""
    return Statement(
        tuple(
            Criterion(
                int(theme), int(rank), asked, Status(status), evidence, date.fromisoformat(day)
            )
            for theme, rank, asked, status, evidence, day in LINE.findall(text)
        )
    )


@cache
def statement() -> Statement:
    """Return what the document says, read once a process."""
    return parse(GRID.read_text(encoding="utf-8"))
