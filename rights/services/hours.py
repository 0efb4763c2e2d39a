"""The hours of a public agent: credited on their own counter, converted when their holder asks."""

from datetime import date

from django.db import transaction
from django.db.models import F

from accounts.models import Titulaire
from rights.exceptions import AboveCap, AccountClosed, IdempotencyConflict, InsufficientRights
from rights.models import (
    Declaration,
    DeclarationKind,
    Figures,
    HoursKind,
    HoursMovement,
    Movement,
    MovementKind,
    Parameter,
    ParameterName,
    Pocket,
    RightsAccount,
)
from rights.rules.yearly import converted
from rights.services.ledger import locked, open_account, record

CONVERSION_BASIS = "Code du travail, art. R6323-43 et D6323-44 (décret n° 2019-1392)"


@transaction.atomic
def credit_hours(
    *,
    titulaire: Titulaire,
    hours: int,
    year: int,
    effective_on: date,
    source: str,
    legal_basis: str,
    idempotency_key: str,
) -> HoursMovement:
    """Add `hours` (more than 0) to the counter of a public agent for `year`; the key counts once.

    Raises ValidationError (in French), IdempotencyConflict when the key says something else.
    """
    movement = HoursMovement(
        account=locked(open_account(titulaire=titulaire)),
        kind=HoursKind.YEARLY_CREDIT,
        hours=hours,
        year=year,
        effective_on=effective_on,
        source=source,
        legal_basis=legal_basis,
        idempotency_key=idempotency_key,
    )
    return record_hours(movement)


def convertible_hours(account: RightsAccount, *, today: date) -> int:
    """Return how many hours of the counter fit below the cap of the euros today."""
    figures = Parameter.objects.figures(today)
    room = conversion_cap_cents(account, figures) - account.capped_cents
    return max(0, min(account.public_hours, room // converted(1, figures)))


def conversion_cap_cents(account: RightsAccount, figures: Figures) -> int:
    """Return how far a conversion may lift the rights, in cents.

    Higher for who declared no diploma of level 3, or whose last credit is of an ESAT: the caps that
    the text names, and it names no other (Code du travail, art. R6323-43).
    """
    cap = figures[ParameterName.CREDIT_CAP]
    if not account.pk:
        return cap
    declared = Declaration.objects.for_titulaire(account.titulaire).counting_for(figures.on.year)
    if declared.filter(kind=DeclarationKind.LOW_QUALIFIED).exists():
        cap = max(cap, figures[ParameterName.LOW_QUALIFIED_CAP])
    credits = account.movements.filter(kind=MovementKind.YEARLY_CREDIT).order_by("-year", "-pk")
    last = credits.values_list("details", flat=True).first() or {}
    if last.get("rule") == "esat":
        cap = max(cap, figures[ParameterName.ESAT_CAP])
    return cap


@transaction.atomic
def convert_hours(
    *, account: RightsAccount, hours: int, today: date, idempotency_key: str
) -> Movement:
    """Turn `hours` (more than 0) of the counter into euros, because their holder asks for it.

    Raises InsufficientRights without so many hours, AboveCap beyond the cap, AccountClosed,
    IdempotencyConflict (Code du travail, art. R6323-43 and D6323-44: 15 € an hour since 2020).
    """
    if hours <= 0:
        raise ValueError("a conversion has hours")
    current = locked(account)
    figures = Parameter.objects.figures(today)
    movement = _conversion(current, hours, converted(hours, figures), today, idempotency_key)
    if Movement.objects.filter(idempotency_key=movement.idempotency_key).exists():
        return record(movement)  # the first one, or IdempotencyConflict
    _refuse_conversion(current, hours, today)
    record_hours(
        HoursMovement(
            account=current,
            kind=HoursKind.CONVERSION,
            hours=-hours,
            effective_on=today,
            source=movement.source,
            legal_basis=CONVERSION_BASIS,
            idempotency_key=movement.idempotency_key,
        )
    )
    return record(movement)


def _refuse_conversion(account: RightsAccount, hours: int, today: date) -> None:
    if account.is_closed(today):
        raise AccountClosed
    if account.public_hours < hours:
        raise InsufficientRights
    if hours > convertible_hours(account, today=today):
        raise AboveCap


def _conversion(account: RightsAccount, hours: int, cents: int, today: date, key: str) -> Movement:
    return Movement(
        account=account,
        kind=MovementKind.HOURS_CONVERSION,
        pocket=Pocket.CPF,
        amount_cents=cents,
        effective_on=today,
        source="Heures d’agent public converties par le titulaire",
        legal_basis=CONVERSION_BASIS,
        details={"hours": hours, "cents_per_hour": cents // hours},
        idempotency_key=f"conversion:{key}",
    )


def record_hours(movement: HoursMovement, *, advance: int = 0) -> HoursMovement:
    """Write `movement` and change its counter, or return the one that its key already names.

    The counter of the acquired hours may fall to `-advance`. The caller holds a transaction. Raises
    InsufficientRights, IdempotencyConflict, ValidationError (in French).
    """
    movement.full_clean(exclude={"account"}, validate_unique=False)
    known = HoursMovement.objects.filter(idempotency_key=movement.idempotency_key).first()
    if known:
        fields = ("account_id", "kind", "hours", "year", "effective_on", "source")
        if any(getattr(known, name) != getattr(movement, name) for name in fields):
            raise IdempotencyConflict
        return known
    field = movement.counter_field
    rows = RightsAccount.objects.filter(pk=movement.account_id)
    if movement.hours < 0:
        least = advance if field == "public_hours" else 0
        rows = rows.filter(**{f"{field}__gte": -movement.hours - least})
    if not rows.update(**{field: F(field) + movement.hours}):
        raise InsufficientRights
    movement.save()
    return movement
