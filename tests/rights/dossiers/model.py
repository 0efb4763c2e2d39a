"""Dossiers and the rights that pay them, in plain Python: written from the rules, not from the code.

Year 2021: no participation, no ceiling. Pockets CPF and DIF, the DIF first.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
OFF = {
    date(2021, 4, 5), date(2021, 5, 13), date(2021, 5, 24), date(2021, 7, 14), date(2021, 11, 1),
    date(2021, 11, 11),
}  # fmt: skip
DONE = {"refused", "request_cancelled", "settled", "cancelled", "cancelled_by_provider"}


class Refused(Exception):
    """The rules say no."""


def worked(day: date, days: int, way: int = 1) -> date:
    while days:
        day += way * DAY
        days -= day.weekday() < 5 and day not in OFF
    return day


@dataclass
class File:
    price: int
    start: date
    state: str = "draft"
    dif: int = 0
    cpf: int = 0
    due: date | None = None
    agreed: date | None = None
    absent: date | None = None
    is_claimed: bool = False
    is_answered: bool = False
    recommended: tuple[int, int] | None = None  # by which agent, which share
    reporter: int | None = None
    proposed: int = 0
    refunded: int = 0
    is_paid: bool = False

    @property
    def rest(self) -> int:
        return self.price - self.dif - self.cpf


@dataclass
class Story:
    today: date
    cpf: int = 0
    dif: int = 0
    files: list[File] = field(default_factory=list)
    agent: int = 0

    def expire(self, f: File) -> None:
        if f.due and self.today > f.due:
            self._free(f)
            self._to(f, "request_cancelled")
        waits = f.is_claimed or f.reporter is not None
        if f.absent and not waits and f.state not in DONE and self.today > f.absent:
            f.state = "cancelled"  # all that was held is lost

    def steps(self, f: File) -> list[str]:
        """Return what can be tried of a file that was sent, in its state."""
        prefix = f"_{f.state}_"
        names = [name.removeprefix(prefix) for name in dir(self) if name.startswith(prefix)]
        return [name for name in names if name != "send"]

    def take(self, f: File, action: str, value: int = 0, agent: int = 0) -> None:
        """Take a step or raise Refused; `value` is a price or a share, `agent` who of the staff acts."""
        self.expire(f)
        self.agent = agent
        step = getattr(self, f"_{f.state}_{action}", None)
        if step is None:
            raise Refused
        step(f, value)

    # --- the steps, named by the state that they leave

    def _draft_send(self, f, _):
        if worked(self.today, 11) > f.start or not self._hold(f):
            raise Refused
        self._to(f, "requested", worked(self.today, 2))

    def _requested_accept(self, f, _):
        self._to(f, "to_validate", worked(self.today, 4))

    def _requested_propose(self, f, price):
        f.proposed = price
        self._to(f, "proposed", worked(self.today, 4))

    def _requested_refuse(self, f, _):
        self._free(f)
        self._to(f, "refused")

    def _requested_cancel_request(self, f, _):
        self._free(f)
        self._to(f, "request_cancelled")

    _to_validate_cancel_request = _requested_cancel_request
    _paying_cancel_request = _payment_refused_cancel_request = _requested_cancel_request
    _proposed_refuse_proposal = _requested_cancel_request

    def _to_validate_confirm(self, f, _):
        self._agree(f)

    def _proposed_accept_proposal(self, f, _):
        if f.proposed != f.price:
            self._free(f)
            f.price = f.proposed
            self._hold(f)
        self._agree(f)

    def _paying_accepted(self, f, _):
        f.is_paid = True
        self._validate(f)

    def _paying_refused(self, f, _):
        f.state = "payment_refused"

    def _payment_refused_accepted(self, f, _):
        self._paying_accepted(f, _)

    def _payment_refused_refused(self, f, _):
        """Another try, refused too."""

    def _validated_withdraw(self, f, _):
        if self.today > self._withdrawal(f):
            raise Refused
        self._end_free(f)

    def _validated_cancel(self, f, _):
        if self.today > self._free_until(f):
            raise Refused
        self._end_free(f)

    def _validated_cancel_late(self, f, _):
        self._only_late(f)
        self._undisputed(f)
        self._to(f, "cancelled")  # all that was held is lost

    def _validated_claim_force_majeure(self, f, _):
        self._only_late(f)
        self._in_training_claim_force_majeure(f, _)

    def _validated_recommend_force_majeure(self, f, _):
        self._in_training_recommend_force_majeure(f, 0)

    def _validated_accept_force_majeure(self, f, _):
        self._only(f.is_claimed)
        self._recommended(f, 0)
        self._end_free(f)

    def _validated_refuse_force_majeure(self, f, _):
        self._only(f.is_claimed)
        f.is_claimed, f.is_answered = False, True

    def _validated_report_fraud(self, f, _):
        self._only(f.reporter is None)
        f.reporter = self.agent

    def _validated_cancel_for_fraud(self, f, _):
        self._only(f.reporter is not None)
        self._only(self._needs_one(f) or f.reporter != self.agent)
        self._end_free(f)

    def _validated_dismiss_fraud(self, f, _):
        self._only(f.reporter is not None)
        self._only(self._needs_one(f) or f.reporter != self.agent)
        f.reporter = None

    _in_training_report_fraud = _finished_report_fraud = _validated_report_fraud
    _in_training_cancel_for_fraud = _finished_cancel_for_fraud = _validated_cancel_for_fraud
    _in_training_dismiss_fraud = _finished_dismiss_fraud = _validated_dismiss_fraud

    def _validated_cancel_by_provider(self, f, _):
        self._end_free(f)
        f.state = "cancelled_by_provider"

    def _validated_declare_entry(self, f, _):
        if f.absent or self.today < f.start:
            raise Refused
        self._to(f, "in_training")

    def _validated_declare_absence(self, f, _):
        self._undisputed(f)
        if f.absent or self.today < f.start:
            raise Refused
        f.absent, f.is_answered = worked(self.today, 4), False

    def _validated_retract_absence(self, f, _):
        if not f.absent:
            raise Refused
        f.absent = None

    def _in_training_abandon(self, f, _):
        self._undisputed(f)
        self._to(f, "cancelled")

    def _in_training_claim_force_majeure(self, f, _):
        self._only(not f.is_claimed and not f.is_answered)
        f.is_claimed, f.recommended = True, None

    def _in_training_recommend_force_majeure(self, f, percent):
        self._only(f.is_claimed)
        f.recommended = self.agent, percent

    def _in_training_accept_force_majeure(self, f, percent):
        self._only(f.is_claimed)
        self._recommended(f, percent)
        self._spend(f, percent)
        self._to(f, "cancelled")

    _in_training_refuse_force_majeure = _validated_refuse_force_majeure

    _in_training_declare_absence = _validated_declare_absence
    _in_training_retract_absence = _validated_retract_absence

    def _in_training_cancel_by_provider(self, f, percent):
        self._only(not (f.is_claimed or f.reporter is not None) or percent == 0)
        self._spend(f, percent)
        self._to(f, "cancelled_by_provider")

    def _in_training_declare_end(self, f, _):
        self._undisputed(f)
        self._only(not f.absent)
        self._to(f, "finished")

    def _finished_declare_service(self, f, percent):
        self._undisputed(f)
        self._spend(f, percent)
        self._to(f, "settled")

    # --- what they are made of

    def _only(self, is_so):
        if not is_so:
            raise Refused

    def _undisputed(self, f):
        self._only(not f.is_claimed and f.reporter is None)

    def _needs_one(self, f):
        return f.dif + f.cpf <= 1000_00

    def _recommended(self, f, percent):
        self._only(self._needs_one(f) or f.recommended == (1 - self.agent, percent))

    def _only_late(self, f):
        self._only(self.today > self._withdrawal(f) and self.today > self._free_until(f))

    def _to(self, f, state, due=None):
        f.state, f.due = state, due and min(due, f.start - DAY)

    def _hold(self, f):
        f.dif = min(self.dif, f.price)
        f.cpf = min(self.cpf, f.price - f.dif)
        self.dif -= f.dif
        self.cpf -= f.cpf
        return f.dif + f.cpf

    def _free(self, f):
        self.dif += f.dif
        self.cpf += f.cpf
        f.refunded = f.rest if f.is_paid else 0

    def _agree(self, f):
        if f.rest:
            f.state = "paying"
        else:
            self._validate(f)

    def _validate(self, f):
        self._to(f, "validated")
        f.agreed = self.today

    def _end_free(self, f):
        self._free(f)
        self._to(f, "cancelled")

    def _spend(self, f, percent):
        spent = max(((f.dif + f.cpf) * percent + 50) // 100, 1 if percent else 0)
        of_dif = min(f.dif, spent)
        self.dif += f.dif - of_dif
        self.cpf += f.cpf - (spent - of_dif)
        f.refunded = f.rest * (100 - percent) // 100 if f.is_paid else 0

    def _withdrawal(self, f):
        return min(worked(f.agreed, 14), f.start - DAY)

    def _free_until(self, f):
        return worked(f.start, 7, -1) - DAY

    @property
    def reserved(self) -> int:
        held = (f for f in self.files if f.state not in DONE | {"draft"})
        return sum(f.dif + f.cpf for f in held)
