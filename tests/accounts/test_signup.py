import pytest
from django.conf import settings as portal_settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.models import IdentityLevel, OutgoingMail, Titulaire, User
from accounts.nir import Nir
from tests.accounts.captcha.helpers import key_in, solve, wrong_choice
from tests.accounts.pages import SIGNUP, inputs_in, sign_up, signup_data, text_of
from tests.factories import TitulaireFactory, UserFactory, make_nir
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db


def test_sign_up_creates_the_account_and_signs_in(client):
    nir = make_nir()
    before = timezone.now()

    response = sign_up(client, nir, phone_landline="01 23 45 67 89", email="Camille@Example.ORG",
                       email_confirmation="camille@example.org")  # fmt: skip

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    user = User.objects.get()
    assert client.session[SESSION_KEY] == str(user.pk)
    assert user.titulaire.nir == nir
    assert user.titulaire.birth_name == "Durand"
    assert user.titulaire.identity_level == IdentityLevel.DECLARED
    assert user.email == "Camille@example.org"
    assert (user.phone_landline, user.phone_mobile) == ("+33123456789", "+33639980001")
    assert user.cgu_version == portal_settings.CGU_VERSION
    assert before <= user.cgu_accepted_at <= timezone.now()
    assert user.check_password("Motdepasse1")
    assert not user.has_confirmed_email
    assert (user.is_staff, user.is_superuser, user.is_demonstration) == (False, False, False)


def test_sign_up_shows_the_home_page_with_a_message(client):
    page = client.get(sign_up(client).headers["Location"])

    assert "Votre compte est créé." in text_of(page)
    assert "0,00\u00a0€" in text_of(page)
    assert "provisoire" not in text_of(page)


def test_sign_up_with_a_provisional_number_says_when_the_rights_appear(client):
    page = client.get(sign_up(client, Nir.parse("7780575112123")).headers["Location"])

    assert "Votre numéro de sécurité sociale est provisoire" in text_of(page)
    assert Titulaire.objects.get().has_provisional_nir


@pytest.mark.parametrize("first", "123478")
def test_sign_up_accepts_final_and_provisional_numbers(client, first):
    assert sign_up(client, Nir.parse(f"{first}780575112123")).status_code == 302


def test_sign_up_accepts_corsica_in_lower_case(client):
    nir = Nir.parse("185052A004123")

    assert sign_up(client, nir, nir="1 85 05 2a 004 123").status_code == 302
    assert User.objects.get().titulaire.nir == nir


@pytest.mark.parametrize("write", ["{nir}{key}", "{nir} {key}", "{nir}-{key}"])
@pytest.mark.parametrize("typed_key", ["", "{key}"])
def test_sign_up_understands_the_15_characters_pasted_in_the_first_field(client, write, typed_key):
    nir = make_nir()
    parts = {"nir": nir.value, "key": nir.key}

    response = sign_up(client, nir, nir=write.format(**parts), nir_key=typed_key.format(**parts))

    assert response.status_code == 302
    assert User.objects.get().titulaire.nir == nir


def test_sign_up_joins_the_identity_that_the_register_brought(client):
    known = TitulaireFactory(birth_name="Lefèvre-d’Arcy")

    response = sign_up(client, known.nir, birth_name="LEFEVRE D ARCY")

    assert response.status_code == 302
    user = User.objects.get()
    assert user.titulaire == known
    assert user.titulaire.birth_name == "Lefèvre-d’Arcy"


def test_sign_up_gives_a_new_session(client):
    client.get(SIGNUP)
    planted = client.session.session_key

    sign_up(client)

    assert client.session.session_key != planted


def test_sign_up_keeps_the_name_in_any_script(client):
    sign_up(client, birth_name="  Nguyễn   Thị \u00a0d’Été ")

    assert Titulaire.objects.get().birth_name == "Nguyễn Thị d’Été"


def test_sign_up_with_a_name_that_grows_when_folded(client):
    assert sign_up(client, birth_name="김" * 100).status_code == 302


def test_wrong_answer_uses_the_challenge_up(client):
    page = client.get(SIGNUP)
    answer, wrong = solve(page), wrong_choice(key_in(page))

    first = client.post(SIGNUP, signup_data() | answer | {"captcha_1": wrong})
    second = client.post(SIGNUP, signup_data() | answer)

    assert (first.status_code, second.status_code) == (422, 422)
    assert not User.objects.exists()


def test_answer_of_another_session_is_refused(client):
    answer = solve(Client().get(SIGNUP))
    client.get(SIGNUP)

    assert client.post(SIGNUP, signup_data() | answer).status_code == 422


def test_sound_version_opens_the_account_too(client):
    page = client.get(SIGNUP)

    assert client.post(SIGNUP, signup_data() | solve(page, by_ear=True)).status_code == 302


def test_renewal_shows_another_challenge_and_keeps_the_fields_without_an_error(client):
    page = client.get(SIGNUP)
    typed = signup_data(email="pas une adresse", cgu="on") | {"captcha_renew": "1"}

    response = client.post(SIGNUP, typed | solve(page))

    assert response.status_code == 200
    assert key_in(response) != key_in(page)
    assert "msg" not in text_of(response).split("<main")[1]
    assert "<title>Inscription" in text_of(response)
    fields = inputs_in(response)
    for name in ("birth_name", "phone_mobile", "email", "email_confirmation"):
        assert fields[name]["value"] == typed[name]
    assert "checked" in fields["cgu"]
    for name in ("nir", "nir_key", "password", "password_confirmation"):
        assert "value" not in fields[name]


def test_renewal_does_not_count_as_a_sign_up(client):
    for _ in range(25):
        assert client.post(SIGNUP, {"captcha_renew": "1"}).status_code == 200


def test_page_asked_too_often_shows_no_challenge_and_says_when_to_come_back(client):
    statuses = [client.get(SIGNUP).status_code for _ in range(31)]

    response = client.get(SIGNUP)

    assert statuses == [200] * 30 + [429]
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "Vous avez demandé beaucoup de contrôles de sécurité." in text_of(response)


def test_sign_up_is_refused_after_twenty_wrong_answers(client):
    for number in range(20):
        assert client.post(SIGNUP, {}, REMOTE_ADDR="192.0.2.1").status_code == 422, number

    response = client.post(SIGNUP, {}, REMOTE_ADDR="192.0.2.1")

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 3500
    assert client.post(SIGNUP, {}, REMOTE_ADDR="192.0.2.2").status_code == 422


def test_slips_of_somebody_who_passed_the_security_check_are_not_counted(client, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    for _ in range(25):
        assert sign_up(client, email_confirmation="autre@example.org").status_code == 422
        time_machine.shift(10)

    assert sign_up(client).status_code == 302


def test_sign_ups_flood_no_mailbox():
    statuses = [sign_up(Client()).status_code for _ in range(11)]

    assert statuses == [302] * 10 + [429]


def test_sign_up_of_somebody_signed_in_leads_home(client):
    client.force_login(UserFactory())

    assert client.get(SIGNUP).headers["Location"] == "/"
    assert client.post(SIGNUP, signup_data()).headers["Location"] == "/"
    assert User.objects.count() == 1


def test_sign_up_asks_for_the_csrf_token():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SIGNUP, signup_data()).status_code == 403


def test_sign_up_page_is_kept_by_no_cache_but_may_be_gone_back_to(client):
    """With « no-store » the browser would empty the form after a look at the terms."""
    for response in (client.get(SIGNUP), client.post(SIGNUP, {})):
        assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}


@pytest.mark.parametrize(
    "extra",
    [
        {"is_staff": "on", "is_superuser": "on"},
        {"email_confirmed_at": "2020-01-01", "identity_level": "verified"},
        {"titulaire": "1", "titulaire_id": "1", "user": "1", "id": "1", "pk": "1"},
        {"identifier": "choisi", "is_demonstration": "on", "cgu_version": "1900-01"},
        {"has_provisional_nir": "on", "sex": "M", "birth_year": "1", "diploma_level": "8"},
    ],
)
def test_sign_up_ignores_what_the_form_does_not_ask(client, extra):
    other = TitulaireFactory()

    assert sign_up(client, **extra).status_code == 302

    user = User.objects.get()
    assert user.titulaire != other
    assert not any((user.is_staff, user.is_superuser, user.is_demonstration))
    assert user.identifier != "choisi"
    assert user.cgu_version == portal_settings.CGU_VERSION
    assert user.titulaire.identity_level == IdentityLevel.DECLARED
    assert (user.titulaire.sex, user.titulaire.diploma_level) == ("F", None)
    assert not user.has_confirmed_email


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_one_right_answer_posted_20_times_at_once_creates_one_account(client):
    page = client.get(SIGNUP)
    answer = solve(page)
    cookies = client.cookies
    numbers = [make_nir() for _ in range(20)]

    def post(number: int) -> int:
        own = Client()
        own.cookies = cookies.copy()
        return own.post(SIGNUP, signup_data(numbers[number]) | answer).status_code

    statuses = in_parallel(post, range(20))

    # 302: the winner, and those whose session he changed meanwhile; they are led to the same page.
    assert set(statuses) <= {302, 422}
    assert User.objects.count() == 1
    assert Titulaire.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_20_sign_ups_at_once_with_one_number_create_one_account():
    nir = make_nir()

    def sign_up_from(number: int) -> int:
        own = Client(REMOTE_ADDR=f"192.0.2.{number}")
        return sign_up(own, nir, email=f"p{number}@example.org",
                       email_confirmation=f"p{number}@example.org").status_code  # fmt: skip

    statuses = in_parallel(sign_up_from, range(20))

    assert sorted(statuses) == [302] + [422] * 19
    assert User.objects.count() == 1
