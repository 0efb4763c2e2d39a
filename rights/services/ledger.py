"""Every write to the ledger: a movement and the balance it changes, in one transaction.

Lock order, the same everywhere: accounts by growing primary key, then idempotency keys.
"""

from collections import defaultdict
from datetime import date
from operator import attrgetter

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, Sum

from accounts.models import Titulaire
from rights.exceptions import IdempotencyConflict, InsufficientRights
from rights.models import Abondement, Movement, MovementKind, Pocket, RightsAccount

_content = attrgetter(
    "account_id", "kind", "pocket", "amount_cents", "effective_on", "year", "source",
    "legal_basis", "reason", "author_id", "abondement_id", "reservation_id",
)  # fmt: skip

LINKS = {"account", "author", "abondement", "reservation"}  # rows that the caller has read


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


def locked(account: RightsAccount) -> RightsAccount:
    """Return the account as it stands now; nobody else changes it before the end of the transaction."""
    return RightsAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def record(movement: Movement) -> Movement:
    """Write `movement` with its effect on the balance, or return the one that its key already names.

    Raises as `credit` does, and InsufficientRights when a balance would fall below zero.
    """
    movement.clean_fields(exclude=LINKS)
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
        # The database holds the rules of the row: they are asked for their sentence once it refused.
        movement.validate_constraints(exclude=LINKS)
        raise
    return movement


def insert(row: Model) -> None:
    """Write a new row whose rules the database holds; the caller holds a transaction.

    Raises ValidationError (in French) when a value or a rule is broken: the sentence of a rule is
    looked for once the database refused, which costs nothing to the others.
    """
    row.clean_fields(exclude=LINKS)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.validate_constraints(exclude=LINKS)
        raise


def move(
    account: RightsAccount, movements: list[Movement], reserved: dict[str, int] | None = None
) -> None:
    """Write several new movements of one account, and what they do to its balances, at once.

    `reserved` is what each pocket's reserved amount grows by, in cents. The caller holds a
    transaction. Raises InsufficientRights when a balance would fall below zero.
    """
    pockets: dict[str, int] = defaultdict(int)
    abondements: dict[int, int] = defaultdict(int)
    for movement in movements:
        pockets[f"{movement.pocket}_cents"] += movement.amount_cents
        if movement.abondement_id:
            abondements[movement.abondement_id] += movement.amount_cents
    for pocket, cents in (reserved or {}).items():
        pockets[f"{pocket}_reserved_cents"] += cents
    _add(RightsAccount, account.pk, pockets)
    for pk in sorted(abondements):
        _add(Abondement, pk, {"remaining_cents": abondements[pk]})
    Movement.objects.bulk_create(movements)


def _known(movement: Movement) -> Movement | None:
    known = Movement.objects.filter(idempotency_key=movement.idempotency_key).first()
    if known and _content(known) != _content(movement):
        raise IdempotencyConflict
    return known


def _change_balance(movement: Movement) -> None:
    field = Pocket(movement.pocket).balance_field
    if movement.abondement_id is None and movement.pocket == Pocket.ABONDEMENT:
        _refuse_to_eat_abondements(movement)
    _add(RightsAccount, movement.account_id, {field: movement.amount_cents})
    if movement.abondement_id:
        _add(Abondement, movement.abondement_id, {"remaining_cents": movement.amount_cents})
    movement.account.refresh_from_db(fields=[field])


def _refuse_to_eat_abondements(movement: Movement) -> None:
    """Leave to each abondement what it holds: only the rest of the pocket is taken without naming one."""
    if movement.amount_cents < 0:
        account = locked(movement.account)
        named = account.abondements.aggregate(sum=Sum("remaining_cents", default=0))["sum"]
        if account.abondement_cents - named < -movement.amount_cents:
            raise InsufficientRights


def _add(model: type[Model], pk: int, changes: dict[str, int]) -> None:
    """Add to balances by one UPDATE, which finds no row when one of them would fall below zero."""
    enough = {f"{field}__gte": -cents for field, cents in changes.items() if cents < 0}
    values = {field: F(field) + cents for field, cents in changes.items()}
    if not model._default_manager.filter(pk=pk, **enough).update(**values):
        raise InsufficientRights
