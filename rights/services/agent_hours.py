"""What a public employer decides for its agent: hours against unfitness, a training, an advance.

Hours are used with the employer, not through the purchase (loi n° 83-634 du 13 juillet 1983,
art. 22 quater; décret n° 2017-928 du 6 mai 2017).
"""

from datetime import date

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from rights.exceptions import AboveCap, AccountClosed, IdempotencyConflict
from rights.models import (
    Figures,
    HoursKind,
    HoursMovement,
    Parameter,
    ParameterName,
    RightsAccount,
)
from rights.services.hours import record_hours
from rights.services.ledger import locked

SOURCE = "Employeur public"


@transaction.atomic
def grant_unfitness_hours(
    *,
    account: RightsAccount,
    hours: int,
    today: date,
    reason: str,
    author: User,
    idempotency_key: str,
) -> HoursMovement:
    """Grant `hours` (more than 0) beyond the cap, to prevent an unfitness; `reason` names the project.

    At most 150 hours in all (loi n° 83-634, art. 22 quater). Raises AboveCap, AccountClosed,
    IdempotencyConflict, ValidationError (in French).
    """
    current, figures = _open(account, today), Parameter.objects.figures(today)
    name = ParameterName.PUBLIC_UNFITNESS
    movement = _movement(
        current, HoursKind.UNFITNESS, hours, today, reason, author, figures.legal_basis(name)
    )
    movement.idempotency_key = f"unfitness:{idempotency_key}"
    if not _known(movement.idempotency_key):
        granted = current.hours_movements.filter(kind=HoursKind.UNFITNESS)
        if granted.aggregate(sum=Sum("hours", default=0))["sum"] + hours > figures[name]:
            raise AboveCap
    return record_hours(movement)


@transaction.atomic
def use_hours(
    *,
    account: RightsAccount,
    hours: int,
    today: date,
    reason: str,
    author: User,
    idempotency_key: str,
    years_in_advance_at: int = 0,
) -> list[HoursMovement]:
    """Take `hours` (more than 0) for a training that the employer agreed to; return the movements.

    The hours against unfitness are taken first. With `years_in_advance_at`, the hours that the agent
    gets in a year, the counter may fall below zero by two years of them; the next credits pay it back
    (décret n° 2017-928, art. 4). Raises InsufficientRights, AccountClosed, IdempotencyConflict.
    """
    current, figures = _open(account, today), Parameter.objects.figures(today)
    keys = [f"use:{idempotency_key}", f"unfitness-use:{idempotency_key}"]
    if known := _known(*keys):
        _refuse_another(known, current, hours)
        return known
    special = min(hours, current.unfitness_hours)
    basis = figures.legal_basis(ParameterName.PUBLIC_ADVANCE)
    parts = [(HoursKind.USE, hours - special), (HoursKind.UNFITNESS_USE, special)]
    movements = []
    for key, (kind, part) in zip(keys, parts, strict=True):
        if part:
            movement = _movement(current, kind, -part, today, reason, author, basis)
            movement.idempotency_key = key
            advance = figures[ParameterName.PUBLIC_ADVANCE] * years_in_advance_at
            movements.append(record_hours(movement, advance=advance))
    return movements


def yearly_hours_of(figures: Figures, *, is_category_c: bool) -> int:
    """Return the hours that a full-time agent gets in a year; more in category C under level 3."""
    name = ParameterName.PUBLIC_C_HOURS if is_category_c else ParameterName.PUBLIC_HOURS
    return figures[name]


def _open(account: RightsAccount, today: date) -> RightsAccount:
    current = locked(account)
    if current.is_closed(today):
        raise AccountClosed
    return current


def _movement(
    account: RightsAccount,
    kind: HoursKind,
    hours: int,
    today: date,
    reason: str,
    author: User,
    legal_basis: str,
) -> HoursMovement:
    return HoursMovement(
        account=account,
        kind=kind,
        hours=hours,
        effective_on=today,
        source=SOURCE,
        legal_basis=legal_basis,
        reason=reason,
        author=author,
    )


def _known(*keys: str) -> list[HoursMovement]:
    return list(HoursMovement.objects.filter(idempotency_key__in=keys).order_by("pk"))


def _refuse_another(known: list[HoursMovement], account: RightsAccount, hours: int) -> None:
    is_same = {movement.account_id for movement in known} == {account.pk}
    if not is_same or -sum(movement.hours for movement in known) != hours:
        raise IdempotencyConflict
