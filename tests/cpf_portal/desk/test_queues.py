"""The piles of work of the desk: what is in each, how old, who sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AccountEvent, EventKind, OutgoingMail, SupportRequest
from accounts.models.support import SupportKind
from cpf_portal.desk.queues import QUEUES, figures_of_the_day, waiting_for
from rights.dossiers.states import State
from rights.models import Dossier
from tests.factories import StaffFactory, UserFactory
from tests.rights.dossiers.steps import STARTS_ON, at_noon, bring_to

pytestmark = pytest.mark.django_db


def numbers(user):
    return {waiting.queue.name: waiting for waiting in waiting_for(user, timezone.now())}


def test_empty_queues_are_counted_in_two_queries(sasha, django_assert_num_queries):
    sasha.get_all_permissions()

    with django_assert_num_queries(2):  # the delay of the declarations, and the queues
        found = waiting_for(sasha, timezone.now())

    assert {waiting.queue.name for waiting in found} == {queue.name for queue in QUEUES}
    assert {waiting.number for waiting in found} == {0}


def test_queues_tell_their_number_and_their_oldest(sasha):
    now = timezone.now()
    for kind in (SupportKind.NIR_TAKEN, SupportKind.NIR_TAKEN, SupportKind.QUESTION):
        SupportRequest.objects.create(kind=kind, contact_email="a@example.org")
    oldest = SupportRequest.objects.earliest("pk")
    SupportRequest.objects.filter(pk=oldest.pk).update(created_at=now - timedelta(days=3))
    UserFactory(spending_frozen_at=now)
    OutgoingMail.objects.create(user=sasha, kind="password_reset", attempts=7)
    OutgoingMail.objects.create(user=sasha, kind="password_reset", attempts=1)

    found = numbers(sasha)

    assert {name: w.number for name, w in found.items() if w.number} == {
        "nir": 2, "contact": 1, "frozen": 1, "mails": 1,
    }  # fmt: skip
    assert found["nir"].days == 3


def test_nobody_sees_the_queue_of_another_trade():
    assert waiting_for(StaffFactory(), timezone.now()) == []


def test_figures_are_those_of_today(camille, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = figures_of_the_day(timezone.now())

    assert {figure.title: figure.number for figure in found}["Connexions"] == 0
    assert len(found) == 6


def test_dossiers_that_wait_for_the_staff_are_queued(sasha):
    now = at_noon(STARTS_ON)
    claimed, reported, late = (bring_to(State.VALIDATED).pk for _ in range(3))
    days = Dossier.objects.filter(pk__in=[claimed, reported])
    days.update(absence_until=STARTS_ON + timedelta(days=99))
    Dossier.objects.filter(pk=claimed).update(force_majeure_claimed_at=timezone.now())
    Dossier.objects.filter(pk=reported).update(fraud_reported_at=timezone.now())

    found = {w.queue.name: w for w in waiting_for(sasha, now + timedelta(days=60))}

    assert {name: w.number for name, w in found.items() if w.number} == {
        "claims": 1, "frauds": 1, "undeclared": 1,
    }  # fmt: skip
    assert found["undeclared"].oldest.date() == Dossier.objects.get(pk=late).starts_on


def test_accounts_created_with_franceconnect_are_sign_ups_of_the_day(camille):
    for kind in (EventKind.SIGNED_UP, EventKind.FRANCECONNECT_CREATED, EventKind.TAKEN_OVER):
        AccountEvent.objects.create(user=camille, kind=kind)

    found = figures_of_the_day(timezone.now())

    assert {figure.title: figure.number for figure in found}["Inscriptions"] == 2


def test_sign_ins_of_the_staff_are_no_figure(camille, sasha):
    for user in (camille, sasha):
        AccountEvent.objects.create(user=user, kind=EventKind.SIGNED_IN)

    found = figures_of_the_day(timezone.now())

    assert {figure.title: figure.number for figure in found}["Connexions"] == 1
