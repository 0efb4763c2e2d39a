"""Nobody of the staff works on her own file."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import AccountEvent, EventKind
from accounts.roles import Role
from rights.models import Movement
from tests.desk import open_file, sign_in
from tests.factories import StaffFactory, UserFactory
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = StaffFactory(email="Agent@example.org", roles=Role)
    sign_in(client, user)
    return user


@pytest.fixture
def person():
    """The same somebody, as a citizen."""
    return UserFactory(email="agent@Example.org")


def test_own_file_is_not_opened(client, agent, person):
    pages = [
        reverse("admin:accounts_user_change", args=[person.pk]),
        reverse("admin:accounts_titulaire_change", args=[person.titulaire.pk]),
        reverse("admin:accounts_user_unfreeze", args=[person.pk]),
    ]

    assert open_file(client, person).status_code == 403
    assert {client.get(page).status_code for page in pages} == {403}
    assert {client.post(page, {"reason": "pour moi, pour moi"}).status_code for page in pages} == {
        403
    }
    assert not AccountEvent.objects.filter(kind=EventKind.OPENED_BY_STAFF).exists()


def test_file_of_somebody_else_is_opened(client, agent):
    assert open_file(client, UserFactory()).status_code == 302


def test_own_rights_are_not_corrected(client, agent, person):
    account = give(person.titulaire).account
    before = Movement.objects.count()

    for page in ("correct", "top_up", "close", "hours", "change"):
        url = reverse(f"admin:rights_rightsaccount_{page}", args=[account.pk])
        assert client.post(url, {"amount": "100", "reason": "pour moi"}).status_code == 403
    assert Movement.objects.count() == before


@pytest.mark.parametrize("action", ["unlock", "resend_confirmation", "end_sessions"])
def test_actions_on_ticked_rows_leave_her_own_out(client, agent, person, action):
    other = UserFactory(email_confirmed_at=None)
    person.email_confirmed_at = None
    person.save()

    answer = client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": action, "_selected_action": [person.pk, other.pk]},
        follow=True,
    )

    assert answer.status_code == 200
    assert not person.mails.exists()


def test_own_rights_are_given_back_by_somebody_else(client, agent, person):
    services.freeze_spending(user=person, now=person.created_at)
    url = reverse("admin:accounts_user_unfreeze", args=[person.pk])

    assert client.post(url, {"reason": "Tout va bien."}).status_code == 403

    person.refresh_from_db()
    assert person.spending_frozen_at
