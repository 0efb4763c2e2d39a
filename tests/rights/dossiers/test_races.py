"""Confirmations that come at once: as many win as rights and places allow, the others read a sentence.

Two, four and twenty at a time, for PORTAL_ROUNDS rounds (one without it, fifty by `make test-long`).
"""

import os
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum

from accounts.models import User
from catalogue.models import Session
from catalogue.models.offers import SessionQuerySet
from rights import services as rights_services
from rights.audit import find_faults
from rights.dossiers import services
from rights.dossiers.exceptions import DossierError
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import (
    Dossier,
    Movement,
    Payment,
    PaymentState,
    Reservation,
    RightsAccount,
)
from rights.services import ledger, reservations
from tests.parallel import in_parallel
from tests.rights.dossiers.steps import (
    NOW,
    PRICE,
    PROVIDER,
    bring_to,
    do,
    draft,
    make_session,
    make_user,
    send,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROUNDS = int(os.environ.get("PORTAL_ROUNDS", "1"))
AT_ONCE = (2, 4, 20)


def confirm_at_once(dossiers) -> list:
    """Send what each person has read, all at the same moment; return the dossiers that were sent."""
    asked = [(d, services.review(dossier=d, at=NOW).digest) for d in dossiers]

    def confirm(order):
        dossier, digest = order
        return do(dossier, A.SEND, reviewed=digest)

    return won(in_parallel(confirm, asked))


def won(results) -> list:
    """The steps that were taken; anything but a refusal with a sentence fails the test."""
    refused = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(r, DossierError) and str(r) for r in refused), refused
    return [r for r in results if not isinstance(r, Exception)]


@pytest.mark.parametrize("people", AT_ONCE)
def test_one_person_spends_her_rights_once(people):
    """As in two tabs, on twenty trainings: the rights pay for two of them, for one at the least."""
    for _ in range(ROUNDS):
        winners = 1 if people == 2 else 2
        user = make_user(winners * PRICE)
        session = make_session()
        sessions = [make_session(offer=session.offer) for _ in range(people)]
        for number, each in enumerate(sessions):
            if number >= 4:  # at most five requests for one offer: another one
                each.offer = make_session().offer
                each.save()

        sent = confirm_at_once([draft(user, each) for each in sessions])

        assert len(sent) == winners
        account = RightsAccount.objects.get(titulaire=user.titulaire)
        assert (account.available_cents, account.reserved_cents) == (0, winners * PRICE)
        assert Dossier.objects.of(user).running().count() == winners
    assert list(find_faults()) == []


@pytest.mark.parametrize("people", AT_ONCE)
def test_a_session_has_as_many_people_as_places(people):
    # the same people each round: the factories have 999 numbers
    users = [make_user(ROUNDS * PRICE) for _ in range(people)]
    for _ in range(ROUNDS):
        session = make_session(places=people // 2)

        sent = confirm_at_once([draft(user, session) for user in users])

        session.refresh_from_db()
        assert len(sent) == session.places_taken == people // 2
        lost = Dossier.objects.filter(session=session, state=S.DRAFT)
        assert lost.count() == people - people // 2
        assert not Reservation.objects.filter(dossier__in=lost).exists()
        lost.delete()
    assert list(find_faults()) == []


@pytest.mark.parametrize("clicks", AT_ONCE)
def test_one_form_sent_many_times_counts_once(clicks):
    for _ in range(ROUNDS):
        dossier = draft()

        sent = confirm_at_once([dossier] * clicks)

        assert len(sent) == 1
        assert dossier.events.filter(action=A.SEND).count() == 1
        account = RightsAccount.objects.get(titulaire=dossier.titulaire)
        assert account.reserved_cents == PRICE


@pytest.mark.parametrize("people", AT_ONCE)
def test_opposite_answers_at_once_have_one_winner(people):
    """The staff, the software of the provider, the person and the clock, all on one dossier."""
    answers = [
        (A.ACCEPT, PROVIDER, {}),
        (A.REFUSE, PROVIDER, {"reason": "Complet."}),
        (A.CANCEL_REQUEST, None, {}),
        (A.PROPOSE, PROVIDER, {"hours": 30}),
    ]
    for _ in range(ROUNDS):
        dossier = send(draft())

        def answer(number, dossier=dossier):
            action, who, details = answers[number % len(answers)]
            return do(dossier, action, who=who, **details)

        taken = won(in_parallel(answer, range(people)))

        # a request that was accepted can still be cancelled, and nothing more
        assert 1 <= len(taken) <= 2
        dossier.refresh_from_db()
        assert dossier.events.count() == 2 + len(taken)
    assert list(find_faults()) == []


@pytest.mark.parametrize("times", AT_ONCE)
def test_a_payment_notified_many_times_at_once_pays_once(times):
    for _ in range(ROUNDS):
        dossier = do(bring_to(S.PAYING), A.PAY)
        payment = dossier.payments.get()

        results = in_parallel(
            lambda _: services.notify_payment(
                reference=payment.reference,  # noqa: B023 called within the round
                outcome=PaymentState.ACCEPTED,
                amount_cents=payment.amount_cents,  # noqa: B023
                at=NOW,
            ),
            range(times),
        )

        assert {type(result) for result in results} == {Payment}
        dossier.refresh_from_db()
        assert dossier.state == S.VALIDATED
        assert dossier.events.filter(action=A.PAYMENT_ACCEPTED).count() == 1


def test_a_draft_prepared_many_times_at_once_is_one():
    user, session = make_user(), make_session()

    results = in_parallel(lambda _: draft(user, session), range(8))

    assert set(results) == {Dossier.objects.get()}


def test_without_the_guards_these_tests_would_see_the_rights_spent_twice(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, which hides the race")
    user = make_user(PRICE)
    dossiers = [draft(user) for _ in range(2)]
    asked = [(d, services.review(dossier=d, at=NOW).digest) for d in dossiers]
    both_have_read = Barrier(2, timeout=30)
    add = ledger._add

    def unlocked(account):
        return RightsAccount.objects.get(pk=account.pk)

    def read_then_write(model, pk, changes):
        if model is not RightsAccount:
            return add(model, pk, changes)
        row = model.objects.values(*changes).get(pk=pk)
        both_have_read.wait()
        model.objects.filter(pk=pk).update(**{k: row[k] + cents for k, cents in changes.items()})

    # the row of the spender is a guard too, as both dossiers are hers
    monkeypatch.setattr(services, "_held", lambda user: User.objects.get(pk=user.pk))
    monkeypatch.setattr(rights_services, "locked", unlocked)
    monkeypatch.setattr(reservations, "locked", unlocked)
    monkeypatch.setattr(ledger, "_add", read_then_write)
    results = in_parallel(lambda order: do(order[0], A.SEND, reviewed=order[1]), asked)

    assert all(isinstance(result, Dossier) for result in results), results
    assert Movement.objects.aggregate(sum=Sum("amount_cents"))["sum"] == -PRICE
    assert any("somme des mouvements négative" in fault for fault in find_faults())


def test_without_the_guard_these_tests_would_see_a_place_given_twice(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, which hides the race")
    session = make_session(places=1)
    both_have_read = Barrier(2, timeout=30)

    def read_then_write(self, pk):
        taken = Session.objects.get(pk=pk).places_taken
        both_have_read.wait()
        return bool(Session.objects.filter(pk=pk).update(places_taken=taken + 1))

    monkeypatch.setattr(SessionQuerySet, "take_place", read_then_write)

    assert len(confirm_at_once([draft(session=session) for _ in range(2)])) == 2
    assert any("places prises" in fault for fault in find_faults())
