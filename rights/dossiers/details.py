"""What is given with a step: each detail is checked here, whoever gives it (page, desk or API)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from catalogue.models import Session
from rights.dossiers.exceptions import InvalidDetail
from rights.dossiers.transitions import Transition
from rights.models.payment import Payment
from rights.models.rating import MARKS

MAX_WORDS = 1000
MAX_PRICE_CENTS = 100_000_00
MAX_HOURS = 10_000
Checked = dict[str, Any]


def check(row: Transition, given: Mapping[str, Any]) -> Checked:
    """Return the details of a step, without the empty ones. Raises InvalidDetail, in French."""
    unknown = set(given) - {*row.details, *row.options}
    if unknown:
        raise InvalidDetail(min(unknown), "Cette précision ne va pas avec cette étape.")
    checked = {}
    for name in (*row.details, *row.options):
        value = given.get(name)
        if value not in (None, ""):
            checked[name] = _CHECKS[name](name, value)
        elif name in row.details:
            raise InvalidDetail(name, _MISSING.get(name, "Cette précision est nécessaire."))
    return checked


def _words(name: str, value: Any) -> str:
    words = value.strip() if isinstance(value, str) else ""
    if not words or "\0" in words:
        raise InvalidDetail(name, _MISSING.get(name, "Écrivez ce texte."))
    if len(words) > MAX_WORDS:
        raise InvalidDetail(name, f"Écrivez {MAX_WORDS} caractères au plus.")
    return words


def _day(name: str, value: Any) -> date:
    if type(value) is not date:
        raise InvalidDetail(name, "Donnez une date.")
    return value


def _integer(lowest: int, highest: int, message: str) -> Callable[[str, Any], int]:
    def read(name: str, value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise InvalidDetail(name, message)
        return value

    return read


def _marks(name: str, value: Any) -> dict[str, int]:
    is_whole = isinstance(value, Mapping) and set(value) == set(MARKS)
    if not is_whole or any(type(mark) is not int or not 1 <= mark <= 5 for mark in value.values()):
        raise InvalidDetail(name, "Donnez une note de 1 à 5 à chacun des cinq critères.")
    return dict(value)


def _of_type(kind: type) -> Callable[[str, Any], Any]:
    def read(name: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise InvalidDetail(name, "Cette précision est nécessaire.")
        return value

    return read


_MISSING = {
    "reason": "Indiquez le motif.",
    "done_percent": "Indiquez la part réalisée, de 0 à 100\u00a0%.",
}
_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "reason": _words,
    "note": _words,
    "reviewed": _of_type(str),
    "session": _of_type(Session),
    "payment": _of_type(Payment),
    "starts_on": _day,
    "ends_on": _day,
    "on": _day,
    "hours": _integer(1, MAX_HOURS, f"La durée va de 1 à {MAX_HOURS} heures."),
    "price_cents": _integer(
        1, MAX_PRICE_CENTS, "Le prix dépasse 0\u00a0€ et ne dépasse pas 100000\u00a0€."
    ),
    "done_percent": _integer(0, 100, "La part réalisée va de 0 à 100\u00a0%."),
    "marks": _marks,
}
