"""What a step does to the rights, to the card payment and to the places: by the services of the ledger."""

from collections.abc import Callable

from catalogue.models import Session
from rights import services as ledger
from rights.dossiers import payments
from rights.dossiers.exceptions import ReviewChanged, StepRefused
from rights.dossiers.reviewing import FULL, make_review
from rights.dossiers.states import WITH_PLACE, State
from rights.dossiers.steps import Step
from rights.dossiers.transitions import Effect
from rights.models import Dossier, Reservation

WHOLE = 100


def apply(effect: Effect, step: Step) -> None:
    """Do what the row of the table says, in the caller's transaction.

    Raises StepRefused or ReviewChanged when it cannot be done, LedgerError when the ledger refuses.
    """
    _EFFECTS[effect](step)


def move_place(dossier: Dossier, before: State, after: State) -> None:
    """Take a place of the session, or give it back, when the step changes who has one."""
    had, has = before in WITH_PLACE, after in WITH_PLACE
    if dossier.session_id is None or had == has:
        return
    if had:
        Session.objects.give_place_back(dossier.session_id)
    elif not Session.objects.take_place(dossier.session_id):
        raise StepRefused(FULL)


def _nothing(step: Step) -> None:
    """The step concerns neither the rights nor the payment."""


def _reserve(step: Step) -> None:
    """Keep aside what the review said, exactly: anything else must be reviewed again."""
    dossier = step.dossier
    account = ledger.locked(ledger.open_account(titulaire=dossier.titulaire))
    review = make_review(dossier, account, today=step.today, figures=step.figures)
    if review.obstacles:
        raise StepRefused(review.obstacles[0])
    if review.digest != step.details["reviewed"]:
        raise ReviewChanged
    has_same_price = dossier.reservation and review.terms.price_cents == dossier.price_cents
    review.terms.write_to(dossier)
    if has_same_price:
        return
    for name in ("cpf", "dif", "abondement", "remainder", "participation"):
        setattr(dossier, f"{name}_cents", getattr(review.amounts, f"{name}_cents"))
    if dossier.reservation:
        ledger.release(reservation=dossier.reservation, today=step.today)
    dossier.reservation = ledger.reserve(
        account=account,
        amount_cents=dossier.rights_cents,
        reference=_reference(dossier),
        today=step.today,
        certification=dossier.offer.certification,
    )


def _reference(dossier: Dossier) -> str:
    """Return a reference of its own for each reservation of the dossier: a new price is a new one."""
    name = f"dossier {dossier.reference}"
    known = Reservation.objects.filter(reference__startswith=name).count()
    return f"{name} ({known + 1})" if known else name


def _release(step: Step) -> None:
    ledger.release(reservation=_reservation(step), today=step.today)
    payments.owe_back(step.dossier)


def _spend(step: Step) -> None:
    _spend_share(step, WHOLE)


def _spend_done(step: Step) -> None:
    done = step.details.get("done_percent", WHOLE)
    _spend_share(step, done)
    payments.owe_back(step.dossier, WHOLE - done)


def _spend_share(step: Step, percent: int) -> None:
    reservation = _reservation(step)
    cents = share(reservation.amount_cents, percent)
    if cents:
        ledger.spend(reservation=reservation, amount_cents=cents, today=step.today)
    else:
        ledger.release(reservation=reservation, today=step.today)
    step.dossier.done_percent = percent if step.details.get("done_percent") is not None else None


def share(amount_cents: int, percent: int) -> int:
    """Return this share of an amount to the nearest cent: at least one, once something took place."""
    return max((amount_cents * percent + WHOLE // 2) // WHOLE, 1 if percent else 0)


def _reservation(step: Step) -> Reservation:
    reservation = step.dossier.reservation
    if reservation is None:
        raise TypeError("a dossier that was sent has a reservation")
    return reservation


_EFFECTS: dict[Effect, Callable[[Step], None]] = {
    Effect.NONE: _nothing,
    Effect.RESERVE: _reserve,
    Effect.RELEASE: _release,
    Effect.SPEND: _spend,
    Effect.SPEND_DONE: _spend_done,
}
