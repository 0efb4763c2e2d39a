"""The abondements of the register's file: who gives, until when, for which certifications."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalogue.models import Certification
from cpf_portal.ui.text import fold
from rights.imports.values import InvalidValue, parse_any_day
from rights.models import Abondement, Financer, Movement, MovementKind

COLUMNS = {
    "financer": ("financeur", "financer"),
    "end": ("fin", "date fin", "end"),
    "certifications": ("certifications", "certification"),
}
FINANCERS = {fold(financer.label): financer for financer in Financer} | {
    fold(financer.value): financer for financer in Financer
}
_CODE = re.compile(r"[A-Z0-9]{1,20}")
MAX_CODES = 20


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an abondement is given for; nothing for the other kinds."""

    financer: Financer = Financer.OTHER
    expires_on: date | None = None
    certifications: tuple[str, ...] = ()


def parse_conditions(cells: dict[str, str], kind: MovementKind, *, from_day: date) -> Conditions:
    """Return the conditions that the optional cells of a line tell. Raises InvalidValue."""
    words = {name: cells.get(name, "") for name in COLUMNS}
    if kind != MovementKind.ABONDEMENT:
        if any(words.values()):
            raise InvalidValue("financeur, fin et certifications ne concernent que les abondements")
        return Conditions()
    return Conditions(
        _parse_financer(words["financer"]),
        _parse_end(words["end"], from_day),
        _parse_codes(words["certifications"]),
    )


def create_abondements(
    given: Iterable[tuple[Movement, Conditions]],
) -> None:
    """Write the abondement of each movement, not saved yet, and bind the movement to it.

    The caller holds the transaction and knows that the codes are those of the catalogue.
    """
    pairs = [(movement, wanted) for movement, wanted in given if _is_abondement(movement)]
    rows = Abondement.objects.bulk_create([_row(movement, wanted) for movement, wanted in pairs])
    codes = {code for _, wanted in pairs for code in wanted.certifications}
    ids = dict(Certification.objects.filter(code__in=codes).values_list("code", "pk"))
    link = Abondement.certifications.through
    links = []
    for row, (movement, wanted) in zip(rows, pairs, strict=True):
        movement.abondement = row
        links += [
            link(abondement=row, certification_id=ids[code]) for code in wanted.certifications
        ]
    link.objects.bulk_create(links)


def unknown_codes(wanted: Iterable[Conditions]) -> set[str]:
    """Return the codes that no certification of the catalogue bears."""
    codes = {code for conditions in wanted for code in conditions.certifications}
    known = Certification.objects.filter(code__in=codes).values_list("code", flat=True)
    return codes - set(known)


def _is_abondement(movement: Movement) -> bool:
    return movement.kind == MovementKind.ABONDEMENT


def _row(movement: Movement, wanted: Conditions) -> Abondement:
    return Abondement(
        account_id=movement.account_id,
        financer=wanted.financer,
        financer_name=movement.source,
        amount_cents=movement.amount_cents,
        remaining_cents=movement.amount_cents,
        granted_on=movement.effective_on,
        expires_on=wanted.expires_on,
        legal_basis=movement.legal_basis,
        idempotency_key=movement.idempotency_key,
    )


def _parse_financer(text: str) -> Financer:
    if not text:
        return Financer.OTHER
    try:
        return FINANCERS[fold(text)]
    except KeyError:
        raise InvalidValue(
            "le financeur n’est pas connu\u00a0: employeur, région, France Travail…"
        ) from None


def _parse_end(text: str, from_day: date) -> date | None:
    if not text:
        return None
    day = parse_any_day(text)
    if day < from_day:
        raise InvalidValue("la fin de l’abondement précède sa date d’effet")
    return day


def _parse_codes(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(text.upper().split()))
    if len(codes) > MAX_CODES or not all(_CODE.fullmatch(code) for code in codes):
        raise InvalidValue("les certifications s’écrivent par leurs codes, séparés par une espace")
    return codes
