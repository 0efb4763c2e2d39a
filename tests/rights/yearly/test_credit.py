"""The yearly run: who gets what, once, below the cap."""

from datetime import date

import pytest

from rights import yearly
from rights.imports import BadFile
from rights.models import (
    ClosingReason,
    Declaration,
    DeclarationKind,
    HoursMovement,
    Movement,
    RightsAccount,
    RunState,
    YearlyRun,
)
from rights.services import close_account, open_account, reserve
from tests.factories import TitulaireFactory, make_nir
from tests.rights.feed import TODAY, feed, line, run_feed
from tests.rights.ledger import give, give_abondement, give_dif

pytestmark = pytest.mark.django_db


def cents_of(titulaire) -> int:
    return RightsAccount.objects.held_by(titulaire).cpf_cents


def test_full_year_is_credited_with_its_explanation():
    titulaire = TitulaireFactory()

    run = run_feed(line(titulaire))

    assert cents_of(titulaire) == 500_00
    assert run.state == RunState.DONE
    assert (run.people, run.credited, run.credited_cents) == (1, 1, 500_00)
    movement = Movement.objects.get()
    assert (movement.year, movement.effective_on) == (2021, TODAY)
    assert movement.legal_basis.startswith("Code du travail, art. R6323-1")
    assert movement.details == {
        "rule": "salarie",
        "work_share": 100_00,
        "amount_cents": 500_00,
        "cap_cents": 5_000_00,
        "figures_on": "2021-12-31",
        "held_cents": 0,
    }


@pytest.mark.parametrize(
    ("lines", "cents"),
    [
        ([{"share": "50"}], 500_00),
        ([{"share": "49,99"}], 249_95),
        ([{"last": "30/06"}], 500_00),
        ([{"share": "50", "last": "30/06"}], 125_00),
        ([{"share": "30"}, {"share": "25"}], 500_00),
        ([{"share": "30"}, {"status": "independant"}], 500_00),
        ([{"status": "independant", "last": "31/03"}], 125_00),
        ([{"status": "esat", "share": "20"}, {"share": "80"}], 800_00),
        ([{"status": "agent_public"}], 0),
    ],
)
def test_amount_follows_work_and_status(lines, cents):
    titulaire = TitulaireFactory()

    run_feed(*(line(titulaire, **fields) for fields in lines))

    assert cents_of(titulaire) == cents


@pytest.mark.parametrize(
    ("kind", "declared_on", "withdrawn_on", "cents"),
    [
        (DeclarationKind.LOW_QUALIFIED, date(2021, 12, 31), None, 800_00),
        (DeclarationKind.LOW_QUALIFIED, date(2022, 1, 1), None, 500_00),
        (DeclarationKind.BOETH, date(2020, 3, 1), None, 800_00),
        (DeclarationKind.BOETH, date(2020, 3, 1), date(2021, 5, 1), 800_00),
        (DeclarationKind.BOETH, date(2020, 3, 1), date(2020, 12, 31), 500_00),
    ],
)
def test_declarations_change_the_amount(kind, declared_on, withdrawn_on, cents):
    titulaire = TitulaireFactory()
    Declaration.objects.create(
        titulaire=titulaire, kind=kind, declared_on=declared_on, withdrawn_on=withdrawn_on
    )

    run_feed(line(titulaire))

    assert cents_of(titulaire) == cents


def test_credit_stops_at_the_cap_which_counts_dif_and_reservations_and_not_abondements():
    titulaire = TitulaireFactory()
    give(titulaire, 3_000_00, year=2019)
    give_dif(titulaire, 1_800_00)
    give_abondement(titulaire, 4_000_00)
    account = open_account(titulaire=titulaire)
    reserve(account=account, amount_cents=2_000_00, reference="D1", today=TODAY)

    run = run_feed(line(titulaire))

    movement = Movement.objects.get(year=2021)
    assert movement.amount_cents == 200_00
    assert movement.details["held_cents"] == 4_800_00
    assert run.at_cap == 1
    assert not RightsAccount.objects.inconsistent().exists()


def test_nothing_is_credited_at_the_cap():
    titulaire = TitulaireFactory()
    give(titulaire, 5_000_00, year=2019)

    run = run_feed(line(titulaire))

    assert cents_of(titulaire) == 5_000_00
    assert (run.credited, run.at_cap) == (0, 1)


@pytest.mark.parametrize(
    ("start", "status", "cents"),
    [
        ("2050199999", "salarie", 500_00),  # sixteen in 2021
        ("2060199999", "salarie", 0),
        ("2060199999", "apprenti", 500_00),
        ("2070199999", "apprenti", 0),
        ("2220199999", "salarie", 500_00),  # 1922: nobody is born after the year
    ],
)
def test_account_opens_at_sixteen_fifteen_for_an_apprentice(start, status, cents):
    titulaire = TitulaireFactory(nir=make_nir(start=start))

    run_feed(line(titulaire, status))

    assert cents_of(titulaire) == cents


@pytest.mark.parametrize(("closed_on", "cents"), [(TODAY, 0), (date(2022, 4, 16), 500_00)])
def test_retirement_ends_the_credits(closed_on, cents):
    titulaire = TitulaireFactory()
    close_account(
        account=open_account(titulaire=titulaire),
        reason=ClosingReason.RETIREMENT,
        closed_on=closed_on,
    )

    run_feed(line(titulaire))

    assert cents_of(titulaire) == cents


@pytest.mark.parametrize(
    ("status", "is_low", "held", "hours"),
    [
        ("agent_public", False, 0, 25),
        ("agent_public", False, 140, 10),
        ("agent_public_c", True, 0, 50),
        ("agent_public_c", True, 390, 10),
        ("agent_public_c", False, 0, 25),
    ],
)
def test_public_agents_get_hours_on_their_own_counter(status, is_low, held, hours):
    titulaire = TitulaireFactory()
    if is_low:
        Declaration.objects.create(
            titulaire=titulaire, kind=DeclarationKind.LOW_QUALIFIED, declared_on=date(2020, 1, 1)
        )
    account = open_account(titulaire=titulaire)
    RightsAccount.objects.filter(pk=account.pk).update(public_hours=held)

    run = run_feed(line(titulaire, status))

    assert HoursMovement.objects.get().hours == hours == run.hours_credited
    account.refresh_from_db()
    assert (account.public_hours, account.cpf_cents) == (held + hours, 0)


def test_same_feed_twice_credits_once():
    titulaire = TitulaireFactory()

    first = run_feed(line(titulaire))
    again = run_feed(line(titulaire))

    assert again == first
    assert cents_of(titulaire) == 500_00
    assert YearlyRun.objects.count() == 1


def test_another_feed_of_the_year_credits_only_those_who_were_not():
    known, late = TitulaireFactory(), TitulaireFactory()
    give(known, 300_00, year=2021)

    run = run_feed(line(known), line(late))

    assert (cents_of(known), cents_of(late)) == (300_00, 500_00)
    assert run.already_credited == 1


def test_batches_give_what_one_batch_gives():
    people = TitulaireFactory.create_batch(7)

    run = run_feed(*map(line, people), batch_people=2)

    assert run.people == run.credited == 7
    assert [cents_of(person) for person in people] == [500_00] * 7


def test_line_in_double_counts_once_and_unknown_people_are_told():
    titulaire = TitulaireFactory()
    half = line(titulaire, share="20")

    run = run_feed(half, half, line(TitulaireFactory.build()))

    assert (run.lines_read, run.duplicate_lines, run.unknown_people) == (3, 1, 1)
    assert cents_of(titulaire) == 100_00


def test_bad_line_stops_everything_and_the_mended_file_credits():
    titulaire = TitulaireFactory()

    refused = run_feed(line(titulaire), line(titulaire, share="101"))

    assert refused.state == RunState.REFUSED
    assert refused.problems == [
        "ligne 3\u00a0: la quotité doit aller de 0,01 à 100, par exemple 49,99."
    ]
    assert cents_of(titulaire) == 0
    assert run_feed(line(titulaire)).state == RunState.DONE
    assert cents_of(titulaire) == 500_00


def test_refused_file_is_read_again():
    titulaire = TitulaireFactory()
    lines = [line(titulaire, share="0")]

    run_feed(*lines)
    again = run_feed(*lines)

    assert (again.state, again.lines_read, again.bad_lines) == (RunState.REFUSED, 1, 1)


@pytest.mark.parametrize("year", [2018, 2022, 2030])
def test_year_that_cannot_be_credited_is_refused(year):
    with pytest.raises(BadFile, match="2019 à 2021"):
        run_feed(line(TitulaireFactory()), year=year)


def test_forecast_tells_the_report_and_writes_nothing():
    people = TitulaireFactory.create_batch(3)
    stream = feed(*map(line, people))
    run = yearly.load_feed(yearly.open_run(stream, year=2021, name="dsn.csv", today=TODAY), stream)

    told = yearly.forecast(run, batch_people=2)

    assert (told.people, told.credited_cents) == (3, 1_500_00)
    assert not Movement.objects.exists()
    assert YearlyRun.objects.get().state == RunState.READY
    assert run_feed(*map(line, people)).credited_cents == 1_500_00
