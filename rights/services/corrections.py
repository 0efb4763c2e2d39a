"""Errors are mended by a new movement with a reason; a large one needs two people."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.db.models.functions import Abs
from django.utils import timezone

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, User
from accounts.services import record as note_event
from cpf_portal.ui.formats import euros
from rights.exceptions import (
    IdempotencyConflict,
    NeedsSecondPerson,
    ProposalDecided,
    SamePerson,
)
from rights.models import (
    CorrectionProposal,
    Movement,
    MovementKind,
    Parameter,
    ParameterName,
    Pocket,
    ProposalState,
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

    What is split into small parts counts as a whole. A correction that somebody else approved is not
    counted, nor the movement or abondement of `except_key`: the same form posted twice.
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
    movement = _movement(account, pocket, amount_cents, reason, author, today, key)
    recorded = record(movement)
    if recorded is movement:  # else a second click
        _trace(account, author, target=movement, step="done", reason=reason, cents=amount_cents)
    return recorded


def propose_correction(
    *,
    account: RightsAccount,
    pocket: Pocket,
    amount_cents: int,
    reason: str,
    author: User,
    idempotency_key: str,
) -> CorrectionProposal:
    """Ask somebody else to approve a correction of `amount_cents`, and return what she will read.

    The same key returns the first proposal. Raises ValidationError (in French) when it makes no
    sense, IdempotencyConflict when the key says something else.
    """
    proposal = CorrectionProposal(
        account=account,
        pocket=pocket,
        amount_cents=amount_cents,
        reason=reason.strip(),
        proposed_by=author,
        idempotency_key=idempotency_key,
    )
    proposal.full_clean(exclude={"account", "proposed_by"}, validate_unique=False)
    try:
        with transaction.atomic():
            proposal.save()
            _trace_step(proposal, author, "proposed")
    except IntegrityError:
        return _known(proposal)
    return proposal


@transaction.atomic
def approve_correction(
    *, proposal: CorrectionProposal, author: User, today: date
) -> CorrectionProposal:
    """Record the correction that somebody else proposed.

    Raises SamePerson, ProposalDecided, or InsufficientRights (it then still waits).
    """
    current = _pending(proposal, author)
    movement = _movement(
        current.account,
        Pocket(current.pocket),
        current.amount_cents,
        current.reason,
        current.proposed_by,
        today,
        f"{PROPOSAL_KEY}{current.pk}",
    )
    current.movement = record(movement)
    decided = _decide(current, author, ProposalState.APPROVED)
    _trace_step(decided, author, "approved")
    return decided


@transaction.atomic
def refuse_correction(*, proposal: CorrectionProposal, author: User) -> CorrectionProposal:
    """Close a proposal without any movement. Raises SamePerson, ProposalDecided."""
    decided = _decide(_pending(proposal, author), author, ProposalState.REFUSED)
    _trace_step(decided, author, "refused")
    return decided


def _movement(
    account: RightsAccount,
    pocket: Pocket,
    amount_cents: int,
    reason: str,
    author: User,
    today: date,
    key: str,
) -> Movement:
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


def _trace_step(proposal: CorrectionProposal, author: User, step: str) -> None:
    _trace(
        proposal.account,
        author,
        target=proposal,
        step=step,
        reason=proposal.reason,
        cents=proposal.amount_cents,
    )


def _trace(
    account: RightsAccount,
    author: User,
    *,
    target: Movement | CorrectionProposal,
    step: str,
    reason: str,
    cents: int,
) -> None:
    """Tell it to the person, when her rights changed, and to the audit trail, last."""
    user = User.objects.filter(titulaire=account.titulaire).first()
    if user and step in {"done", "approved"}:
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


def _known(proposal: CorrectionProposal) -> CorrectionProposal:
    known = CorrectionProposal.objects.get(idempotency_key=proposal.idempotency_key)
    fields = ("account_id", "pocket", "amount_cents", "reason", "proposed_by_id")
    if any(getattr(known, name) != getattr(proposal, name) for name in fields):
        raise IdempotencyConflict
    return known


def _pending(proposal: CorrectionProposal, author: User) -> CorrectionProposal:
    """Return the proposal, locked, if `author` may decide it now."""
    current = CorrectionProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if current.proposed_by_id == author.pk:
        raise SamePerson
    if current.state != ProposalState.PENDING:
        raise ProposalDecided
    return current


def _decide(proposal: CorrectionProposal, author: User, state: ProposalState) -> CorrectionProposal:
    proposal.state, proposal.decided_by, proposal.decided_at = state, author, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "movement"])
    return proposal
