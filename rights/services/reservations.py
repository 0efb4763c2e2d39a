"""Rights kept aside for a training: reserved, then spent or released, once for all.

To reserve takes from the available rights; to spend gives the whole back and takes what is paid, so
that each balance stays the sum of its movements (Code du travail, art. L6323-4, I and L6323-9).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import Titulaire
from catalogue.models import Certification
from rights.exceptions import AccountClosed, IdempotencyConflict, ReservationResolved
from rights.models import (
    Abondement,
    ClosingReason,
    Financer,
    Movement,
    MovementKind,
    Pocket,
    Reservation,
    ReservationState,
    RightsAccount,
)
from rights.rules.consumption import Part, Source, plan
from rights.services.dif import take_back_refused_dif
from rights.services.ledger import locked, move

LEGAL_BASIS = "Code du travail, art. L6323-4"


def spent_since(*, titulaire: Titulaire, since: datetime) -> int:
    """Return the rights of `titulaire`, in cents, that trainings have used from `since` on."""
    spent = Reservation.objects.filter(account__titulaire=titulaire, resolved_at__gte=since)
    return spent.aggregate(sum=Sum("spent_cents"))["sum"] or 0


@transaction.atomic
def reserve(
    *,
    account: RightsAccount,
    amount_cents: int,
    reference: str,
    today: date,
    certification: Certification | None = None,
) -> Reservation:
    """Keep `amount_cents` (more than 0) aside under `reference`, in the order of consumption.

    The same reference returns the first reservation. Raises InsufficientRights, AccountClosed,
    IdempotencyConflict when the reference holds something else, ValueError for no amount.
    """
    if amount_cents <= 0:
        raise ValueError("a reservation has an amount")
    current = locked(account)
    if known := _known(current, reference, amount_cents):
        return known
    parts = plan(amount_cents, usable_sources(current, today=today, certification=certification))
    reservation = _open(current, reference, amount_cents)
    _move(reservation, MovementKind.RESERVATION, parts, today, sign=-1)
    return reservation


@transaction.atomic
def spend(*, reservation: Reservation, amount_cents: int, today: date) -> Reservation:
    """Pay `amount_cents`, from 1 to what is reserved, and give the rest back to where it came from.

    Done twice with the same amount, it counts once. Raises ReservationResolved when it was
    released or spent otherwise, ValueError when the amount is not within the reservation.
    """
    if not 0 < amount_cents <= reservation.amount_cents:
        raise ValueError("a reservation spends at most what it holds")
    return _resolve(reservation, ReservationState.SPENT, amount_cents, today)


@transaction.atomic
def release(*, reservation: Reservation, today: date) -> Reservation:
    """Give the whole reservation back to the pockets that it came from; twice, it counts once.

    Raises ReservationResolved when it was spent.
    """
    return _resolve(reservation, ReservationState.RELEASED, 0, today)


def usable_sources(
    account: RightsAccount, *, today: date, certification: Certification | None = None
) -> list[Source]:
    """Return what the account can pay with for a training. Raises AccountClosed.

    A pension leaves the rights of the compte d’engagement citoyen (Code du travail, art. L5151-2).
    """
    abondements = account.abondements.usable_for(certification, today)
    if account.is_closed(today):
        if account.closing_reason != ClosingReason.RETIREMENT:
            raise AccountClosed
        sources = [_source(row) for row in abondements.filter(financer=Financer.CIVIC)]
        if not sources:
            raise AccountClosed
        return sources
    return [*_pockets(account), *map(_source, abondements)]


def _pockets(account: RightsAccount) -> Iterator[Source]:
    yield Source(Pocket.DIF, account.dif_cents)
    yield Source(Pocket.CPF, account.cpf_cents)
    named = sum(account.abondements.values_list("remaining_cents", flat=True))
    yield Source(Pocket.ABONDEMENT, account.abondement_cents - named)


def _source(row: Abondement) -> Source:
    return Source(
        Pocket.ABONDEMENT,
        row.remaining_cents,
        row.pk,
        row.is_used_before_cpf,
        row.is_reserved,
        row.expires_on,
    )


def _known(account: RightsAccount, reference: str, amount_cents: int) -> Reservation | None:
    known = Reservation.objects.filter(reference=reference).first()
    if known and (known.account_id, known.amount_cents) != (account.pk, amount_cents):
        raise IdempotencyConflict
    return known


def _open(account: RightsAccount, reference: str, amount_cents: int) -> Reservation:
    try:
        with transaction.atomic():
            return Reservation.objects.create(
                account=account, reference=reference, amount_cents=amount_cents
            )
    except IntegrityError:
        # the lock of the account keeps its own twin out: it is somebody else's
        raise IdempotencyConflict from None


def _resolve(
    reservation: Reservation, state: ReservationState, spent_cents: int, today: date
) -> Reservation:
    account = locked(reservation.account)
    changed = Reservation.objects.held().filter(pk=reservation.pk)
    is_first = changed.update(state=state, spent_cents=spent_cents, resolved_at=timezone.now())
    reservation.refresh_from_db()
    if is_first:
        _give_back(reservation, spent_cents, today)
        take_back_refused_dif(account=account, today=today)
    elif (reservation.state, reservation.spent_cents) != (state, spent_cents):
        raise ReservationResolved
    return reservation


def _give_back(reservation: Reservation, spent_cents: int, today: date) -> None:
    held = [
        Part(Pocket(row.pocket), row.abondement_id, -row.amount_cents)
        for row in reservation.movements.filter(kind=MovementKind.RESERVATION).order_by("pk")
    ]
    _move(reservation, MovementKind.RELEASE, held, today)
    if spent_cents:
        _move(reservation, MovementKind.SPEND, _first(held, spent_cents), today, sign=-1)


def _first(parts: list[Part], cents: int) -> list[Part]:
    """Return the part of `parts` that pays `cents`, in their order, which is that of consumption."""
    taken = []
    for part in parts:
        if share := min(cents, part.cents):
            taken.append(Part(part.pocket, part.abondement, share))
            cents -= share
    return taken


def _move(
    reservation: Reservation, kind: MovementKind, parts: list[Part], today: date, *, sign: int = 1
) -> None:
    movements = [
        Movement(
            account_id=reservation.account_id,
            kind=kind,
            pocket=part.pocket,
            abondement_id=part.abondement,
            reservation=reservation,
            amount_cents=sign * part.cents,
            effective_on=today,
            source=reservation.reference,
            legal_basis=LEGAL_BASIS,
            idempotency_key=f"{kind}:{reservation.pk}:{number}",
        )
        for number, part in enumerate(parts)
    ]
    move(reservation.account, movements, _reserved(kind, parts))


def _reserved(kind: MovementKind, parts: list[Part]) -> dict[str, int]:
    """Return by how much each pocket's reserved amount grows: the payment itself changes none."""
    sign = {MovementKind.RESERVATION: 1, MovementKind.RELEASE: -1}.get(kind, 0)
    total: Counter[str] = Counter()
    for part in parts:
        total[part.pocket] += sign * part.cents
    return {pocket: cents for pocket, cents in total.items() if cents}
