"""The examples of the law and of the press, each with its source (reference/domain.md 2.1 to 2.3)."""

from datetime import date

import pytest

from rights.exceptions import InsufficientRights
from rights.models import Parameter, Pocket
from rights.rules.consumption import Part, Source, plan
from rights.rules.work import FULL_TIME, FULL_YEAR, proportion, work_of
from rights.rules.yearly import (
    BOETH,
    ESAT,
    LOW_QUALIFIED,
    TOO_YOUNG,
    Profile,
    below_cap,
    converted,
    figures_day,
    hours_below_cap,
    private_hours,
    too_young_birth_years,
    yearly_amount,
    yearly_hours,
)


def figures(year: int):
    return Parameter.objects.figures(figures_day(year))


def share_of_year(percent: str) -> int:
    whole, _, rest = percent.partition(".")
    return FULL_YEAR // FULL_TIME * (int(whole) * 100 + int(rest.ljust(2, "0") or 0))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("case", "profile", "cents", "cap_cents"),
    [
        ("CT R6323-1, I: full time", {"salarie": "100"}, 500_00, 5_000_00),
        ("CT R6323-1, I: half time (terkane.com)", {"salarie": "50"}, 500_00, 5_000_00),
        ("CT R6323-1, II: 49,99 % gives 249,95 €", {"salarie": "49.99"}, 249_95, 5_000_00),
        ("half time for 6 months (terkane.com)", {"salarie": "25"}, 125_00, 5_000_00),
        ("R6323-1, II: up to the next cent", {"salarie": "33.33"}, 166_65, 5_000_00),
        ("L6323-11-1, R6323-3-1: low-qualified", {"salarie": "50", "flags": LOW_QUALIFIED},
         800_00, 8_000_00),
        ("the same below half time", {"salarie": "25", "flags": LOW_QUALIFIED}, 200_00, 8_000_00),
        ("D6323-3-3: 500 + 300 for a BOETH", {"salarie": "100", "flags": BOETH}, 800_00, 8_000_00),
        ("BOETH below half time: the extra is fixed", {"salarie": "25", "flags": BOETH},
         425_00, 8_000_00),
        ("low-qualified and BOETH: the better one", {"salarie": "25", "flags": BOETH | LOW_QUALIFIED},
         425_00, 8_000_00),
        ("L6323-34, R6323-29: ESAT, part time alike", {"flags": ESAT}, 800_00, 8_000_00),
        ("L6323-27, R6323-22: indépendant", {"independant": "100"}, 500_00, 5_000_00),
        ("R6323-22: × time of activity, to the cent above", {"independant": "33.33"},
         166_65, 5_000_00),
        ("SP-2020: several statuses, most favourable", {"salarie": "10", "independant": "100"},
         500_00, 5_000_00),
        ("ESAT beside a job: highest amount and cap", {"salarie": "100", "flags": ESAT},
         800_00, 8_000_00),
        ("a job seeker gains nothing (F12382)", {}, 0, 0),
        ("L5151-2: too young", {"salarie": "100", "flags": TOO_YOUNG}, 0, 0),
        ("a public agent gains hours, not euros", {"agent": "100"}, 0, 0),
    ],
)  # fmt: skip
def test_yearly_amount_of_each_status(case, profile, cents, cap_cents):
    flags = profile.pop("flags", 0)
    works = {f"{name}_work": share_of_year(percent) for name, percent in profile.items()}

    amount = yearly_amount(Profile(flags=flags, **works), figures(2021))

    assert (amount.cents, amount.cap_cents) == (cents, cap_cents)
    assert bool(amount.legal_basis) == bool(cents)


@pytest.mark.django_db
def test_boeth_extra_begins_with_its_decree():
    profile = Profile(salarie_work=FULL_YEAR, flags=BOETH)

    assert yearly_amount(profile, figures(2019)).cents == 800_00
    before = Parameter.objects.figures(date(2019, 6, 8))
    assert yearly_amount(profile, before).cents == 500_00


@pytest.mark.parametrize(
    ("held", "cents"),
    [(0, 500_00), (4_500_00, 500_00), (4_500_01, 499_99), (5_000_00, 0), (9_000_00, 0)],
)
def test_cap_limits_the_credit_and_takes_nothing_back(held, cents):
    assert below_cap(500_00, cap_cents=5_000_00, held_cents=held) == cents


@pytest.mark.parametrize(
    ("first", "last", "share", "part"),
    [
        ((2021, 1, 1), (2021, 12, 31), 100_00, 1),
        ((2020, 1, 1), (2020, 6, 30), 100_00, 1 / 2),
        ((2021, 1, 1), (2021, 6, 30), 50_00, 1 / 4),
        ((2021, 2, 1), (2021, 2, 28), 100_00, 1 / 12),
        ((2020, 2, 1), (2020, 2, 29), 100_00, 1 / 12),
        ((2021, 4, 16), (2021, 4, 30), 100_00, 1 / 24),
        ((2015, 6, 1), (2030, 6, 1), 100_00, 1),
        ((2022, 1, 1), (2022, 12, 31), 100_00, 0),
    ],
)
def test_work_counts_in_twelfths_inside_the_year(first, last, share, part):
    year = 2020 if first[0] == 2020 else 2021

    assert work_of(date(*first), date(*last), share, year) == round(FULL_YEAR * part)


def test_proportion_is_rounded_up_only_when_something_is_left():
    assert proportion(500_00, FULL_YEAR // 3) == 166_67
    assert proportion(500_00, FULL_YEAR // 2) == 250_00
    assert proportion(500_00, 1) == 1
    assert proportion(500_00, 0) == 0
    assert proportion(500_00, 2 * FULL_YEAR) == 500_00


@pytest.mark.django_db
def test_hours_from_2015_to_2018_are_worth_1440_euros_and_3240_with_the_dif():
    """BFM, November 2019: the two figures that the press gave at launch (décret n° 2018-1153)."""
    held = 0
    for year in range(2015, 2019):
        held += private_hours(FULL_YEAR, held, figures(year))

    assert held == 96
    assert converted(held, figures(2019)) == 1_440_00
    assert converted(held + 120, figures(2019)) == 3_240_00


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("held", "percent", "hours"),
    [(0, "100", 24), (110, "100", 10), (120, "100", 12), (144, "100", 6), (150, "100", 0),
     (0, "50", 12), (0, "30", 8)],
)  # fmt: skip
def test_hours_before_2019_by_year(held, percent, hours):
    assert private_hours(share_of_year(percent), held, figures(2016)) == hours


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "profile", "held", "hours"),
    [
        (2021, {"agent_work": FULL_YEAR}, 0, 25),
        (2021, {"agent_work": FULL_YEAR}, 140, 10),
        (2021, {"agent_work": FULL_YEAR}, 150, 0),
        (2021, {"agent_work": FULL_YEAR // 2}, 0, 13),
        (2019, {"agent_work": FULL_YEAR}, 0, 24),
        (2019, {"agent_work": FULL_YEAR}, 120, 12),
        (2021, {"agent_c_work": FULL_YEAR, "flags": LOW_QUALIFIED}, 0, 50),
        (2021, {"agent_c_work": FULL_YEAR, "flags": LOW_QUALIFIED}, 380, 20),
        (2019, {"agent_c_work": FULL_YEAR, "flags": LOW_QUALIFIED}, 0, 48),
        (2021, {"agent_c_work": FULL_YEAR}, 0, 25),
        (2021, {"salarie_work": FULL_YEAR}, 0, 0),
    ],
)
def test_hours_of_a_public_agent(year, profile, held, hours):
    """SP-2020 F18090: 25 h to 150 h, 50 h to 400 h; before 2020 24 h to 120 h, then 12 h to 150 h."""
    assert hours_below_cap(yearly_hours(Profile(**profile), figures(year)), held) == hours


def test_too_young_is_who_turns_sixteen_after_the_year():
    years = too_young_birth_years(2021, 16)

    assert 6 in years
    assert 5 not in years
    assert 21 in years
    assert 22 not in years  # 1922
    assert too_young_birth_years(2010, 16)[:7] == [95, 96, 97, 98, 99, 0, 1]


DIF = Source(Pocket.DIF, 100)
CPF = Source(Pocket.CPF, 100)
BEFORE = Source(Pocket.ABONDEMENT, 100, abondement=1)
SOON = Source(Pocket.ABONDEMENT, 100, abondement=2, expires_on=date(2022, 1, 1))
KEPT = Source(Pocket.ABONDEMENT, 100, abondement=3, is_reserved=True)
AFTER = Source(Pocket.ABONDEMENT, 100, abondement=4, is_used_before_cpf=False)


@pytest.mark.parametrize(
    ("amount", "order"),
    [
        (100, [DIF]),
        (250, [DIF, KEPT, SOON]),
        (600, [DIF, KEPT, SOON, BEFORE, CPF, AFTER]),
    ],
)
def test_dif_is_used_first_and_what_can_be_lost_before_what_stays(amount, order):
    parts = plan(amount, [AFTER, CPF, BEFORE, SOON, KEPT, DIF])

    assert [(part.pocket, part.abondement) for part in parts] == [
        (source.pocket, source.abondement) for source in order
    ]
    assert sum(part.cents for part in parts) == amount


def test_last_source_gives_what_is_missing_only():
    assert plan(130, [CPF, DIF]) == [Part(Pocket.DIF, None, 100), Part(Pocket.CPF, None, 30)]


def test_more_than_all_the_sources_is_refused():
    with pytest.raises(InsufficientRights):
        plan(201, [CPF, DIF])
