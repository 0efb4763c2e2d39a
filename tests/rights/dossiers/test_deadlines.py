"""Each delay ends at midnight in Paris: one second before it holds, one second later it is over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rights.dossiers import services
from rights.dossiers.exceptions import StepRefused
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, Parameter, ReservationState, RightsAccount
from rights.services import spend
from tests.rights.dossiers.steps import (
    NOW,
    PROVIDER,
    at_noon,
    bring_to,
    do,
    draft,
    make_session,
    send,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# day of the request, last day of the provider (2), last day of the titulaire after that (4)
DELAYS = [
    (date(2021, 3, 1), date(2021, 3, 3), date(2021, 3, 9)),  # over a week-end
    (date(2021, 3, 25), date(2021, 3, 29), date(2021, 4, 2)),  # the clocks go forward
    (date(2021, 10, 28), date(2021, 11, 2), date(2021, 11, 8)),  # back, and All Saints' Day
    (date(2021, 4, 1), date(2021, 4, 6), date(2021, 4, 12)),  # Easter Monday
    (date(2021, 5, 12), date(2021, 5, 17), date(2021, 5, 21)),  # Ascension
    (date(2021, 12, 30), date(2022, 1, 3), date(2022, 1, 7)),  # New Year
]


def midnight_after(day: date) -> datetime:
    """The first moment after `day` in Paris, as the clock of the server tells it."""
    then = day + timedelta(days=1)
    local = datetime(then.year, then.month, then.day, tzinfo=timezone.get_default_timezone())
    return local.astimezone(UTC)


def request_on(day: date, **fields):
    starts_on = day + timedelta(days=90)
    session = make_session(starts_on=starts_on, ends_on=None, **fields)
    return send(draft(session=session, at=at_noon(day)), at_noon(day))


@pytest.mark.parametrize(("asked", "provider", "titulaire"), DELAYS)
def test_each_party_answers_until_midnight(asked, provider, titulaire):
    dossier = request_on(asked)
    assert dossier.due_on == provider

    dossier = do(dossier, A.ACCEPT, midnight_after(provider) - SECOND)
    assert (dossier.state, dossier.due_on) == (S.TO_VALIDATE, titulaire)

    dossier = do(dossier, A.CONFIRM, midnight_after(titulaire) - SECOND)
    assert (dossier.state, dossier.due_on) == (S.VALIDATED, None)


@pytest.mark.parametrize(("asked", "provider", "titulaire"), DELAYS[1:3])
def test_a_request_falls_at_midnight_whoever_was_late(asked, provider, titulaire):
    silent_provider = request_on(asked)
    silent_person = do(request_on(asked), A.ACCEPT, midnight_after(provider) - SECOND)

    for dossier, action, last in (
        (silent_provider, A.ACCEPT, provider),
        (silent_person, A.CONFIRM, titulaire),
    ):
        with pytest.raises(StepRefused):
            do(dossier, action, midnight_after(last))

        dossier.refresh_from_db()
        assert (dossier.state, dossier.due_on) == (S.REQUEST_CANCELLED, None)
        assert dossier.reservation.state == ReservationState.RELEASED
        assert RightsAccount.objects.get(titulaire=dossier.titulaire).cpf_cents == 2_000_00


def test_prerequisites_give_the_provider_thirty_days():
    dossier = request_on(date(2021, 3, 3), offer__access_conditions="Avoir un permis B.")

    assert dossier.due_on == date(2021, 4, 15)


def test_no_answer_is_awaited_once_the_training_starts():
    session = make_session(offer__entry_level=4)  # it starts on the 26th of April, 36 days away
    dossier = send(
        draft(session=session, at=at_noon(date(2021, 3, 20))), at_noon(date(2021, 3, 20))
    )

    assert dossier.due_on == dossier.starts_on - timedelta(days=1)


def test_a_training_is_asked_for_eleven_days_before():
    session = make_session()
    last = date(2021, 4, 11)  # a Sunday: the days count from Monday
    dossier, late = draft(session=session), draft(session=session)

    assert send(dossier, midnight_after(last) - SECOND).state == S.REQUESTED
    with pytest.raises(StepRefused, match=r"au plus tôt le 27 avril 2021 \(11"):
        send(late, midnight_after(last))


def test_withdrawal_ends_after_fourteen_days_and_leaves_the_free_cancellation():
    dossier = validated(days=60)
    last = dossier.withdrawal_until
    assert last == date(2021, 3, 23)

    with pytest.raises(StepRefused, match="rétractation est passé depuis le 23 mars 2021"):
        do(dossier, A.WITHDRAW, midnight_after(last))

    assert do(dossier, A.CANCEL, midnight_after(last)).state == S.CANCELLED
    assert do(validated(days=60), A.WITHDRAW, midnight_after(last) - SECOND).state == S.CANCELLED


def test_free_cancellation_ends_more_than_seven_days_before_the_start():
    dossier = validated(days=60)
    last = dossier.free_cancellation_until
    assert last == date(2021, 4, 21)  # the 2nd of May is a Sunday

    with pytest.raises(StepRefused, match="jusqu’au 21 avril 2021"):
        do(dossier, A.CANCEL, midnight_after(last))
    with pytest.raises(StepRefused, match="sans rien perdre"):
        do(dossier, A.CANCEL_LATE, midnight_after(last) - SECOND)

    assert do(dossier, A.CANCEL_LATE, midnight_after(last)).state == S.CANCELLED
    assert dossier_spent(dossier) == dossier.rights_cents
    assert do(validated(days=60), A.CANCEL, midnight_after(last) - SECOND).state == S.CANCELLED


def test_withdrawal_is_lost_once_the_training_starts():
    starts_on = date(2021, 3, 18)

    dossier = validated(days=15)

    assert dossier.starts_on == starts_on
    assert dossier.withdrawal_until == starts_on - timedelta(days=1)


def test_withdrawal_takes_eleven_days_since_2022():
    days = Parameter.objects.figures
    assert days(date(2021, 12, 31))["withdrawal_days"] == 14
    assert days(date(2022, 1, 1))["withdrawal_days"] == 11


def test_the_command_expires_once_what_is_due(time_machine, capsys):
    dossier, kept = request_on(date(2021, 3, 1)), request_on(date(2021, 3, 2))
    time_machine.move_to(midnight_after(date(2021, 3, 3)), tick=False)

    for expired in (1, 0):
        call_command("expire_dossiers")
        assert f"annulées\u00a0: {expired}." in capsys.readouterr().out

    dossier.refresh_from_db()
    kept.refresh_from_db()
    assert (dossier.state, kept.state) == (S.REQUEST_CANCELLED, S.REQUESTED)
    assert dossier.events.get(action=A.EXPIRE).actor == "clock"


def test_a_damaged_dossier_keeps_no_other_from_falling(caplog):
    damaged, dossier = request_on(date(2021, 3, 1)), request_on(date(2021, 3, 1))
    spend(reservation=damaged.reservation, amount_cents=1, today=date(2021, 3, 1))

    assert services.expire_due(at=midnight_after(date(2021, 3, 3))) == 1

    dossier.refresh_from_db()
    assert dossier.state == S.REQUEST_CANCELLED
    assert f"dossier n° {damaged.pk} n’a pas pu" in caplog.text


def test_a_dossier_read_late_has_expired():
    dossier = request_on(date(2021, 3, 1))

    read = services.apply_deadline(dossier=dossier, at=midnight_after(date(2021, 3, 3)) - SECOND)
    assert read.state == S.REQUESTED

    read = services.apply_deadline(dossier=dossier, at=midnight_after(date(2021, 3, 3)))
    assert read.state == S.REQUEST_CANCELLED


def test_a_step_from_an_old_page_applies_the_delay_too():
    read = draft(session=make_session())
    send(Dossier.objects.get())

    with pytest.raises(StepRefused):
        do(read, A.DECLARE_END, midnight_after(date(2021, 3, 5)), PROVIDER)

    assert Dossier.objects.get().state == S.REQUEST_CANCELLED


def test_a_payment_waits_as_long_as_the_answer():
    dossier = bring_to(S.PAYING)
    assert dossier.due_on == date(2021, 3, 9)

    with pytest.raises(StepRefused):
        do(dossier, A.PAY, midnight_after(dossier.due_on))

    dossier.refresh_from_db()
    assert dossier.state == S.REQUEST_CANCELLED


def validated(*, days: int):
    starts_on = NOW.date() + timedelta(days=days)
    return bring_to(S.VALIDATED, session=make_session(starts_on=starts_on, ends_on=None))


def dossier_spent(dossier) -> int:
    dossier.reservation.refresh_from_db()
    return dossier.reservation.spent_cents
