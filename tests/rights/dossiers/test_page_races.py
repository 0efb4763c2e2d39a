"""The same button pressed in several tabs at once: one request, and a clear page for each tab."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rights.dossiers import services
from rights.models import Dossier, Reservation
from tests.html import GuardedClient
from tests.parallel import in_parallel
from tests.rights.dossiers.pages import enrol_at, page_of, sign_in
from tests.rights.dossiers.steps import PRICE, make_session, make_user

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 4


def test_request_sent_from_several_tabs_at_once_counts_once():
    in_time = timezone.localdate() + timedelta(days=90)
    user, session = make_user(2 * PRICE), make_session(starts_on=in_time, ends_on=None)
    sketch = services.sketch(user=user, session=session, at=timezone.now())
    digest = services.review(dossier=sketch, at=timezone.now()).digest
    client = GuardedClient()
    sign_in(client, user)

    def press(_):
        tab = GuardedClient()
        tab.cookies = client.cookies
        return tab.post(enrol_at(session), {"action": "send", "reviewed": digest})

    answers = in_parallel(press, range(TABS))

    dossier = Dossier.objects.get()
    assert {(a.status_code, a.get("Location")) for a in answers} == {(302, page_of(dossier))}
    assert Reservation.objects.get().amount_cents == dossier.rights_cents
