"""What is told of an import: each refused, corrected or doubtful element, and the counts."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from catalogue.models import ImportLevel

MAX_LINES = 1000
MAX_REASON = 300


class FileRefused(Exception):
    """The file as a whole is refused and nothing changes; the message is a French sentence."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line

    def __str__(self) -> str:
        return f"ligne {self.line}\u00a0: {self.reason}" if self.line else self.reason


class ConfirmationNeeded(FileRefused):
    """The file would remove more offers of its source than may go without a second word."""


class Remark(NamedTuple):
    line: int | None
    number: str
    level: ImportLevel
    reason: str
    code: str = ""

    def __str__(self) -> str:
        place = f"ligne {self.line}" if self.line else "fichier"
        number = f", n° {self.number}" if self.number else ""
        code = f" (contrôle EDOF {self.code})" if self.code else ""
        return f"{place}{number}, {self.level.label}\u00a0: {self.reason}{code}"


@dataclass(slots=True)
class Report:
    """The first MAX_LINES remarks are kept, all are counted."""

    format: str = ""
    source: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    remarks: list[Remark] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    def add(self, level: ImportLevel, reason: str, *, line=None, number="", code="") -> None:
        self.counts[level] += 1
        if len(self.remarks) < MAX_LINES:
            self.remarks.append(Remark(line, number[:60], level, reason[:MAX_REASON], code))

    def refuse(self, reason: str, **where) -> None:
        self.add(ImportLevel.REFUSED, reason, **where)

    def correct(self, reason: str, **where) -> None:
        self.add(ImportLevel.CORRECTED, reason, **where)

    def warn(self, reason: str, **where) -> None:
        self.add(ImportLevel.WARNING, reason, **where)

    def summary(self) -> str:
        """Return what happened as one French sentence."""
        return (
            f"{self.read} lues, {self.added} ajoutées, {self.changed} modifiées,"
            f" {self.unchanged} inchangées, {self.removed} retirées\u00a0;"
            f" {self.counts[ImportLevel.REFUSED]} refusées,"
            f" {self.counts[ImportLevel.CORRECTED]} corrections,"
            f" {self.counts[ImportLevel.WARNING]} avertissements."
        )
