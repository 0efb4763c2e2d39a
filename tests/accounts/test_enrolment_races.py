"""Two tabs of one agent enrol at once: one secret, one telephone, and never a failure."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TotpDevice
from accounts.roles import Role
from accounts.services import second_factor
from tests.factories import PASSWORD, StaffFactory
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 4
LOGIN, ENROL = reverse("admin:login"), reverse("admin:enrol")


def tab_of(agent) -> Client:
    tab = Client()
    tab.post(LOGIN, {"username": agent.email, "password": PASSWORD})
    return tab


def test_tabs_that_begin_at_once_read_the_same_secret():
    agent = StaffFactory(roles=[Role.READING])
    tabs = [tab_of(agent) for _ in range(TABS)]
    TotpDevice.objects.all().delete()  # as after a reset by « sécurité », pages still open

    answers = in_parallel(lambda tab: tab.get(ENROL), tabs)

    device = TotpDevice.objects.get(user=agent)
    assert [answer.status_code for answer in answers] == [200] * TABS
    assert all(device.spaced_secret in answer.content.decode() for answer in answers)


def test_passwords_given_at_once_leave_one_secret():
    agent = StaffFactory(roles=[Role.READING])

    made = in_parallel(lambda _: second_factor.start_enrolment(user=agent), range(TABS))

    assert {type(device) for device in made} == {TotpDevice}
    assert TotpDevice.objects.get(user=agent).pk in {device.pk for device in made}


def test_code_posted_by_two_tabs_enrols_one_telephone():
    agent = StaffFactory(roles=[Role.READING])
    tabs = [tab_of(agent) for _ in range(2)]
    code = TotpDevice.objects.get(user=agent).code_at(time.time())

    answers = in_parallel(lambda tab: tab.post(ENROL, {"code": code}), tabs)

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert statuses[1] in {302, 422}
    assert TotpDevice.objects.get(user=agent).confirmed


def test_tab_left_open_changes_nothing_once_another_has_enrolled():
    agent = StaffFactory(roles=[Role.READING])
    device = second_factor.start_enrolment(user=agent)
    stale = TotpDevice.objects.get(pk=device.pk)
    codes = second_factor.confirm_enrolment(device=device, code=device.next_code)

    again = second_factor.confirm_enrolment(device=stale, code=stale.code_at(time.time() + 30))

    assert (len(codes), again) == (10, [])
    assert TotpDevice.objects.get(user=agent).confirmed
    assert second_factor.current_enrolment(user=agent, is_first=True) is None
