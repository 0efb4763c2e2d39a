"""What a year of work brings: amount, cap and hours, by status."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rights.models.parameter import Figures
from rights.models.parameter import ParameterName as P
from rights.rules.work import FULL_YEAR, proportion

# The euros begin with the loi n° 2018-771: until 2018 the account counted hours.
FIRST_YEAR_IN_EUROS = 2019
ESAT, LOW_QUALIFIED, BOETH, TOO_YOUNG = 1, 2, 4, 8


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's year: her work in each status, in parts of FULL_YEAR, and what changes the amount."""

    salarie_work: int = 0
    independant_work: int = 0
    agent_work: int = 0
    agent_c_work: int = 0
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """What one status brings, before the cap: `rule` names it for « Pourquoi ce montant ? »."""

    rule: str
    cents: int
    cap_cents: int
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a public agent: `yearly` up to `step`, `then` from there to `cap`."""

    yearly: int
    step: int
    then: int
    cap: int
    legal_basis: str


NO_AMOUNT = Amount("none", 0, 0, "")
NO_HOURS = Hours(0, 0, 0, 0, "")


def figures_day(year: int) -> date:
    """Return the day whose figures hold for `year`: its last, when the right is acquired."""
    return date(year, 12, 31)


def yearly_amount(profile: Profile, figures: Figures) -> Amount:
    """Return the most favourable of the statuses of the year: the highest amount, under the highest cap.

    Nothing before the age that opens the account (Code du travail, art. L5151-2).
    """
    amounts = [] if profile.flags & TOO_YOUNG else _amounts(profile, figures)
    if not amounts:
        return NO_AMOUNT
    best = max(amounts, key=lambda amount: (amount.cents, amount.cap_cents))
    cap = max(amount.cap_cents for amount in amounts)
    return Amount(best.rule, best.cents, cap, best.legal_basis)


def yearly_hours(profile: Profile, figures: Figures) -> Hours:
    """Return the hours of a public agent; in category C under level 3 he has more of them."""
    if profile.flags & TOO_YOUNG or not profile.agent_work + profile.agent_c_work:
        return NO_HOURS
    work = profile.agent_work + profile.agent_c_work
    if profile.agent_c_work and profile.flags & LOW_QUALIFIED:
        cap = figures[P.PUBLIC_C_HOURS_CAP]
        yearly = proportion(figures[P.PUBLIC_C_HOURS], work)
        return Hours(yearly, cap, 0, cap, figures.legal_basis(P.PUBLIC_C_HOURS))
    return Hours(
        proportion(figures[P.PUBLIC_HOURS], work),
        figures[P.PUBLIC_HOURS_STEP],
        proportion(figures[P.PUBLIC_HOURS_THEN], work),
        figures[P.PUBLIC_HOURS_CAP],
        figures.legal_basis(P.PUBLIC_HOURS),
    )


def below_cap(amount_cents: int, *, cap_cents: int, held_cents: int) -> int:
    """Return what is really credited: min(amount, cap − rights), never below 0.

    The DIF counts in the rights (ordonnance n° 2019-861, art. 8), the abondements do not.
    """
    return max(0, min(amount_cents, cap_cents - held_cents))


def hours_below_cap(hours: Hours, held: int) -> int:
    """Return the hours really credited to who holds `held` of them."""
    given = min(hours.yearly, hours.step - held) if held < hours.step else hours.then
    return max(0, min(given, hours.cap - held))


def private_hours(work: int, held: int, figures: Figures) -> int:
    """Return the hours of one year from 2015 to 2018, for `work` parts of FULL_YEAR."""
    hours = Hours(
        proportion(figures[P.PRIVATE_HOURS], work),
        figures[P.PRIVATE_HOURS_STEP],
        proportion(figures[P.PRIVATE_HOURS_THEN], work),
        figures[P.PRIVATE_HOURS_CAP],
        figures.legal_basis(P.PRIVATE_HOURS),
    )
    return hours_below_cap(hours, held)


def converted(hours: int, figures: Figures) -> int:
    """Return the cents of `hours` of the account (décret n° 2018-1153, art. D6323-44)."""
    return hours * figures[P.HOUR_VALUE]


def too_young_birth_years(year: int, age: int) -> list[int]:
    """Return the two-digit birth years of those who do not reach `age` by the end of `year`.

    The NIR has two digits: nobody who works is a hundred years old, so the nearest century counts.
    """
    return [birth % 100 for birth in range(year - age + 1, year + 1)]


def explain(profile: Profile, amount: Amount, figures: Figures) -> dict[str, Any]:
    """Return what « Pourquoi ce montant ? » shows of the calculation, but for what was held."""
    return {
        "rule": amount.rule,
        "work_share": min(_work(profile, amount), FULL_YEAR) * 100_00 // FULL_YEAR,
        "amount_cents": amount.cents,
        "cap_cents": amount.cap_cents,
        "figures_on": figures.on.isoformat(),
    }


def _work(profile: Profile, amount: Amount) -> int:
    """Return the work that gave the amount, of somebody who may have had two statuses."""
    return profile.independant_work if amount.rule == "independant" else profile.salarie_work


def _amounts(profile: Profile, figures: Figures) -> list[Amount]:
    found = []
    if profile.flags & ESAT:
        found.append(_of(figures, "esat", figures[P.ESAT_CREDIT], P.ESAT_CREDIT, P.ESAT_CAP))
    if profile.salarie_work:
        found += _salarie(profile, figures)
    if profile.independant_work:
        cents = proportion(figures[P.INDEPENDENT_CREDIT], profile.independant_work)
        found.append(_of(figures, "independant", cents, P.INDEPENDENT_CREDIT, P.INDEPENDENT_CAP))
    return found


def _salarie(profile: Profile, figures: Figures) -> list[Amount]:
    ordinary = _by_share(figures[P.CREDIT], profile.salarie_work, figures)
    found = [_of(figures, "salarie", ordinary, P.CREDIT, P.CREDIT_CAP)]
    if profile.flags & LOW_QUALIFIED and P.LOW_QUALIFIED_CREDIT in figures:
        cents = _by_share(figures[P.LOW_QUALIFIED_CREDIT], profile.salarie_work, figures)
        found.append(
            _of(figures, "low_qualified", cents, P.LOW_QUALIFIED_CREDIT, P.LOW_QUALIFIED_CAP)
        )
    if profile.flags & BOETH and P.BOETH_EXTRA in figures:
        cents = ordinary + figures[P.BOETH_EXTRA]  # the extra is a fixed amount
        found.append(_of(figures, "boeth", cents, P.BOETH_EXTRA, P.BOETH_CAP))
    return found


def _by_share(full: int, work: int, figures: Figures) -> int:
    """Return the whole amount from half of full time on, below in proportion (R6323-1, I and II)."""
    if work * 100 >= figures[P.FULL_CREDIT_SHARE] * FULL_YEAR:
        return full
    return proportion(full, work)


def _of(figures: Figures, rule: str, cents: int, source: P, cap: P) -> Amount:
    return Amount(rule, cents, figures[cap], figures.legal_basis(source))
