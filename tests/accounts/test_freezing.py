"""« Ce n’est pas moi »: the link of a mail stops what the rights pay for, the support gives it back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import services, spending
from accounts.audit import AuditKind
from accounts.models import AccountEvent, AuditEvent, EventKind, OutgoingMail, SupportRequest, User
from accounts.models.support import SupportDecision, SupportKind
from accounts.spending import MissingProof
from accounts.tokens import NOT_ME_LASTS, make_not_me_token
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def address(user) -> str:
    return reverse("accounts:not_me", args=[make_not_me_token(user)])


def missing(user) -> MissingProof | None:
    fresh = User.objects.get(pk=user.pk)
    return spending.missing_proof(user=fresh, acr="", now=timezone.now())


def test_link_shows_a_button_and_freezes_nothing_by_itself(client, user):
    for verb in (client.get, client.head, client.get):
        assert verb(address(user)).status_code == 200

    assert missing(user) is None
    assert "Suspendre l’usage de mes droits" in client.get(address(user)).content.decode()
    assert client.get(address(user))["Referrer-Policy"] == "strict-origin"


def test_button_freezes_without_sign_in_and_asks_the_support(client, user):
    response = client.post(address(user))

    asked = SupportRequest.objects.get()
    assert missing(user) is MissingProof.FROZEN
    assert (asked.kind, asked.titulaire) == (SupportKind.NOT_ME, user.titulaire)
    assert asked.readable_reference in response.content.decode()
    assert OutgoingMail.objects.get().recipient == user.email
    assert AccountEvent.objects.get().kind == EventKind.SPENDING_FROZEN


def test_button_pressed_twice_asks_once(client, user):
    client.post(address(user))
    client.post(address(user))

    assert SupportRequest.objects.count() == AccountEvent.objects.count() == 1


def test_request_of_a_stranger_does_not_swallow_hers(client, user):
    services.ask_support(
        kind=SupportKind.NOT_ME, nir=user.titulaire.nir, contact_email="z@example.org"
    )

    client.post(address(user))

    hers = SupportRequest.objects.get(is_of_holder=True)
    assert (hers.contact_email, SupportRequest.objects.count()) == (user.email, 2)


def test_answer_that_gives_back_is_in_the_trail(user):
    agent = StaffFactory()
    asked = services.freeze_spending(user=user, now=timezone.now())

    services.decide(
        request=asked,
        decision=SupportDecision.UNFREEZE,
        answer="Voici vos droits.",
        author=agent,
        now=timezone.now(),
    )

    line = AuditEvent.objects.get(kind=AuditKind.UNFROZEN)
    assert (line.actor_pk, line.person_pk, line.facts) == (agent.pk, user.pk, {"what": "spending"})


def test_link_outlives_a_new_password_and_a_new_address(client, user):
    link = address(user)
    user.set_password("Autre-Phrase-72")
    user.email = "voleur@example.org"
    user.save()

    client.post(link)

    assert missing(user) is MissingProof.FROZEN


@pytest.mark.parametrize(
    "change", [str.upper, lambda token: token[:-1] + "_", lambda token: "9" * 30]
)
def test_forged_link_freezes_nobody(client, user, change):
    link = reverse("accounts:not_me", args=[change(make_not_me_token(user))])

    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]
    assert missing(user) is None


def test_link_of_somebody_else_freezes_only_her(client, user):
    client.force_login(user)
    other = UserFactory()

    client.post(address(other))

    assert (missing(user), missing(other)) == (None, MissingProof.FROZEN)


def test_link_dies_after_90_days(client, user, time_machine):
    link, now = address(user), timezone.now()
    time_machine.move_to(now + NOT_ME_LASTS - timedelta(minutes=1))
    assert client.get(link).status_code == 200

    time_machine.move_to(now + NOT_ME_LASTS + timedelta(minutes=1))

    assert client.post(link).status_code == 410
    assert missing(user) is None


@pytest.mark.parametrize(
    ("decision", "expected"),
    [(SupportDecision.UNFREEZE, None), (SupportDecision.KEEP_FROZEN, MissingProof.FROZEN)],
)
def test_support_decides(user, decision, expected):
    asked = services.freeze_spending(user=user, now=timezone.now())

    services.decide(
        request=asked,
        decision=decision,
        answer="Réponse",
        author=StaffFactory(),
        now=timezone.now(),
    )

    assert missing(user) is expected


def test_freezing_again_after_the_answer_asks_anew(user):
    asked = services.freeze_spending(user=user, now=timezone.now())
    services.decide(
        request=asked,
        decision=SupportDecision.KEEP_FROZEN,
        answer="Réponse",
        author=StaffFactory(),
        now=timezone.now(),
    )

    assert services.freeze_spending(user=user, now=timezone.now()) != asked


def test_nothing_frozen_is_not_given_back(user):
    assert not services.unfreeze_spending(user=user, author=StaffFactory())
    assert not AccountEvent.objects.exists()
