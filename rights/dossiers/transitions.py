"""Every step that a dossier can take, one row each: the pages, the desk, the API and the tests read it.

Nothing else changes the state of a dossier (`services.perform`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rights.dossiers import conditions as c
from rights.dossiers.conditions import Condition
from rights.dossiers.exceptions import StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import ActorKind
from rights.dossiers.states import State as S
from rights.models.dossier import Dossier

TITULAIRE, PROVIDER, STAFF = ActorKind.TITULAIRE, ActorKind.PROVIDER, ActorKind.STAFF
CLOCK, PAYMENT = ActorKind.CLOCK, ActorKind.PAYMENT


class Effect(StrEnum):
    """What a step does to the rights and to the card payment."""

    NONE = "none"
    RESERVE = "reserve"  # keep aside what the review said, DIF first
    RELEASE = "release"  # give all the rights back, and the card payment
    SPEND = "spend"  # all is spent: the training took place, or the person is at fault
    SPEND_DONE = "spend_done"  # spend the share that took place, give the rest back


class Due(StrEnum):
    """Whose answer is awaited from now on."""

    NOBODY = "nobody"
    PROVIDER = "provider"
    TITULAIRE = "titulaire"
    SAME = "same"  # the delay that runs goes on


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `details` must be given with the step, `options` may be (rights.dossiers.details).

    `condition` is asked before the step, `when` after it: of two rows that differ only in where they
    lead, it says which one it is. Without a target the draft is deleted. `spends` asks for the proof
    that rights need (accounts.spending.require_proof).
    """

    action: A
    source: S
    target: S | None
    who: ActorKind
    condition: Condition = c.always
    when: Condition = c.always
    due: Due = Due.NOBODY
    effect: Effect = Effect.NONE
    mail: str = ""
    details: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    spends: bool = False


def _cancel_request(source: S) -> Transition:
    return Transition(
        A.CANCEL_REQUEST, source, S.REQUEST_CANCELLED, TITULAIRE, effect=Effect.RELEASE,
        mail="request_cancelled",
    )  # fmt: skip


def _expire(source: S) -> Transition:
    return Transition(
        A.EXPIRE, source, S.REQUEST_CANCELLED, CLOCK, c.overdue, effect=Effect.RELEASE,
        mail="titulaire_silent",
    )  # fmt: skip


def _pay(source: S) -> Transition:
    return Transition(
        A.PAY, source, S.PAYING, TITULAIRE, c.payable, due=Due.SAME, spends=True
    )  # fmt: skip


def _absence(source: S) -> tuple[Transition, ...]:
    """The absence costs the rights only once the days to claim force majeure are over."""
    condition = c.undisputed_present if source == S.IN_TRAINING else c.started_undisputed_present
    return (
        Transition(
            A.DECLARE_ABSENCE, source, source, PROVIDER, condition, mail="absence_declared",
            options=("note",),
        ),
        Transition(
            A.RETRACT_ABSENCE, source, source, PROVIDER, c.absent, mail="absence_retracted",
            options=("note",),
        ),
        Transition(
            A.SETTLE_ABSENCE, source, S.CANCELLED, CLOCK, c.absence_stands, effect=Effect.SPEND,
            mail="absent",
        ),
    )  # fmt: skip


def _force_majeure(
    source: S, claimable: Condition, effect: Effect, decided: tuple[str, ...]
) -> tuple[Transition, ...]:
    """Above the threshold of corrections one person recommends to accept, and another one accepts."""
    return (
        Transition(
            A.CLAIM_FORCE_MAJEURE, source, source, TITULAIRE, claimable,
            mail="force_majeure_claimed", details=("reason",),
        ),
        Transition(
            A.RECOMMEND_FORCE_MAJEURE, source, source, STAFF, c.claimed, details=decided
        ),
        Transition(
            A.ACCEPT_FORCE_MAJEURE, source, S.CANCELLED, STAFF, c.claimed, effect=effect,
            mail="force_majeure_accepted", details=decided,
        ),
        Transition(
            A.REFUSE_FORCE_MAJEURE, source, source, STAFF, c.claimed,
            mail="force_majeure_refused", details=("reason",),
        ),
    )  # fmt: skip


def _fraud(source: S) -> tuple[Transition, ...]:
    """Once reported nothing is paid; above the threshold of corrections somebody else decides."""
    return (
        Transition(
            A.REPORT_FRAUD, source, source, STAFF, c.unreported, mail="fraud_reported",
            details=("reason",),
        ),
        Transition(
            A.CANCEL_FOR_FRAUD, source, S.CANCELLED, STAFF, c.reported, effect=Effect.RELEASE,
            mail="fraud_cancelled", details=("reason",),
        ),
        Transition(
            A.DISMISS_FRAUD, source, source, STAFF, c.reported, mail="fraud_dismissed",
            details=("reason",),
        ),
    )  # fmt: skip


BEFORE_SENDING = (
    Transition(
        A.MODIFY, S.DRAFT, S.DRAFT, TITULAIRE, due=Due.SAME, options=("session", "starts_on")
    ),
    Transition(A.DELETE, S.DRAFT, None, TITULAIRE),
    Transition(
        A.SEND, S.DRAFT, S.REQUESTED, TITULAIRE, due=Due.PROVIDER, effect=Effect.RESERVE,
        mail="requested", details=("reviewed",), spends=True,
    ),
)  # fmt: skip

PROVIDER_ANSWERS = (
    Transition(
        A.ACCEPT, S.REQUESTED, S.TO_VALIDATE, PROVIDER, c.in_time, due=Due.TITULAIRE,
        mail="accepted",
    ),
    Transition(
        A.PROPOSE, S.REQUESTED, S.PROPOSED, PROVIDER, c.in_time, due=Due.TITULAIRE,
        mail="proposed", options=("starts_on", "ends_on", "hours", "price_cents", "note"),
    ),
    Transition(
        A.REFUSE, S.REQUESTED, S.REFUSED, PROVIDER, c.in_time, effect=Effect.RELEASE,
        mail="refused", details=("reason",),
    ),
    Transition(
        A.EXPIRE, S.REQUESTED, S.REQUEST_CANCELLED, CLOCK, c.overdue, effect=Effect.RELEASE,
        mail="provider_silent",
    ),
    _cancel_request(S.REQUESTED),
)  # fmt: skip

TITULAIRE_ANSWERS = (
    Transition(
        A.CONFIRM, S.TO_VALIDATE, S.PAYING, TITULAIRE, c.in_time, c.with_remainder,
        due=Due.SAME, mail="payment_awaited", spends=True,
    ),
    Transition(
        A.CONFIRM, S.TO_VALIDATE, S.VALIDATED, TITULAIRE, c.in_time, c.without_remainder,
        mail="validated", spends=True,
    ),
    Transition(
        A.ACCEPT_PROPOSAL, S.PROPOSED, S.PAYING, TITULAIRE, c.in_time, c.with_remainder,
        due=Due.SAME, effect=Effect.RESERVE, mail="payment_awaited", details=("reviewed",),
        spends=True,
    ),
    Transition(
        A.ACCEPT_PROPOSAL, S.PROPOSED, S.VALIDATED, TITULAIRE, c.in_time, c.without_remainder,
        effect=Effect.RESERVE, mail="validated", details=("reviewed",), spends=True,
    ),
    Transition(
        A.REFUSE_PROPOSAL, S.PROPOSED, S.REQUEST_CANCELLED, TITULAIRE, effect=Effect.RELEASE,
        mail="proposal_refused",
    ),
    _cancel_request(S.TO_VALIDATE),
    _expire(S.PROPOSED),
    _expire(S.TO_VALIDATE),
)  # fmt: skip

PAYMENT_OF_REMAINDER = (
    _pay(S.PAYING),
    _pay(S.PAYMENT_REFUSED),
    Transition(
        A.PAYMENT_ACCEPTED, S.PAYING, S.VALIDATED, PAYMENT, c.in_time, mail="validated",
        details=("payment",),
    ),
    Transition(
        A.PAYMENT_REFUSED, S.PAYING, S.PAYMENT_REFUSED, PAYMENT, c.in_time, due=Due.SAME,
        mail="payment_refused", details=("payment",),
    ),
    Transition(
        A.PAYMENT_ABANDONED, S.PAYING, S.PAYING, PAYMENT, c.in_time, due=Due.SAME,
        details=("payment",),
    ),
    _cancel_request(S.PAYING),
    _cancel_request(S.PAYMENT_REFUSED),
    _expire(S.PAYING),
    _expire(S.PAYMENT_REFUSED),
)  # fmt: skip

BEFORE_TRAINING = (
    Transition(
        A.WITHDRAW, S.VALIDATED, S.CANCELLED, TITULAIRE, c.in_withdrawal, effect=Effect.RELEASE,
        mail="withdrawn",
    ),
    Transition(
        A.CANCEL, S.VALIDATED, S.CANCELLED, TITULAIRE, c.free_of_charge, effect=Effect.RELEASE,
        mail="cancelled",
    ),
    Transition(
        A.CANCEL_LATE, S.VALIDATED, S.CANCELLED, TITULAIRE, c.late_undisputed, effect=Effect.SPEND,
        mail="cancelled_late", spends=True,
    ),
    Transition(
        A.CANCEL_BY_PROVIDER, S.VALIDATED, S.CANCELLED_BY_PROVIDER, PROVIDER,
        effect=Effect.RELEASE, mail="cancelled_by_provider", details=("reason",),
    ),
    *_force_majeure(S.VALIDATED, c.claimable, Effect.RELEASE, ("reason",)),
    Transition(
        A.DECLARE_ENTRY, S.VALIDATED, S.IN_TRAINING, PROVIDER, c.started_present, mail="entered",
        options=("on",),
    ),
    *_absence(S.VALIDATED),
    *_fraud(S.VALIDATED),
)  # fmt: skip

IN_TRAINING = (
    Transition(
        A.ABANDON, S.IN_TRAINING, S.CANCELLED, TITULAIRE, c.undisputed, effect=Effect.SPEND,
        mail="abandoned", options=("reason",), spends=True,
    ),
    *_force_majeure(
        S.IN_TRAINING, c.claimable_in_training, Effect.SPEND_DONE, ("reason", "done_percent")
    ),
    Transition(
        A.CANCEL_BY_PROVIDER, S.IN_TRAINING, S.CANCELLED_BY_PROVIDER, PROVIDER,
        effect=Effect.SPEND_DONE, mail="cancelled_by_provider",
        details=("reason", "done_percent"),
    ),
    Transition(
        A.DECLARE_END, S.IN_TRAINING, S.FINISHED, PROVIDER, c.undisputed_present,
        mail="finished", options=("on",),
    ),
    *_absence(S.IN_TRAINING),
    *_fraud(S.IN_TRAINING),
)  # fmt: skip

AFTER_TRAINING = (
    Transition(
        A.DECLARE_SERVICE, S.FINISHED, S.SETTLED, PROVIDER, c.undisputed,
        effect=Effect.SPEND_DONE, mail="settled", options=("done_percent", "note"),
    ),
    *_fraud(S.FINISHED),
    Transition(
        A.RATE, S.FINISHED, S.FINISHED, TITULAIRE, c.unrated, details=("marks",)
    ),
    Transition(
        A.RATE, S.SETTLED, S.SETTLED, TITULAIRE, c.unrated, details=("marks",)
    ),
)  # fmt: skip

TABLE: tuple[Transition, ...] = (
    *BEFORE_SENDING, *PROVIDER_ANSWERS, *TITULAIRE_ANSWERS, *PAYMENT_OF_REMAINDER,
    *BEFORE_TRAINING, *IN_TRAINING, *AFTER_TRAINING,
)  # fmt: skip
MAILS = frozenset(row.mail for row in TABLE) - {""}


def rows_for(dossier: Dossier, action: A, who: ActorKind) -> list[Transition]:
    """Return the rows of this step, of which `when` chooses one. Raises StepRefused when there is none."""
    rows = [
        row for row in TABLE if (row.action, row.source, row.who) == (action, dossier.state, who)
    ]
    if not rows:
        state = S(dossier.state).label
        raise StepRefused(
            f"Cette étape n’est plus possible : le dossier est à l’état « {state} ». "
            "Il a peut-être changé depuis que vous avez ouvert la page."
        )
    return rows


def allowed(dossier: Dossier, who: ActorKind, today: date) -> list[A]:
    """Return what `who` may do with the dossier today, in the order of the table, each action once."""
    possible = (
        row.action
        for row in TABLE
        if (row.source, row.who) == (dossier.state, who) and not row.condition(dossier, today)
    )
    return list(dict.fromkeys(possible))
