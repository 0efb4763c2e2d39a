"""The piles of work of the desk: what is in each, how old, who sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingMail, SupportRequest
from accounts.models.support import SupportKind
from cpf_portal.desk.queues import QUEUES, figures_of_the_day, waiting_for
from tests.factories import StaffFactory, UserFactory

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
