import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from accounts import limits, services
from accounts.exceptions import LinkUsed
from accounts.models import AccountSession, OutgoingMail, StoredSession, User
from accounts.models.mail import MailKind
from accounts.views import access
from cpf_portal.ui.errors import TooManyRequests
from tests.accounts.pages import RESET, inputs_in, labels_in, link_of, sign_in, text_of
from tests.factories import PASSWORD, UserFactory, make_nir
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

NEW = "Nouveau-Passe-9"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(access, "RESET_SECONDS", 0)


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def ask_link(client, mailoutbox, django_capture_on_commit_callbacks):
    """Ask for the link as a person would; return the one that comes by mail."""

    def ask(user: User) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(RESET, {"nir": user.titulaire.nir.value})
        message = mailoutbox[-1]
        assert message.recipients() == [user.email]
        return link_of(message)

    return ask


@pytest.fixture
def link(ask_link, user):
    return ask_link(user)


def open_form(client, link: str) -> str:
    """Follow the link of the mail; return the address of the form."""
    response = client.get(link)
    assert response.status_code == 302, "the link is not valid"
    return response.headers["Location"]


def choose(client, path: str, password: str = NEW, confirmation: str | None = None):
    again = password if confirmation is None else confirmation
    return client.post(path, {"password": password, "password_confirmation": again})


def test_forgotten_password_asks_only_for_the_number(client):
    page = client.get(RESET)

    assert labels_in(page) == ["Numéro de sécurité sociale"]
    assert inputs_in(page)["nir"]["autocomplete"] == "username"


@pytest.mark.parametrize("write", ["{nir}", "{nir}{key}", "{nir} {key}"])
def test_forgotten_password_accepts_13_or_15_characters(client, user, write):
    nir = user.titulaire.nir

    client.post(RESET, {"nir": write.format(nir=nir.value, key=nir.key)})

    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.kind) == (user, MailKind.PASSWORD_RESET)


@pytest.mark.parametrize("typed", ["", "123", "255081416802539"])
def test_forgotten_password_explains_a_number_that_is_none(client, typed):
    response = client.post(RESET, {"nir": typed})

    assert response.status_code == 422
    assert "<title>Erreur" in text_of(response)
    assert "value" not in inputs_in(response)["nir"]


def test_forgotten_password_of_an_unconfirmed_address_is_sent_there_too(client):
    user = UserFactory(email_confirmed_at=None)

    client.post(RESET, {"nir": user.titulaire.nir.value})

    assert OutgoingMail.objects.get().user == user


def test_forgotten_password_sends_nothing_to_a_disabled_account(client):
    user = UserFactory(is_active=False)

    response = client.post(RESET, {"nir": user.titulaire.nir.value})

    assert response.status_code == 302
    assert not OutgoingMail.objects.exclude(user=None, recipient="").exists()


def test_forgotten_password_is_limited_by_number_known_or_not(client, user):
    for nir in (user.titulaire.nir, make_nir()):
        statuses = [client.post(RESET, {"nir": nir.value}).status_code for _ in range(4)]
        assert statuses == [302, 302, 302, 429]


def test_link_takes_its_token_out_of_the_address(client, link):
    path = open_form(client, link)

    assert path.endswith("/choisir/")
    assert link.split("/")[-2] not in path
    page = client.get(path)
    assert page.status_code == 200
    assert link.split("/")[-2] not in text_of(page)
    assert labels_in(page) == ["Nouveau mot de passe", "Confirmez votre nouveau mot de passe"]


def test_link_changes_the_password_and_signs_nobody_in(client, link, user):
    response = choose(client, open_form(client, link))

    assert response.headers["Location"] == "/connexion/"
    assert SESSION_KEY not in client.session
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "Votre nouveau mot de passe est enregistré" in text_of(client.get("/connexion/"))
    assert sign_in(client, user.titulaire.nir, PASSWORD).status_code == 422
    assert sign_in(client, user.titulaire.nir, NEW).status_code == 302


def test_link_is_not_used_up_by_readers_of_mails(client, link, user):
    for _ in range(3):
        Client().get(link)
        Client().head(link)
        Client().get(link, follow=True)

    assert choose(client, open_form(client, link)).status_code == 302


def test_link_serves_once(client, link):
    path = open_form(client, link)
    choose(client, path)

    for response in (client.get(link), choose(client, path, "Encore-Autre-1"), Client().get(link)):
        assert response.status_code == 410
        assert "Ce lien n’est plus valable" in text_of(response)


def test_link_lives_one_hour(client, user, ask_link, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    link = ask_link(user)

    time_machine.shift(3600)
    path = open_form(client, link)
    time_machine.shift(1)

    assert client.get(link).status_code == 410
    assert choose(client, path).status_code == 410
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_link_dies_when_the_person_signs_in(client, link, user, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    time_machine.shift(5)
    sign_in(Client(), user.titulaire.nir)

    assert client.get(link).status_code == 410


def test_link_dies_when_the_account_is_disabled(client, link, user):
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get(link).status_code == 410


def test_link_of_somebody_else_is_refused(client, link):
    other = UserFactory()
    _, _, _, uid, token, _ = link.split("/")
    foreign = urlsafe_base64_encode(str(other.pk).encode())

    for path in (f"/mot-de-passe/nouveau/{foreign}/{token}/", f"/mot-de-passe/nouveau/{uid}/x-y/",
                 f"/mot-de-passe/nouveau/%00/{token}/", f"/mot-de-passe/nouveau/{uid}/choisir/"):  # fmt: skip
        assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    ("password", "confirmation", "sentence"),
    [
        ("", "", "Saisissez votre nouveau mot de passe."),
        ("court", "court", "Complétez votre mot de passe"),
        ("Azerty123", "Azerty123", "trop courant"),
        (NEW, "", "Saisissez une seconde fois votre nouveau mot de passe."),
        (NEW, NEW + "x", "Les deux mots de passe sont différents"),
        ("Personne-Prune-1", "Personne-Prune-1", "sans votre nom"),
    ],
)
def test_new_password_follows_the_rules_of_the_sign_up(
    client, ask_link, password, confirmation, sentence
):
    user = UserFactory(titulaire__birth_name="Prune")
    path = open_form(client, ask_link(user))

    response = choose(client, path, password, confirmation)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "value" not in inputs_in(response)["password"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert choose(client, path).status_code == 302  # the link still serves


def test_new_password_ends_all_the_sessions(client, link, user):
    elsewhere = [Client(), Client()]
    for other in elsewhere:
        other.force_login(user, backend="accounts.backends.PortalBackend")
        assert other.get("/mon-compte/").status_code == 200
    user.refresh_from_db()
    services.reset_password(user=user, password=NEW)

    assert not AccountSession.objects.filter(user=user).exists()
    assert not StoredSession.objects.exists()
    assert [other.get("/mon-compte/").status_code for other in elsewhere] == [302, 302]


def test_new_password_is_told_by_mail(
    client, link, user, mailoutbox, django_capture_on_commit_callbacks
):
    mailoutbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        choose(client, open_form(client, link))

    (message,) = mailoutbox
    assert message.recipients() == [user.email]
    assert message.subject == "Votre mot de passe a été modifié"
    assert NEW not in message.body


def test_new_password_opens_the_sign_in_that_was_refused(client, link, user):
    for _ in range(6):
        response = sign_in(client, user.titulaire.nir, "Faux-passe-1")
    assert response.status_code == 429

    choose(client, open_form(client, link))

    assert sign_in(client, user.titulaire.nir, NEW).status_code == 302


def test_new_password_does_not_open_other_accounts(client, link):
    other = make_nir()
    for _ in range(5):
        limits.hit("sign-in", ip="127.0.0.1", person=other.value)

    choose(client, open_form(client, link))

    with pytest.raises(TooManyRequests):
        limits.hit("sign-in", ip="127.0.0.1", person=other.value)


def test_reset_asks_for_the_csrf_token(client, link):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(RESET, {"nir": make_nir().value}).status_code == 403
    path = open_form(strict, link)
    assert choose(strict, path).status_code == 403


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_link_used_20_times_at_once_changes_the_password_once():
    user = UserFactory()

    def reset(number: int) -> bool:
        try:
            services.reset_password(user=user, password=f"{NEW}{number}")
        except LinkUsed:
            return False
        return True

    outcomes = in_parallel(reset, range(20))

    assert outcomes.count(True) == 1
    assert User.objects.get().check_password(f"{NEW}{outcomes.index(True)}")
    assert OutgoingMail.objects.count() == 1
