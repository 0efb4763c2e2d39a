"""The staff signs in with a password and a code, and reaches nothing before both."""

import re
import time

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, AuditKind, RecoveryCode, StoredSession, TotpDevice, User
from accounts.roles import Role
from accounts.services import second_factor
from tests.desk import code_of, device_of, sign_in
from tests.factories import PASSWORD, StaffFactory
from tests.html import check_page

pytestmark = pytest.mark.django_db
LOGIN, CODE, RECOVERY, ENROL, OWN = (
    reverse(f"admin:{name}") for name in ("login", "code", "recovery", "enrol", "second_factor")
)


@pytest.fixture
def agent():
    return StaffFactory(roles=[Role.READING])


def give_password(client, agent, **extra):
    return client.post(LOGIN, {"username": agent.email, "password": PASSWORD, **extra})


def is_in(client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def codes_of(answer) -> list[str]:
    return re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.content.decode())


# --- Password, then code ------------------------------------------------------------------------


def test_agent_comes_in_with_a_password_and_a_code(client, agent):
    device_of(agent)

    first = give_password(client, agent, next="/admin/accounts/user/")
    between = client.session.session_key
    was_in = is_in(client)
    second = client.post(CODE, {"code": code_of(agent)})

    assert (first.status_code, first.url, was_in) == (302, CODE, False)
    assert (second.status_code, second.url) == (302, "/admin/accounts/user/")
    assert client.session.session_key != between
    assert is_in(client)


@pytest.mark.parametrize("following", ["https://ailleurs.example/", "//ailleurs.example", "\\\\x"])
def test_agent_is_never_sent_to_another_site(client, agent, following):
    device_of(agent)
    give_password(client, agent, next=following)

    assert client.post(CODE, {"code": code_of(agent)}).url == "/admin/"


@pytest.mark.parametrize("page", [LOGIN, CODE, RECOVERY, ENROL])
def test_pages_of_the_sign_in_are_sound(client, agent, page):
    if page != ENROL:
        device_of(agent)
    if page != LOGIN:
        give_password(client, agent)

    for answer in (client.get(page), client.post(page, {})):
        outline = check_page(answer.content.decode())
        assert answer.headers["Cache-Control"].find("no-store") >= 0
    assert answer.status_code == 422
    assert outline.title.startswith("Erreur\u00a0: ")


def test_wrong_password_is_told_without_the_address(client, agent):
    answer = client.post(LOGIN, {"username": agent.email, "password": "Autre-Chose-99"})
    unknown = client.post(LOGIN, {"username": "nul@example.org", "password": PASSWORD})

    assert answer.status_code == unknown.status_code == 422
    for page in (answer, unknown):
        assert "ne correspondent à aucun compte du personnel" in page.content.decode()


def test_password_waits_in_no_session(client, agent):
    """CVE-2020-15105: between the two steps the session knows who, never the password."""
    device_of(agent)
    give_password(client, agent)

    session = StoredSession.objects.get(pk=client.session.session_key)
    assert PASSWORD not in repr(session.get_decoded())
    assert set(session.get_decoded()["staff_pending"]) == {"user", "at", "next", "hash"}


@pytest.mark.parametrize("page", [CODE, RECOVERY, ENROL])
def test_steps_lead_back_to_the_first_without_a_password(client, agent, page):
    device_of(agent)

    answers = [client.get(page), client.post(page, {"code": code_of(agent)})]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, "/admin/")] * 2
    assert not is_in(client)


def test_code_comes_too_late(client, agent, time_machine):
    time_machine.move_to("2026-11-22 12:00:00+00:00", tick=False)
    device_of(agent)
    give_password(client, agent)
    time_machine.move_to("2026-11-22 12:11:00+00:00", tick=False)

    client.post(CODE, {"code": code_of(agent)})

    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "is_active"])
def test_code_is_worth_nothing_once_the_account_changed(client, agent, change):
    device_of(agent)
    give_password(client, agent)
    if change == "password":
        agent.set_password("Une-Autre-Phrase-2031")
    else:
        agent.is_active = False
    agent.save()

    client.post(CODE, {"code": code_of(agent)})

    assert not is_in(client)


# --- Codes --------------------------------------------------------------------------------------


def test_same_code_serves_once(client, agent):
    device_of(agent)
    code = code_of(agent)
    give_password(client, agent)
    client.post(CODE, {"code": code})
    other = Client()
    give_password(other, agent)

    again = other.post(CODE, {"code": code})

    assert again.status_code == 422
    assert "il a déjà servi" in again.content.decode()
    assert not is_in(other)


@pytest.mark.parametrize(
    ("seconds", "is_good"), [(-70, False), (-30, True), (0, True), (30, True), (70, False)]
)
def test_clocks_may_differ_by_one_step(agent, seconds, is_good, time_machine):
    time_machine.move_to("2026-11-22 12:00:05+00:00", tick=False)
    device = device_of(agent)

    assert device.verify_token(device.code_at(time.time() + seconds)) is is_good


def test_brute_force_is_stopped_and_the_right_code_with_it(client, agent, time_machine):
    time_machine.move_to("2026-11-22 12:00:00+00:00", tick=False)
    device_of(agent)
    give_password(client, agent)
    right = code_of(agent)
    wrong = "000000" if right != "000000" else "111111"

    tries = [client.post(CODE, {"code": wrong}).status_code for _ in range(7)]
    refused = client.post(CODE, {"code": right})
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    give_password(elsewhere, agent)
    also = elsewhere.post(CODE, {"code": right})

    assert tries == [422] * 5 + [429] * 2
    assert refused.status_code == also.status_code == 429
    assert "Réessayez dans 15" in refused.content.decode()
    assert not is_in(client)
    assert AuditEvent.objects.filter(kind=AuditKind.SIGN_IN_FAILED).count() == 5

    time_machine.move_to("2026-11-22 12:16:00+00:00", tick=False)
    give_password(client, agent)
    client.post(CODE, {"code": code_of(agent)})
    assert is_in(client)


def test_secret_is_encrypted_at_rest(agent):
    from django.db import connection  # noqa: PLC0415

    device = second_factor.start_enrolment(user=agent)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice")
        stored = cursor.fetchone()[0]

    assert device.secret not in stored
    assert TotpDevice.objects.get().secret == device.secret
    assert device.secret not in str(device)


# --- Enrolment ----------------------------------------------------------------------------------


def test_agent_without_device_sees_only_enrolment(client, agent):
    answer = give_password(client, agent)
    page = client.get(ENROL).content.decode()
    pages = [client.get(url) for url in (CODE, RECOVERY, OWN, reverse("admin:index"))]

    assert answer.url == ENROL
    assert "<svg" in page
    assert TotpDevice.objects.get().spaced_secret in page
    assert {page.status_code for page in pages} == {302}
    assert not is_in(client)


def test_first_code_enrols_and_shows_ten_codes_once(client, agent):
    give_password(client, agent)
    client.get(ENROL)

    wrong = client.post(ENROL, {"code": "000000"})
    device = TotpDevice.objects.get()
    shown = client.post(ENROL, {"code": device.code_at(time.time())})

    assert wrong.status_code == 422
    assert shown.status_code == 200
    codes = codes_of(shown)
    assert len(set(codes)) == 10
    assert is_in(client)
    assert codes[0] not in client.get(OWN).content.decode()
    hashes = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert len(hashes) == 10
    assert not hashes & set(codes)
    assert AuditEvent.objects.filter(kind=AuditKind.OTP_ENROLLED).exists()


def test_secret_changes_with_each_sign_in_until_it_is_proved(client, agent):
    give_password(client, agent)
    first = TotpDevice.objects.get().secret
    give_password(client, agent)

    assert TotpDevice.objects.get().secret != first


# --- Recovery codes, other device ---------------------------------------------------------------


def test_recovery_code_opens_once(client, agent):
    device_of(agent)
    code, *_ = second_factor.make_staff_codes(user=agent)
    give_password(client, agent)

    answer = client.post(RECOVERY, {"code": code.lower().replace("-", " ")})
    page = client.get(answer.url).content.decode()
    other = Client()
    give_password(other, agent)
    again = other.post(RECOVERY, {"code": code})

    assert answer.url == OWN
    assert "il vous en reste 9" in page
    assert again.status_code == 422
    assert not is_in(other)


def test_recovery_codes_of_another_account_open_nothing(client, agent):
    device_of(agent)
    code, *_ = second_factor.make_staff_codes(user=StaffFactory())
    give_password(client, agent)

    assert client.post(RECOVERY, {"code": code}).status_code == 422


def test_new_codes_and_another_device_ask_for_a_fresh_code(client, agent):
    sign_in(client, agent)

    refused = client.post(OWN, {"code": "000000"})
    to_device = client.get(ENROL)
    shown = client.post(OWN, {"code": code_of(agent)})

    assert refused.status_code == 422
    assert to_device.url == "/admin/"
    assert len(codes_of(shown)) == 10


def test_another_device_replaces_the_first_one(client, agent):
    former = device_of(agent)
    sign_in(client, agent)
    elsewhere = Client()
    sign_in(elsewhere, agent)

    client.post(OWN, {"code": code_of(agent), "device": "1"})
    client.get(ENROL)
    device = TotpDevice.objects.get(user=agent, confirmed=False)
    client.post(ENROL, {"code": device.code_at(time.time())})

    assert TotpDevice.objects.get().pk == device.pk != former.pk
    assert is_in(client)
    assert not is_in(elsewhere)
    assert client.get(ENROL).url == "/admin/"


# --- Sessions -----------------------------------------------------------------------------------


def test_session_of_the_staff_without_second_factor_is_ended_everywhere(agent):
    client = Client()
    client.force_login(agent)

    for page in ("/", "/mes-droits/", "/admin/", reverse("accounts:profile")):
        client.get(page)
        assert "_auth_user_id" not in client.session
    assert client.get("/admin/accounts/user/").status_code == 302


def test_session_dies_with_its_device(client, agent):
    sign_in(client, agent)
    assert is_in(client)

    second_factor.reset_second_factor(user=agent, author=StaffFactory(), reason="perdu")

    assert not is_in(client)
    assert AuditEvent.objects.get(kind=AuditKind.OTP_RESET).person_pk == agent.pk


@pytest.mark.parametrize(
    ("key", "minutes", "lives"),
    [
        ("seen_at", 14, True),
        ("seen_at", 16, False),
        ("opened_at", 479, True),
        ("opened_at", 481, False),
    ],
)
def test_session_of_the_staff_is_shorter(client, agent, key, minutes, lives):
    sign_in(client, agent)
    is_in(client)
    session = client.session
    session[key] -= minutes * 60
    session.save()

    assert is_in(client) is lives


@pytest.mark.parametrize("page", ["/mes-droits/", "/mes-dossiers/", "/mon-compte/modifier/"])
def test_session_of_the_staff_has_no_right_of_a_citizen(client, agent, page):
    sign_in(client, agent)

    answer = client.get(page)

    assert (
        answer.status_code in {302, 403, 404}
        or "réservée aux titulaires" in answer.content.decode()
    )


def test_shorter_session_is_in_the_settings():
    assert (settings.STAFF_SESSION_IDLE_AGE, settings.STAFF_SESSION_ABSOLUTE_AGE) == (900, 28800)
    assert User.objects.count() == 0
