"""The versions of the terms, the newest first: each keeps its text, so that people can read theirs.

A new version is a new line here, a new text in templates/pages/terms/, the day on which the former one
ended, and settings.CGU_VERSION.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Terms:
    number: str  # year and month, as the accounts keep it
    applied_on: date
    changes: str  # what it brings, in one sentence
    ended_on: date | None = None  # its last day, None for the version in force

    @property
    def template(self) -> str:
        return f"pages/terms/{self.number}.html"


VERSIONS = (
    Terms(
        number="2026-11",
        applied_on=date(2026, 11, 1),
        changes="première version publiée.",
    ),
)


def find_terms(number: str) -> Terms | None:
    """Return the version of that number, None if there never was one."""
    return next((version for version in VERSIONS if version.number == number), None)
