from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.exceptions import ConfirmationExpired
from accounts.models import IdentityLevel, OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tokens import find_confirmation, make_confirmation_token
from tests.accounts.pages import text_of
from tests.factories import StaffFactory, UserFactory
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

RESEND = "/mon-compte/confirmation/"


@pytest.fixture
def user():
    return UserFactory(email_confirmed_at=None)


def link(user: User) -> str:
    return f"/inscription/confirmation/{make_confirmation_token(user)}/"


def is_confirmed(user: User) -> bool:
    user.refresh_from_db()
    user.titulaire.refresh_from_db()
    return user.has_confirmed_email


def test_link_shows_a_button_and_confirms_nothing(client, user):
    for _ in range(3):
        response = client.get(link(user))
        assert response.status_code == 200
        assert "Activer mon compte" in text_of(response)

    assert not is_confirmed(user)


def test_head_is_harmless(client, user):
    assert client.head(link(user)).status_code == 200

    assert not is_confirmed(user)


def test_button_activates_the_account(client, user):
    response = client.post(link(user))

    assert response.status_code == 200
    assert "Votre compte a bien été activé" in text_of(response)
    assert is_confirmed(user)
    assert user.titulaire.identity_level == IdentityLevel.EMAIL_CONFIRMED


@pytest.mark.parametrize("method", ["get", "post"])
def test_second_time_explains(client, user, method):
    client.post(link(user))
    confirmed_at = User.objects.get(pk=user.pk).email_confirmed_at

    response = getattr(client, method)(link(user))

    assert response.status_code == 200
    assert "Votre compte est déjà activé" in text_of(response)
    assert User.objects.get(pk=user.pk).email_confirmed_at == confirmed_at


def test_confirmation_lowers_no_identity_that_was_verified(client, user):
    user.titulaire.identity_level = IdentityLevel.VERIFIED
    user.titulaire.save()

    client.post(link(user))

    assert is_confirmed(user)
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED


def test_button_asks_for_the_csrf_token(user):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(link(user)).status_code == 403
    assert not is_confirmed(user)


def test_confirmation_signs_nobody_in(client, user):
    client.post(link(user))

    assert client.get("/mon-compte/").status_code == 302


@pytest.mark.parametrize(
    "start", ["2026-11-22T10:00:00Z", "2026-10-24T23:30:00Z", "2026-03-28T01:00:00Z", "2028-02-20T12:00:00Z"]
)  # fmt: skip
def test_link_lives_15_days_to_the_second(client, time_machine, start):
    time_machine.move_to(start, tick=False)
    early, late = (UserFactory(email_confirmed_at=None) for _ in range(2))

    time_machine.shift(timedelta(days=15, seconds=-1))
    assert client.get(link(early)).status_code == 200
    assert "a bien été activé" in text_of(client.post(link(early)))

    time_machine.shift(2)
    for method in (client.get, client.post):
        response = method(link(late))
        assert response.status_code == 410
        assert "Le délai de 15 jours est passé" in text_of(response)
    assert not is_confirmed(late)


def test_forged_links_are_refused(client, user):
    token = make_confirmation_token(user)
    other = UserFactory(email_confirmed_at=None)
    foreign = make_confirmation_token(other).partition("-")[2]
    forged = [
        "x",
        "-",
        f"{user.pk}-",
        token[:-1],
        token + "x",
        token.swapcase(),
        f"{user.pk}-{foreign}",
        f"{10**30}-{foreign}",
        f"²-{foreign}",
        f"{user.pk}-{Signer(salt='autre').signature(f'{user.pk}:{user.identifier}:{user.email}')}",
    ]

    for text in forged:
        response = client.post(f"/inscription/confirmation/{text}/")
        assert response.status_code == 404
        assert "Ce lien n’est plus valable" in text_of(response)
    assert not is_confirmed(user)
    assert not is_confirmed(other)


def test_link_dies_when_the_address_changes(user):
    token = make_confirmation_token(user)
    assert find_confirmation(token) == user

    User.objects.filter(pk=user.pk).update(email="autre@example.org")

    assert find_confirmation(token) is None


def test_link_dies_with_the_account(user):
    token = make_confirmation_token(user)

    services.erase(user=user)

    assert find_confirmation(token) is None


def test_link_survives_a_rotation_of_the_secret_key(user, settings):
    token = make_confirmation_token(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une autre clé"
    assert find_confirmation(token) == user

    settings.SECRET_KEY_FALLBACKS = []

    assert find_confirmation(token) is None


def test_link_carries_no_address_and_leaks_by_no_referer(client, user):
    response = client.get(link(user))

    assert user.email not in link(user)
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]


def test_confirm_email_refuses_after_the_deadline(user):
    with pytest.raises(ConfirmationExpired):
        services.confirm_email(user=user, now=user.confirmation_deadline + timedelta(seconds=1))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_confirmation_posted_20_times_at_once_confirms_once():
    user = UserFactory(email_confirmed_at=None)

    outcomes = in_parallel(
        lambda number: services.confirm_email(user=user, now=timezone.now()), range(20)
    )

    assert outcomes.count(True) == 1


def test_profile_says_that_the_address_is_to_be_confirmed(client, user):
    client.force_login(user)

    assert "Recevoir de nouveau le courriel" in text_of(client.get("/mon-compte/"))
    client.post(link(user))
    assert "Recevoir de nouveau le courriel" not in text_of(client.get("/mon-compte/"))


def test_resend_promises_one_mail(client, user):
    client.force_login(user)

    page = client.post(RESEND, follow=True)

    assert "Un courriel vient de vous être envoyé" in text_of(page)
    mail = OutgoingMail.objects.get()
    assert (mail.user, mail.kind) == (user, MailKind.CONFIRMATION)


def test_resend_is_limited(client, user, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client.force_login(user)
    statuses = []
    for _ in range(7):
        statuses += [client.post(RESEND).status_code for _ in range(2)]
        time_machine.shift(61)

    assert statuses == [302, 429] * 5 + [429] * 4
    assert OutgoingMail.objects.count() == 5


def test_resend_sends_nothing_to_a_confirmed_address(client):
    client.force_login(UserFactory())

    assert "déjà confirmée" in text_of(client.post(RESEND, follow=True))
    assert not OutgoingMail.objects.exists()


def test_resend_after_the_deadline_says_to_start_again(client, user):
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=16))
    client.force_login(user)

    assert "Recommencez votre inscription" in text_of(client.post(RESEND, follow=True))
    assert not OutgoingMail.objects.exists()


def test_resend_is_for_signed_in_people_and_never_a_link(client, user):
    assert client.post(RESEND).headers["Location"] == f"/connexion/?next={RESEND}"

    client.force_login(user)
    assert client.get(RESEND).status_code == 405


def test_profile_of_the_staff_shows_no_identity(client):
    client.force_login(StaffFactory(email_confirmed_at=timezone.now()))

    assert "Numéro de sécurité sociale" not in text_of(client.get("/mon-compte/"))
