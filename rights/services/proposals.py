"""What one member of the staff may not do alone to somebody's rights: proposed, then decided by another."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from catalogue.models import Certification
from rights.exceptions import IdempotencyConflict, ProposalDecided, SamePerson
from rights.models import (
    Abondement,
    AbondementTerms,
    CorrectionProposal,
    Movement,
    Pocket,
    ProposalState,
    RightsAccount,
)
from rights.services.abondements import add, refuse_beyond_civic_cap
from rights.services.corrections import PROPOSAL_KEY, correction_movement, trace
from rights.services.ledger import locked, record

TERMS = [field.name for field in AbondementTerms._meta.local_fields]


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
    return _propose(proposal, without={*TERMS})


def propose_abondement(
    *,
    account: RightsAccount,
    amount_cents: int,
    reason: str,
    author: User,
    today: date,
    idempotency_key: str,
    certifications: Iterable[Certification] = (),
    **terms: Any,
) -> CorrectionProposal:
    """Ask somebody else to approve an abondement of `amount_cents`, and return what she will read.

    `reason` is for her; `terms` are those of `grant_abondement`, which it becomes on the day of the
    approval. Same key and errors as `propose_correction` (Code du travail, art. L6323-4).
    """
    proposal = CorrectionProposal(
        account=account,
        pocket=Pocket.ABONDEMENT,
        amount_cents=amount_cents,
        reason=reason.strip(),
        proposed_by=author,
        idempotency_key=idempotency_key,
        **terms,
    )
    abondement = _abondement(proposal, today)
    abondement.validate_constraints(exclude={"account", "author"})
    refuse_beyond_civic_cap(abondement)
    return _propose(proposal, certifications=certifications)


@transaction.atomic
def approve_correction(
    *, proposal: CorrectionProposal, author: User, today: date
) -> CorrectionProposal:
    """Record the correction or the abondement that somebody else proposed.

    Raises SamePerson, ProposalDecided; or InsufficientRights, ValidationError (in French): it then
    still waits.
    """
    current = _pending(proposal, author)
    current.movement = (_grant if current.is_abondement else _correct)(current, today)
    return _decide(current, author, ProposalState.APPROVED)


@transaction.atomic
def refuse_correction(*, proposal: CorrectionProposal, author: User) -> CorrectionProposal:
    """Close a proposal without any movement. Raises SamePerson, ProposalDecided."""
    return _decide(_pending(proposal, author), author, ProposalState.REFUSED)


def _propose(
    proposal: CorrectionProposal,
    *,
    without: set[str] | None = None,
    certifications: Iterable[Certification] = (),
) -> CorrectionProposal:
    left_out = {"account", "proposed_by", *(without or ())}
    proposal.full_clean(exclude=left_out, validate_unique=False)
    try:
        with transaction.atomic():
            proposal.save()
            proposal.certifications.set(certifications)
            _trace(proposal, proposal.proposed_by, "proposed")
    except IntegrityError:
        return _known(proposal)
    return proposal


def _correct(proposal: CorrectionProposal, today: date) -> Movement:
    movement = correction_movement(
        proposal.account,
        Pocket(proposal.pocket),
        proposal.amount_cents,
        proposal.reason,
        proposal.proposed_by,
        today,
        _key(proposal),
    )
    return record(movement)


def _grant(proposal: CorrectionProposal, today: date) -> Movement:
    abondement = _abondement(proposal, today)
    abondement.account = locked(proposal.account)
    return add(abondement, proposal.certifications.all())


def _abondement(proposal: CorrectionProposal, today: date) -> Abondement:
    """Return what the proposal would become on this day."""
    return Abondement(
        account=proposal.account,
        amount_cents=proposal.amount_cents,
        granted_on=today,
        author=proposal.proposed_by,
        idempotency_key=_key(proposal),
        **{name: getattr(proposal, name) for name in TERMS},
    )


def _key(proposal: CorrectionProposal) -> str:
    return f"{PROPOSAL_KEY}{proposal.pk}"


def _known(proposal: CorrectionProposal) -> CorrectionProposal:
    known = CorrectionProposal.objects.get(idempotency_key=proposal.idempotency_key)
    fields = ("account_id", "pocket", "amount_cents", "reason", "proposed_by_id", *TERMS)
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
    _trace(proposal, author, state.value)
    return proposal


def _trace(proposal: CorrectionProposal, author: User, step: str) -> None:
    trace(
        proposal.account,
        author,
        target=proposal,
        step=step,
        reason=proposal.reason,
        cents=proposal.amount_cents,
    )
