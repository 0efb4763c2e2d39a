"""Password, open sessions, history and recovery codes: two browsers of one person."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.append_only import Immutable
from accounts.browsers import UNKNOWN, browser_in_words
from accounts.models import (
    AccountEvent,
    AccountSession,
    EventKind,
    OutgoingMail,
    RecoveryCode,
    StoredSession,
)
from accounts.models.mail import MailKind
from tests.accounts.account import FIREFOX, SAFARI, signed_in
from tests.accounts.pages import sign_in, text_of
from tests.factories import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

CHANGE, SESSIONS = "/mon-compte/mot-de-passe/", "/mon-compte/connexions/"
HISTORY, CODES = "/mon-compte/historique/", "/mon-compte/codes/"
NEW_PASSWORD = "Autremotdepasse2"


def change_password(client, **changes: str):
    data = {
        "current_password": PASSWORD,
        "password": NEW_PASSWORD,
        "password_confirmation": NEW_PASSWORD,
    }
    return client.post(CHANGE, data | changes)


def is_in(client) -> bool:
    return client.get("/mon-compte/").status_code == 200


def test_change_of_password_ends_the_other_sessions_and_is_told():
    user, here = signed_in()
    _, elsewhere = signed_in(user, agent=SAFARI)

    assert change_password(here).status_code == 302

    # ended now, not by the next request that the other browser makes
    assert AccountSession.objects.get().session_key == here.session.session_key
    assert StoredSession.objects.count() == 1
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert OutgoingMail.objects.filter(user=user, kind=MailKind.PASSWORD_CHANGED).count() == 1
    assert AccountEvent.objects.filter(user=user, kind=EventKind.PASSWORD_CHANGED).count() == 1
    assert sign_in(Client(), user.titulaire.nir, PASSWORD).status_code == 422
    assert sign_in(Client(), user.titulaire.nir, NEW_PASSWORD).status_code == 302


def test_change_of_password_keeps_this_session_in_the_list():
    user, client = signed_in()

    change_password(client)

    row = AccountSession.objects.get(user=user)
    assert row.session_key == client.session.session_key
    assert "Celle-ci" in text_of(client.get(SESSIONS))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"current_password": "Faux-Passe-1"}, "Ce mot de passe n’est pas celui de votre compte."),
        ({"current_password": ""}, "Saisissez votre mot de passe actuel."),
        ({"password_confirmation": "Autremotdepasse3"}, "Les deux mots de passe sont différents"),
        ({"password": "court1A", "password_confirmation": "court1A"}, "il manque 8 caractères"),
        ({"password": PASSWORD, "password_confirmation": PASSWORD}, "différent de l’actuel"),
    ],
)
def test_change_of_password_refuses_what_is_wrong(changes, sentence):
    user, client = signed_in()

    response = change_password(client, **changes)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert PASSWORD not in text_of(response)
    assert NEW_PASSWORD not in text_of(response)
    assert sign_in(Client(), user.titulaire.nir, PASSWORD).status_code == 302


def test_present_password_is_guessed_five_times_and_no_more():
    _, client = signed_in()

    answers = [change_password(client, current_password="Faux-1").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_right_present_password_is_not_counted():
    _, client = signed_in()

    for _ in range(7):
        response = change_password(client, password_confirmation="x")

    assert response.status_code == 422


def test_password_given_again_opens_the_sensitive_page(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    _, client = signed_in()
    time_machine.shift(601)
    page = client.get(CODES, follow=True)
    assert "Confirmez que c’est bien vous" in text_of(page)
    wrong = client.post("/mon-compte/verification/", {"next": CODES, "current_password": "x"})
    assert wrong.status_code == 422
    assert f'value="{CODES}"' in text_of(wrong)

    answer = client.post("/mon-compte/verification/", {"next": CODES, "current_password": PASSWORD})

    assert answer.headers["Location"] == CODES
    assert client.get(CODES).status_code == 200


def test_verification_leads_to_no_foreign_page():
    _, client = signed_in()

    answer = client.post(
        "/mon-compte/verification/",
        {"next": "https://mal.invalid/", "current_password": PASSWORD},
    )

    assert answer.headers["Location"] == "/mon-compte/"


def test_sessions_are_named_in_words_without_address():
    user, client = signed_in(agent=FIREFOX)
    signed_in(user, agent=SAFARI)

    page = text_of(client.get(SESSIONS))

    assert "Firefox sur Windows" in page
    assert "Safari sur iPhone" in page
    assert page.count("Celle-ci") == 1
    assert "127.0.0.1" not in page
    assert "127.0.0.1" not in str(list(AccountSession.objects.values()))


def test_one_session_is_closed():
    user, here = signed_in()
    _, elsewhere = signed_in(user, agent=SAFARI)
    other = AccountSession.objects.get(browser="Safari sur iPhone")

    here.post(f"{SESSIONS}{other.pk}/fermer/")

    assert (is_in(here), is_in(elsewhere)) == (True, False)
    assert not StoredSession.objects.filter(pk=other.session_key).exists()


def test_all_the_other_sessions_are_closed():
    user, here = signed_in()
    others = [signed_in(user, agent=SAFARI)[1] for _ in range(3)]

    assert "Tout fermer" in text_of(here.get(SESSIONS))
    here.post(f"{SESSIONS}fermer/")

    assert "Tout fermer" not in text_of(here.get(SESSIONS))
    assert is_in(here)
    assert not any(is_in(client) for client in others)
    assert AccountSession.objects.count() == 1


def test_nobody_closes_the_session_of_another():
    _, here = signed_in()
    _, stranger = signed_in()
    mine = AccountSession.objects.earliest("pk")

    stranger.post(f"{SESSIONS}{mine.pk}/fermer/")

    assert is_in(here)


def test_session_that_has_ended_is_listed_no_more(time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    user, _ = signed_in(agent=SAFARI)
    time_machine.shift(31 * 60)
    _, here = signed_in(user)

    assert "Safari" not in text_of(here.get(SESSIONS))


def test_session_that_was_left_is_listed_no_more():
    user, elsewhere = signed_in(agent=SAFARI)
    _, here = signed_in(user, agent=FIREFOX)
    assert "Safari" in text_of(here.get(SESSIONS))

    elsewhere.post("/deconnexion/")

    page = text_of(here.get(SESSIONS))
    assert ("Safari" in page, "Firefox" in page) == (False, True)


@pytest.mark.parametrize("path", [f"{SESSIONS}fermer/", f"{SESSIONS}1/fermer/"])
def test_sessions_are_closed_by_post_only(path):
    _, client = signed_in()

    assert client.get(path).status_code == 405


def test_new_browser_is_told_the_known_one_is_not():
    user, _ = signed_in(agent=FIREFOX)
    signed_in(user, agent=FIREFOX)
    assert not OutgoingMail.objects.filter(kind=MailKind.NEW_BROWSER).exists()

    signed_in(user, agent=SAFARI)

    assert OutgoingMail.objects.filter(user=user, kind=MailKind.NEW_BROWSER).count() == 1


def test_new_browser_is_not_told_to_who_does_not_want_it():
    user, _ = signed_in(UserFactory(wants_signin_mail=False))

    signed_in(user, agent=SAFARI)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (SAFARI, "Safari sur iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/140 Safari/537.36", "Chrome sur Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge sur Windows"),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28 Chrome/130",
            "Samsung Internet sur Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Navigateur sur Linux"),
        ("Firefox", "Firefox"),
        ("<script>alert(1)</script>" * 50, UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_browser_is_told_in_words(agent, words):
    assert browser_in_words(agent) == words


def test_history_shows_one_s_own_events_newest_first():
    _, client = signed_in()
    change_password(client)
    signed_in()

    page = text_of(client.get(HISTORY))

    assert page.index("Mot de passe modifié") < page.index("Connexion</th>")
    assert page.count("Connexion</th>") == 1


def test_history_tells_who_of_the_staff_opened_the_account_and_why():
    user, client = signed_in()
    agent = StaffFactory()
    services.record(
        user=user, kind=EventKind.OPENED_BY_STAFF, author=agent, reason="Appel du titulaire"
    )

    page = text_of(client.get(HISTORY))

    assert f"agent n°\u00a0{agent.pk}" in page
    assert "Motif\u00a0: Appel du titulaire" in page
    assert agent.email not in page


def test_history_is_cut_in_pages_at_a_constant_cost(django_assert_num_queries):
    user, client = signed_in()
    for _ in range(45):
        services.record(user=user, kind=EventKind.NOTICES_CHANGED)
    client.get(HISTORY)  # the first page of a session writes it

    with django_assert_num_queries(4):  # session, person, count, page
        page = client.get(HISTORY, {"page": 3})

    assert len(page.context["page_obj"]) == 6


def test_history_is_never_changed_nor_removed_by_code():
    event = services.record(user=UserFactory(), kind=EventKind.SIGNED_IN)

    for attempt in (
        event.save,
        event.delete,
        AccountEvent.objects.all().delete,
        lambda: AccountEvent.objects.update(detail="x"),
    ):
        with pytest.raises(Immutable):
            attempt()
    assert AccountEvent.objects.filter(pk=event.pk, detail="").exists()


def test_history_older_than_its_retention_is_forgotten():
    user = UserFactory()
    services.record(user=user, kind=EventKind.SIGNED_IN)

    assert AccountEvent.objects.forget_before(timezone.now() - timedelta(days=1)) == 0
    assert AccountEvent.objects.forget_before(timezone.now() + timedelta(days=1)) == 1


def test_recovery_codes_are_shown_once_and_kept_as_hashes():
    user, client = signed_in()

    page = text_of(client.post(CODES))

    codes = client.post(CODES).context["codes"]
    assert len(set(codes)) == 10
    assert page.count("<code>") == 10
    stored = str(list(RecoveryCode.objects.values()))
    assert RecoveryCode.objects.filter(user=user).count() == 10
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    again = text_of(client.get(CODES))
    assert "Il vous reste 10\u00a0codes" in again
    assert not any(code in again for code in codes)
    assert codes[0] not in str(list(OutgoingMail.objects.values()))
