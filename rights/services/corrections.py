"""Errors are mended by a new movement with a reason; a large one needs two people."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Abs

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, User
from accounts.services import record as note_event
from cpf_portal.ui.formats import euros
from rights.exceptions import NeedsSecondPerson
from rights.models import (
    CorrectionProposal,
    Movement,
    MovementKind,
    Parameter,
    ParameterName,
    Pocket,
    RightsAccount,
)
from rights.services.ledger import locked, record

CORRECTION_SOURCE = "Assistance du portail"
PROPOSAL_KEY = "correction:proposal:"
ALONE_FOR = timedelta(days=30)


def needs_second_person(amount_cents: int, *, today: date) -> bool:
    """Tell whether a correction of this many cents is above the threshold in force."""
    figures = Parameter.objects.figures(today)
    threshold = ParameterName.SECOND_PERSON_ABOVE
    return threshold in figures and abs(amount_cents) > figures[threshold]


def moved_alone_cents(
    account: RightsAccount, author: User, *, today: date, except_key: str = ""
) -> int:
    """Return how many cents `author` added or took alone on this account in the last 30 days.

    What is split into small parts counts as a whole. What somebody else approved is not counted, nor
    the movement or abondement of `except_key`: the same form posted twice.
    """
    since = today - ALONE_FOR
    corrections = (
        account.movements.filter(
            kind=MovementKind.CORRECTION, author=author, effective_on__gt=since
        )
        .exclude(idempotency_key=except_key)
        .exclude(idempotency_key__startswith=PROPOSAL_KEY)
        .aggregate(sum=Sum(Abs("amount_cents"), default=0))
    )
    abondements = (
        account.abondements.filter(author=author, granted_on__gt=since)
        .exclude(idempotency_key=except_key)
        .exclude(idempotency_key__startswith=PROPOSAL_KEY)
        .aggregate(sum=Sum("amount_cents", default=0))
    )
    return corrections["sum"] + abondements["sum"]


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
    when the amount is zero or the reason is missing, IdempotencyConflict as `credit` does,
    NeedsSecondPerson when this and what the author moved lately on the account are above the
    threshold of the operator (then: `propose_correction`).
    """
    key = f"correction:{idempotency_key or uuid4()}"
    locked(account)  # two corrections at once count each other
    alone = moved_alone_cents(account, author, today=today, except_key=key)
    if needs_second_person(abs(amount_cents) + alone, today=today):
        raise NeedsSecondPerson
    movement = correction_movement(account, pocket, amount_cents, reason, author, today, key)
    recorded = record(movement)
    if recorded is movement:  # else a second click
        trace(account, author, target=movement, step="done", reason=reason, cents=amount_cents)
    return recorded


def correction_movement(
    account: RightsAccount,
    pocket: Pocket,
    amount_cents: int,
    reason: str,
    author: User,
    today: date,
    key: str,
) -> Movement:
    """Return the movement of a correction, to be recorded."""
    return Movement(
        account=account,
        kind=MovementKind.CORRECTION,
        pocket=pocket,
        amount_cents=amount_cents,
        effective_on=today,
        source=CORRECTION_SOURCE,
        reason=reason.strip(),
        author=author,
        idempotency_key=key,
    )


def trace(
    account: RightsAccount,
    author: User,
    *,
    target: Movement | CorrectionProposal,
    step: str,
    reason: str,
    cents: int,
) -> None:
    """Tell it to the person, when her rights were corrected, and to the audit trail, last.

    Her history of movements tells her of an abondement, with its financer.
    """
    user = User.objects.filter(titulaire=account.titulaire).first()
    is_abondement = isinstance(target, CorrectionProposal) and target.is_abondement
    if user and step in {"done", "approved"} and not is_abondement:
        kind = EventKind.RIGHTS_CORRECTED
        note_event(user=user, kind=kind, detail=euros(cents), author=author, reason=reason)
    audit.record(
        kind=AuditKind.RIGHTS_CORRECTED,
        actor=author,
        person=user,
        titulaire=account.titulaire,
        target=target,
        reason=reason,
        step=step,
        cents=cents,
    )
