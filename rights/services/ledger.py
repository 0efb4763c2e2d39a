"""Every write to the ledger: a movement and the balance it changes, in one transaction.

Lock order, the same everywhere: accounts by growing primary key, then idempotency keys.
"""

from collections import defaultdict
from datetime import date
from operator import attrgetter
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import Titulaire, User
from rights.exceptions import IdempotencyConflict, InsufficientRights
from rights.models import Movement, MovementKind, Pocket, RightsAccount

CORRECTION_SOURCE = "Assistance du portail"

_content = attrgetter(
    "account_id", "kind", "pocket", "amount_cents", "effective_on", "year", "source",
    "legal_basis", "reason", "author_id",
)  # fmt: skip


def open_account(*, titulaire: Titulaire) -> RightsAccount:
    """Return the account of `titulaire`, opened now if it was not, even by two callers at once.

    The account opens with the first right (Code du travail, art. L6323-1 and L5151-2).
    """
    return RightsAccount.objects.get_or_create(titulaire=titulaire)[0]


@transaction.atomic
def credit(
    *,
    titulaire: Titulaire,
    kind: MovementKind,
    pocket: Pocket,
    amount_cents: int,
    effective_on: date,
    source: str,
    idempotency_key: str,
    year: int | None = None,
    legal_basis: str = "",
    reason: str = "",
) -> Movement:
    """Add `amount_cents` (more than 0) to a pocket of `titulaire` and return the movement.

    The same key with the same content returns the first movement and changes nothing.
    Raises IdempotencyConflict when the key says something else, ValidationError (in French) when a
    rule of the ledger is broken. Kinds of credit: Code du travail, art. L6323-4 and L6323-11.
    """
    movement = Movement(
        account=open_account(titulaire=titulaire),
        kind=kind,
        pocket=pocket,
        amount_cents=amount_cents,
        effective_on=effective_on,
        year=year,
        source=source,
        legal_basis=legal_basis,
        reason=reason,
        idempotency_key=idempotency_key,
    )
    return record(movement)


@transaction.atomic
def correct(
    *,
    account: RightsAccount,
    pocket: Pocket,
    amount_cents: int,
    reason: str,
    author: User,
    today: date,
    idempotency_key: str = "",
) -> Movement:
    """Mend an error by a new movement of `amount_cents`, positive or negative, and return it.

    `reason` is shown to the person. A form that may be posted twice gives an `idempotency_key`.
    Raises InsufficientRights when the pocket would fall below zero, ValidationError (in French)
    when the amount is zero or the reason is missing, IdempotencyConflict as `credit` does.
    """
    movement = Movement(
        account=account,
        kind=MovementKind.CORRECTION,
        pocket=pocket,
        amount_cents=amount_cents,
        effective_on=today,
        source=CORRECTION_SOURCE,
        reason=reason.strip(),
        author=author,
        idempotency_key=f"correction:{idempotency_key or uuid4()}",
    )
    return record(movement)


def record_all(movements: list[Movement]) -> None:
    """Write many new movements and add them to their balances, by statements over many rows.

    The caller holds a transaction and the accounts' locks, and knows that the keys are new.
    Raises IntegrityError when a row breaks a rule of the ledger.
    """
    created = Movement.objects.bulk_create(movements)
    sums: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Pocket.values, 0))
    for movement in created:
        sums[movement.account_id][movement.pocket] += movement.amount_cents
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE rights_rightsaccount SET cpf_cents = cpf_cents + %s, dif_cents = dif_cents + %s,"
            " abondement_cents = abondement_cents + %s WHERE id = %s",
            [
                (*(sums[pk][pocket] for pocket in (Pocket.CPF, Pocket.DIF, Pocket.ABONDEMENT)), pk)
                for pk in sorted(sums)
            ],
        )


def record(movement: Movement) -> Movement:
    """Write `movement` with its effect on the balance, or return the one that its key already names."""
    movement.full_clean(exclude={"account", "author"}, validate_unique=False)
    if known := _known(movement):
        return known
    try:
        with transaction.atomic():
            _change_balance(movement)
            movement.save()
    except (IntegrityError, InsufficientRights):
        # Somebody may have recorded it since, and then it is no error.
        if known := _known(movement):
            return known
        raise
    return movement


def _known(movement: Movement) -> Movement | None:
    known = Movement.objects.filter(idempotency_key=movement.idempotency_key).first()
    if known and _content(known) != _content(movement):
        raise IdempotencyConflict
    return known


def _change_balance(movement: Movement) -> None:
    """Add to the cached balance by one UPDATE, which finds no row when it would fall below zero."""
    field = Pocket(movement.pocket).balance_field
    enough = {"pk": movement.account_id, f"{field}__gte": -movement.amount_cents}
    changed = RightsAccount.objects.filter(**enough).update(
        **{field: F(field) + movement.amount_cents}
    )
    if not changed:
        raise InsufficientRights
    movement.account.refresh_from_db(fields=[field])
