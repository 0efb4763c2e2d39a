"""Accounts of the staff: kept by the role « sécurité », and by nobody for herself."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent, AuditKind, TotpDevice, User
from accounts.roles import Role, roles_of
from accounts.services import second_factor
from tests.accounts.pages import link_of
from tests.desk import code_of, device_of, sign_in
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
LIST, ADD = (
    reverse("admin:accounts_staffmember_changelist"),
    reverse("admin:accounts_staffmember_add"),
)
REASON = "arrivée dans l’équipe"
PHRASE = "Sept-Grues-Blanches-1"


@pytest.fixture
def chief():
    return StaffFactory(roles=[Role.SECURITY])


@pytest.fixture
def desk(client, chief):
    sign_in(client, chief)
    return client


def page_of(user: User) -> str:
    return reverse("admin:accounts_staffmember_change", args=[user.pk])


def decide(desk, user: User, decision: str, *roles: Role):
    data = {"decision": decision, "roles": list(roles), "reason": REASON}
    return desk.post(page_of(user), data)


def invite(desk, email="nouvel.agent@example.org", *roles: Role):
    return desk.post(ADD, {"email": email, "roles": list(roles), "reason": REASON})


# --- Invitation ---------------------------------------------------------------------------------


def test_invited_agent_chooses_her_password_herself_then_enrols(
    desk, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(desk, "Nouvel.Agent@example.org", Role.ADVICE, Role.CATALOGUE)
    user = User.objects.get(identifier="nouvel.agent@example.org")
    assert not user.has_usable_password()

    link = client.get(link_of(mail.outbox[0])).url
    short = client.post(link, {"password": "Motdepasse1", "password_confirmation": "Motdepasse1"})
    chosen = client.post(link, {"password": PHRASE, "password_confirmation": PHRASE})
    client.logout()
    first = client.post(reverse("admin:login"), {"username": user.email, "password": PHRASE})

    assert (short.status_code, "15 caractères" in short.content.decode()) == (422, True)
    assert (chosen.status_code, chosen.url) == (302, reverse("admin:login"))
    assert first.url == reverse("admin:enrol")
    assert roles_of(user) == [Role.ADVICE, Role.CATALOGUE]
    line = AuditEvent.objects.filter(kind=AuditKind.ROLE_CHANGED).get()
    assert line.facts == {"roles": ["ADVICE", "CATALOGUE"]}


def test_invitation_is_refused_for_an_address_that_is_taken(desk, chief):
    answer = invite(desk, chief.email, Role.ADVICE)

    assert answer.status_code == 422
    assert "Un agent a déjà cette adresse" in answer.content.decode()
    assert User.objects.count() == 1


def test_nobody_is_given_everything(desk):
    other = StaffFactory(roles=[Role.READING])

    answers = [invite(desk, "x@example.org", *Role), decide(desk, other, "roles", *Role)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "personne n’a tous les droits" in answers[1].content.decode()
    assert roles_of(other) == [Role.READING]


# --- What is done to an account -----------------------------------------------------------------


def test_roles_are_changed_and_traced(desk, chief):
    other = StaffFactory(roles=[Role.READING])

    answer = decide(desk, other, "roles", Role.RIGHTS)

    line = AuditEvent.objects.get(kind=AuditKind.ROLE_CHANGED)
    assert (answer.status_code, roles_of(other)) == (302, [Role.RIGHTS])
    assert (line.actor_pk, line.person_pk) == (chief.pk, other.pk)
    assert line.reason_digest
    assert REASON not in str(line.facts)


def test_closed_account_leaves_at_once_and_does_not_come_back(desk, client):
    from tests.html import GuardedClient  # noqa: PLC0415 a second browser

    other, browser = StaffFactory(roles=[Role.READING]), GuardedClient()
    sign_in(browser, other)

    decide(desk, other, "close")

    other.refresh_from_db()
    assert not other.is_active
    assert browser.get(reverse("admin:index")).status_code == 302
    decide(desk, other, "open")
    other.refresh_from_db()
    assert other.is_active


def test_device_is_reset_with_its_codes(desk):
    other = StaffFactory()
    device_of(other)
    second_factor.make_staff_codes(user=other)

    decide(desk, other, "device")

    assert not TotpDevice.objects.filter(user=other).exists()
    assert not other.recovery_codes.exists()


def test_link_is_sent_again(desk, django_capture_on_commit_callbacks):
    other = StaffFactory()

    with django_capture_on_commit_callbacks(execute=True):
        decide(desk, other, "link")

    assert mail.outbox[0].to == [other.email]


@pytest.mark.parametrize("decision", ["roles", "link", "device", "close", "open"])
def test_nobody_decides_of_her_own_account(desk, chief, decision):
    answer = decide(desk, chief, decision, Role.RIGHTS)

    chief.refresh_from_db()
    assert answer.status_code == 422
    assert "Un autre responsable de la sécurité que vous" in answer.content.decode()
    assert (chief.is_active, roles_of(chief)) == (True, [Role.SECURITY])
    assert second_factor.device_of(chief)


@pytest.mark.parametrize(
    "data", [{}, {"decision": "roles"}, {"decision": "x", "reason": REASON}, {"reason": REASON}]
)
def test_incomplete_decision_changes_nothing(desk, data):
    other = StaffFactory(roles=[Role.READING])

    assert desk.post(page_of(other), data).status_code == 422
    assert roles_of(other) == [Role.READING]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY])
def test_other_roles_reach_no_account_of_the_staff(client, role):
    agent, other = StaffFactory(roles=[role]), StaffFactory()
    sign_in(client, agent)

    answers = [
        client.get(LIST), client.get(ADD), client.get(page_of(other)), client.get(page_of(agent)),
        invite(client), decide(client, other, "close"), decide(client, agent, "roles", Role.SECURITY),
        client.post(reverse("admin:accounts_staffmember_delete", args=[other.pk]), {"post": "yes"}),
    ]  # fmt: skip

    assert {answer.status_code for answer in answers} == {403}
    assert User.objects.count() == 2
    assert roles_of(agent) == [role]


def test_citizens_are_no_members_of_the_staff(desk, camille):
    assert desk.get(page_of(camille)).status_code == 404
    assert camille.email not in desk.get(LIST).content.decode()


# --- The first account --------------------------------------------------------------------------


def create(monkeypatch, password: str, email: str = "Chef@example.org") -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    call_command("createsuperuser", identifier=email, interactive=False, verbosity=0)


def test_createsuperuser_makes_who_gives_the_roles(monkeypatch, client):
    create(monkeypatch, PHRASE)
    user = User.objects.get()

    first = client.post(
        reverse("admin:login"), {"username": "chef@example.org", "password": PHRASE}
    )

    assert (user.is_staff, user.is_superuser, roles_of(user)) == (True, False, [Role.SECURITY])
    assert first.url == reverse("admin:enrol")


@pytest.mark.parametrize(
    ("password", "email", "sentence"),
    [
        ("Motdepasse1", "chef@example.org", "15 caractères"),
        ("Grand-Chef-Example-1", "grand.chef@example.org", "courriel"),
        (PHRASE, "pas-une-adresse", "adresse"),
    ],
)
def test_createsuperuser_refuses_a_weak_password(monkeypatch, password, email, sentence):
    with pytest.raises(CommandError, match=sentence):
        create(monkeypatch, password, email)

    assert not User.objects.exists()


def test_changed_password_of_the_staff_has_fifteen_characters(client):
    agent = StaffFactory()
    sign_in(client, agent)
    url = reverse("admin:password_change")

    def change(new: str) -> int:
        data = {"old_password": "Motdepasse1", "new_password1": new, "new_password2": new}
        return client.post(url, data).status_code

    assert (change("Motdepasse22"), change(PHRASE)) == (200, 302)
    assert code_of(agent)
