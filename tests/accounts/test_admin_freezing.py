"""Support gives back the use of the rights that a person stopped: from the list, with a reason."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import AccountEvent, EventKind, SupportRequest
from accounts.models.support import SupportDecision, SupportKind
from tests.factories import StaffFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_files")]

LIST = reverse("admin:accounts_user_changelist")


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


@pytest.fixture
def frozen(sasha):
    """An account whose holder was told that her rights stay frozen: no request waits any more."""
    user = UserFactory()
    asked = services.freeze_spending(user=user, now=timezone.now())
    services.decide(
        request=asked,
        decision=SupportDecision.KEEP_FROZEN,
        answer="Rappelez-nous.",
        author=sasha,
        now=timezone.now(),
    )
    user.refresh_from_db()
    return user


def page_of(user):
    return reverse("admin:accounts_user_unfreeze", args=[user.pk])


def test_frozen_accounts_are_listed(desk, frozen):
    free = UserFactory(email="libre@example.org")

    page = desk.get(f"{LIST}?droits=suspendu").content.decode()

    assert str(frozen) in page
    assert str(free) not in page
    assert (
        page_of(frozen)
        in desk.get(reverse("admin:accounts_user_change", args=[frozen.pk])).content.decode()
    )


def test_use_of_the_rights_is_given_back_with_a_reason(desk, frozen, sasha):
    assert "Suspendu le" in desk.get(page_of(frozen)).content.decode()

    response = desk.post(page_of(frozen), {"reason": "Identité vérifiée par téléphone."})

    frozen.refresh_from_db()
    event = AccountEvent.objects.get(kind=EventKind.SPENDING_UNFROZEN)
    assert response.status_code == 302
    assert frozen.spending_frozen_at is None
    assert (event.author, event.reason) == (sasha, "Identité vérifiée par téléphone.")
    again = desk.post(page_of(frozen), {"reason": "Encore une fois."}, follow=True).content.decode()
    assert "n’était pas suspendu" in again


def test_without_a_reason_nothing_is_given_back(desk, frozen):
    response = desk.post(page_of(frozen), {"reason": " "})

    frozen.refresh_from_db()
    assert response.status_code == 422
    assert "Expliquez la décision" in response.content.decode()
    assert frozen.spending_frozen_at


def test_request_that_waits_is_answered_first(desk):
    user = UserFactory()
    services.freeze_spending(user=user, now=timezone.now())

    response = desk.post(page_of(user), {"reason": "Vu."})

    user.refresh_from_db()
    asked = SupportRequest.objects.get()
    assert response.headers["Location"] == reverse(
        "admin:accounts_supportrequest_answer", args=[asked.pk]
    )
    assert user.spending_frozen_at


def test_request_of_a_stranger_is_not_hers(desk, frozen):
    services.ask_support(
        kind=SupportKind.NOT_ME, nir=frozen.titulaire.nir, contact_email="z@example.org"
    )

    desk.post(page_of(frozen), {"reason": "Identité vérifiée par téléphone."})

    frozen.refresh_from_db()
    assert frozen.spending_frozen_at is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_giving_back_needs_the_permission(client, frozen, method):
    client.force_login(StaffFactory())

    assert getattr(client, method)(page_of(frozen), {"reason": "Vu."}).status_code == 403
    frozen.refresh_from_db()
    assert frozen.spending_frozen_at
