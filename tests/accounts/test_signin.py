import pytest
from django.contrib.auth import SESSION_KEY, authenticate
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import StoredSession, User
from tests.accounts.hashing import HASHER, CountingHasher, counted_hashes
from tests.accounts.pages import LOGIN, inputs_in, labels_in, sign_in
from tests.factories import PASSWORD, StaffFactory, TitulaireFactory, UserFactory, make_nir
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db

REFUSAL = "Ce numéro de sécurité sociale et ce mot de passe ne permettent pas de se connecter."
ADMIN_LOGIN = "/admin/login/"


@pytest.fixture
def user():
    return UserFactory()


def is_signed_in(client) -> bool:
    return SESSION_KEY in client.session


def test_sign_in_page_has_the_words_and_tokens_of_a_sign_in(client):
    page = client.get(LOGIN)

    assert labels_in(page) == ["Numéro de sécurité sociale", "Mot de passe"]
    fields = inputs_in(page)
    assert fields["nir"]["autocomplete"] == "username"
    assert fields["password"]["autocomplete"] == "current-password"
    assert "captcha_0" not in fields


@pytest.mark.parametrize("write", ["{nir}", "{nir}{key}", "{nir} {key}", " {nir}-{key} "])
def test_sign_in_accepts_13_or_15_characters(client, user, write):
    nir = user.titulaire.nir

    response = client.post(
        LOGIN, {"nir": write.format(nir=nir.value, key=nir.key), "password": PASSWORD}
    )

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert client.session[SESSION_KEY] == str(user.pk)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez votre numéro de sécurité sociale."),
        ("12345", "Saisissez les 13 caractères"),
        ("2" * 41, "Saisissez seulement votre numéro de sécurité sociale"),
        ("255081416802539", "La clé ne correspond pas au numéro"),
    ],
)
def test_sign_in_explains_a_number_that_is_none(client, typed, sentence):
    response = client.post(LOGIN, {"nir": typed, "password": PASSWORD})

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "<title>Erreur" in response.content.decode()


def unknown():
    return make_nir()


def without_account():
    return TitulaireFactory().nir


def wrong_password():
    return UserFactory(password="Autremotdepasse2").titulaire.nir


def inactive():
    return UserFactory(is_active=False, password="Autremotdepasse2").titulaire.nir


def unusable_password():
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    return user.titulaire.nir


CAUSES = [unknown, without_account, wrong_password, inactive, unusable_password]


@pytest.mark.parametrize("cause", CAUSES)
def test_sign_in_refuses_every_cause_alike(client, cause, settings):
    settings.PASSWORD_HASHERS = [HASHER]
    reference = Client().post(LOGIN, {"nir": make_nir().value, "password": PASSWORD})
    nir = cause()

    with counted_hashes() as count:
        response = sign_in(client, nir)

    assert response.status_code == 422
    assert REFUSAL in response.content.decode()
    assert without_tokens(response) == without_tokens(reference)
    assert not is_signed_in(client)
    assert count.hashes == 1


def without_tokens(response) -> str:
    token = response.context["csrf_token"]
    return response.content.decode().replace(str(token), "")


def test_sign_in_never_shows_again_what_was_typed(client):
    nir = make_nir()

    page = sign_in(client, nir, "Motdepasse-9").content.decode()

    assert nir.value not in page
    assert "Motdepasse-9" not in page


def test_sign_in_gives_a_new_session_and_adopts_no_planted_one(client, user):
    client.get("/inscription/")  # opens a session
    planted = client.session.session_key

    sign_in(client, user.titulaire.nir)

    assert client.session.session_key != planted
    assert not StoredSession.objects.filter(pk=planted).exists()


def test_sign_in_asks_for_the_csrf_token(user):
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict, user.titulaire.nir).status_code == 403


def test_sign_in_page_of_somebody_signed_in_goes_on(client, user):
    client.force_login(user)

    assert client.get(LOGIN).headers["Location"] == "/"
    assert client.get(f"{LOGIN}?next=/mes-droits/").headers["Location"] == "/mes-droits/"


def test_sign_in_leads_to_the_page_that_was_asked(client, user):
    page = client.get("/mon-compte/", follow=True)
    assert inputs_in(page)["next"]["value"] == "/mon-compte/"

    response = client.post(
        LOGIN, {"nir": user.titulaire.nir.value, "password": PASSWORD, "next": "/mon-compte/"}
    )

    assert response.headers["Location"] == "/mon-compte/"


def test_sign_in_keeps_the_page_asked_after_an_error(client, user):
    response = client.post(LOGIN, {"nir": "", "password": "", "next": "/mon-compte/"})

    assert inputs_in(response)["next"]["value"] == "/mon-compte/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "///evil.test/",
        "/\\evil.test/",
        "\\\\evil.test/",
        "http:evil.test",
        "https:/evil.test",
        "https:///evil.test",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "\x00//evil.test",
        "\t//evil.test",
        " //evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "http://127.0.0.1@evil.test/",
        "http://testserver.evil.test/",
        "evil.test",
        "?next=//evil.test",
        "",
    ],
)
@pytest.mark.parametrize("place", ["post", "get"])
def test_sign_in_never_leads_to_another_site(client, user, target, place):
    data = {"nir": user.titulaire.nir.value, "password": PASSWORD}

    if place == "post":
        response = client.post(LOGIN, data | {"next": target})
    else:
        response = client.post(LOGIN, data, query_params={"next": target})

    assert response.status_code == 302
    assert response.headers["Location"] == "/"


def test_sign_in_is_refused_after_five_failures_with_a_page_that_helps(client, user):
    for _ in range(5):
        assert sign_in(client, user.titulaire.nir, "Faux-passe-1").status_code == 422

    response = sign_in(client, user.titulaire.nir)

    assert response.status_code == 429
    assert 290 <= int(response.headers["Retry-After"]) <= 300
    assert "Réessayez dans 5" in response.content.decode()
    assert "/mot-de-passe/oublie/" in response.content.decode()


def test_sign_in_of_the_victim_is_open_from_another_address(client, user):
    for number in range(30):
        sign_in(client, user.titulaire.nir, f"Faux-passe-{number}", REMOTE_ADDR="192.0.2.9")

    response = sign_in(client, user.titulaire.nir, REMOTE_ADDR="198.51.100.4")

    assert response.status_code == 302


def test_sign_in_counts_an_unknown_number_like_a_known_one(client, user):
    def statuses(nir):
        return [sign_in(client, nir, "Faux-passe-1").status_code for _ in range(7)]

    assert statuses(user.titulaire.nir) == statuses(make_nir()) == [422] * 5 + [429] * 2


def test_sign_in_believes_no_forged_address(client, user):
    statuses = [
        sign_in(
            client,
            user.titulaire.nir,
            "Faux-passe-1",
            headers={
                "x-forwarded-for": f"10.0.0.{number}",
                "x-real-ip": f"10.0.1.{number}",
                "forwarded": f"for=10.0.2.{number}",
            },
        ).status_code
        for number in range(7)
    ]

    assert statuses == [422] * 5 + [429] * 2


def test_successes_do_not_use_up_the_tries(client, user):
    for _ in range(12):
        assert sign_in(client, user.titulaire.nir).status_code == 302
        client.post("/deconnexion/")


@pytest.mark.parametrize("path", [LOGIN, ADMIN_LOGIN])
@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_100_wrong_sign_ins_at_once_compute_no_more_hashes_than_the_limit(path, settings):
    settings.PASSWORD_HASHERS = [HASHER]
    nir, agent = UserFactory().titulaire.nir, StaffFactory()
    CountingHasher.count = 0

    def try_once(number: int) -> int:
        password = f"Faux-passe-{number}"
        data = {"nir": nir.value, "username": agent.email, "password": password}
        return Client(raise_request_exception=False).post(path, data).status_code

    statuses = in_parallel(try_once, range(100))

    assert statuses.count(429) == 95
    assert CountingHasher.count == 5


def test_admin_sign_in_takes_the_address_in_any_case(client):
    agent = StaffFactory(email="agent.dupont@example.org")

    response = client.post(
        ADMIN_LOGIN,
        {"username": "Agent.Dupont@example.org", "password": PASSWORD, "next": "/admin/"},
    )

    assert response.status_code == 302
    assert client.session["staff_pending"]["user"] == agent.pk


def test_admin_sign_in_is_limited_like_the_other(client):
    agent = StaffFactory()
    data = {"username": agent.email, "password": "Faux-passe-1"}

    statuses = [client.post(ADMIN_LOGIN, data).status_code for _ in range(7)]

    assert statuses == [422] * 5 + [429] * 2


def test_admin_sign_in_refuses_a_citizen(client, user):
    client.post(ADMIN_LOGIN, {"username": user.identifier, "password": PASSWORD})

    assert not is_signed_in(client)


def test_sign_in_by_nir_refuses_the_staff(client):
    agent = StaffFactory()

    assert authenticate(None, username=agent.email, password=PASSWORD) == agent
    assert client.post(LOGIN, {"nir": agent.email, "password": PASSWORD}).status_code == 422


def test_authenticate_without_identifier_computes_nothing(settings):
    settings.PASSWORD_HASHERS = [HASHER]

    with counted_hashes() as count:
        assert authenticate(None, username="", password=PASSWORD) is None
        assert authenticate(None, username=None, password=None) is None

    assert count.hashes == 0


def test_sign_out_ends_the_session_and_clears_the_browser(client, user):
    client.force_login(user)
    key = client.session.session_key

    response = client.post("/deconnexion/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)
    assert not StoredSession.objects.filter(pk=key).exists()


def test_sign_out_is_never_done_by_a_link(client, user):
    client.force_login(user)

    assert client.get("/deconnexion/").status_code == 405
    assert is_signed_in(client)


def test_sign_out_asks_for_the_csrf_token(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    assert strict.post("/deconnexion/").status_code == 403
    assert is_signed_in(strict)


def test_sign_in_renews_a_hash_made_with_older_parameters(client, user, settings):
    settings.PASSWORD_HASHERS = [HASHER, "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    User.objects.filter(pk=user.pk).update(password=old)

    assert sign_in(client, user.titulaire.nir).status_code == 302

    user.refresh_from_db()
    assert user.password.startswith("md5$")
    assert user.check_password(PASSWORD)


def test_account_disabled_by_support_is_out_at_once(client, user):
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/mon-compte/").status_code == 302
