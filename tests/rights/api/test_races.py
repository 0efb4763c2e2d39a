"""The software and the administration act on one dossier at the same moment: one of them does."""

import os

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from rights.audit import find_faults
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, ProviderOrder, ReservationState
from tests.desk import open_file, sign_in
from tests.factories import StaffFactory
from tests.parallel import in_parallel
from tests.rights.api.software import Software
from tests.rights.dossiers.steps import at_noon, bring_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

ROUNDS = int(os.environ.get("PORTAL_ROUNDS", "1"))
AT_ONCE = 4


def desk_of(dossier: Dossier, action: A, **typed):
    """Return what posts the form of a step, once its page was read."""
    client = Client()
    sign_in(client, StaffFactory(roles=Role))
    open_file(client, dossier.user)
    address = reverse("admin:rights_dossier_step", args=[dossier.pk, action])
    entry = {"version": dossier.version, **typed}
    return lambda: client.post(address, entry).status_code


def software_of(dossier: Dossier, name: str, body=None, **headers):
    """Return what orders it, at the version that was read."""
    software = Software(dossier.provider)
    headers = {"If-Match": f'"{dossier.version}"', **headers}
    path = f"dossiers/{dossier.reference}/{name}"
    return lambda: software.post(path, body, headers=headers).status_code


def together(calls) -> list[int]:
    return sorted(in_parallel(lambda call: call(), calls))


def test_service_is_settled_once_by_whoever_comes_first(time_machine):
    dossier = bring_to(S.FINISHED)
    time_machine.move_to(at_noon(dossier.starts_on), tick=True)
    calls = [software_of(dossier, "service-fait") for _ in range(AT_ONCE)]
    calls += [desk_of(dossier, A.DECLARE_SERVICE) for _ in range(AT_ONCE)]

    statuses = together(calls)

    dossier.refresh_from_db()
    dossier.reservation.refresh_from_db()
    assert sum(status in {200, 302} for status in statuses) == 1, statuses
    assert max(statuses) < 500
    assert dossier.state == S.SETTLED
    assert dossier.reservation.state == ReservationState.SPENT
    assert dossier.reservation.spent_cents == dossier.rights_cents
    assert list(find_faults()) == []


def test_same_order_sent_many_times_at_once_is_carried_out_once():
    for _ in range(ROUNDS):
        dossier = bring_to(S.REQUESTED)
        software = Software(dossier.provider)
        path = f"dossiers/{dossier.reference}/acceptation"
        headers = {"If-Match": f'"{dossier.version}"', "Idempotency-Key": "ordre-unique"}

        answers = in_parallel(
            lambda _, s=software, p=path, h=headers: s.post(p, headers=h), range(AT_ONCE)
        )

        assert [answer.status_code for answer in answers] == [200] * AT_ONCE
        replayed = [answer for answer in answers if "Idempotency-Replayed" in answer.headers]
        assert len(replayed) == AT_ONCE - 1
        assert dossier.events.filter(action=A.ACCEPT).count() == 1
        assert ProviderOrder.objects.filter(key=software.key).count() == 1
