import pytest
from django.test import Client

from accounts import services as services_of_accounts
from accounts.models import (
    BlockedReason,
    FranceConnectLink,
    FranceConnectStep,
    IdentityLevel,
    Titulaire,
    User,
)
from accounts.services import franceconnect as services
from tests.accounts.account import signed_in
from tests.accounts.franceconnect.steps import (
    ACCOUNT,
    IDENTITY,
    LINK,
    PROOF,
    RETURN,
    START,
    arrive,
    come_back,
    contact,
    give_number,
    is_signed_in,
    join,
    leave,
    leave_to_join,
    unverified,
)
from tests.accounts.pages import text_of
from tests.factories import PASSWORD, make_nir
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db


def test_second_arrival_opens_the_account_at_once(client, provider):
    arrive(client, provider, make_nir())
    user = User.objects.get()
    other = GuardedClient()

    response = come_back(other, provider, {"next": "/mes-droits/"})

    assert response.headers["Location"] == "/mes-droits/"
    assert is_signed_in(other, user)


def test_person_is_found_by_her_name_at_the_provider_even_when_her_identity_changed(
    client, provider
):
    arrive(client, provider, make_nir())
    provider.person["family_name"] = "AUTRE"

    assert come_back(GuardedClient(), provider).headers["Location"] == "/"


def test_same_name_at_another_provider_is_another_person(client, provider):
    arrive(client, provider, make_nir())
    FranceConnectLink.objects.update(issuer="https://autre.example.org")

    assert come_back(GuardedClient(), provider).headers["Location"] == IDENTITY


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (BlockedReason.UNUSUAL, "une activité inhabituelle"),
        (BlockedReason.DISPUTE, "Une autre personne dit que votre numéro"),
        (BlockedReason.REQUEST, "Vous avez demandé à l’assistance"),
    ],
)
def test_blocked_person_reads_the_reason_and_the_way_out(client, provider, reason, words):
    arrive(client, provider, make_nir())
    services_of_accounts.block(user=User.objects.get(), reason=reason)
    other = GuardedClient()

    response = come_back(other, provider)

    assert response.status_code == 403
    assert "Votre compte est bloqué" in text_of(response)
    assert words in text_of(response)
    assert 'href="/assistance/demande/?objet=blocked"' in text_of(response)
    assert "_auth_user_id" not in other.session


def test_existing_account_is_joined_with_its_password(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    assert give_number(client, user.titulaire.nir).headers["Location"] == PROOF
    assert "Vous avez déjà un compte" in text_of(client.get(PROOF))

    response = client.post(PROOF, {"password": PASSWORD})

    assert response.headers["Location"] == "/"
    assert is_signed_in(client, user)
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert user.franceconnect_link.sub == provider.sub


def test_wrong_password_joins_nothing(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    response = client.post(PROOF, {"password": "Faux-passe-1"})

    assert response.status_code == 422
    assert "_auth_user_id" not in client.session
    assert not FranceConnectLink.objects.exists()


def test_guesses_of_the_password_are_limited_as_at_sign_in(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    statuses = [client.post(PROOF, {"password": "Faux-passe-1"}).status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]


def test_existing_account_is_joined_by_nobody_without_a_proof(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    response = client.post(ACCOUNT, contact())

    assert response.headers["Location"] == PROOF
    assert not FranceConnectLink.objects.exists()
    assert User.objects.get().check_password(PASSWORD)


def test_signed_in_person_joins_her_account(client, provider):
    user, client = signed_in(unverified(make_nir()))

    response = join(client, provider, next="/mes-dossiers/")

    assert response.headers["Location"] == "/mes-dossiers/"
    assert User.objects.get().titulaire.identity_level == IdentityLevel.VERIFIED
    assert FranceConnectLink.objects.get().user == user


def test_joining_starts_by_no_link(client, provider):
    """Whoever makes a signed-in person follow a link, or lays hands on her screen, joins nothing."""
    _, client = signed_in(unverified(make_nir()))

    response = client.get(START, {"next": "/mes-dossiers/"})

    assert response.headers["Location"] == f"{LINK}?next=%2Fmes-dossiers%2F"
    assert client.get(LINK).status_code == 200
    assert not FranceConnectStep.objects.exists()


def test_joining_asks_for_a_fresh_password(provider, time_machine):
    time_machine.move_to("2026-11-22T10:00:00Z", tick=False)
    _, client = signed_in(unverified(make_nir()))
    time_machine.shift(601)

    for response in (client.get(LINK), client.post(LINK)):
        assert response.headers["Location"].startswith("/mon-compte/verification/")
    assert not FranceConnectStep.objects.exists()


def test_joining_needs_its_token(provider):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(unverified(make_nir()))

    assert strict.post(LINK).status_code == 403


def test_passage_of_a_person_who_parted_meanwhile_joins_nothing(client, provider):
    user, client = signed_in(unverified(make_nir()))
    join(client, provider)
    back = provider.accept(leave(client))
    services.unlink(user=user)

    assert client.get(RETURN, back).headers["Location"] == LINK
    assert not FranceConnectLink.objects.exists()


def test_person_who_proves_herself_again_identifies_herself_anew(client, provider):
    assert "prompt" not in leave(client)
    _, client = signed_in(unverified(make_nir()))

    assert "prompt=login" in leave_to_join(client)
    join(client, provider)
    assert "prompt=login" in leave(client)


@pytest.mark.parametrize("claim", [{"family_name": "AUTRE"}, {"birthdate": "1985-06-12"}])
def test_signed_in_person_does_not_join_somebody_elses_identity(client, provider, claim):
    _, client = signed_in(unverified(make_nir()))
    provider.person |= claim

    response = join(client, provider)

    assert response.status_code == 409
    assert not FranceConnectLink.objects.exists()
    assert Titulaire.objects.get().identity_level != IdentityLevel.VERIFIED


def test_identity_that_opens_another_account_is_not_joined(client, provider):
    arrive(GuardedClient(), provider, make_nir())
    user, client = signed_in(unverified(make_nir()))

    assert join(client, provider).status_code == 409
    assert is_signed_in(client, user)


def test_new_passage_of_a_joined_person_is_a_fresh_proof(client, provider):
    arrive(client, provider, make_nir())
    session = client.session
    del session["password_at"]
    session.save()

    assert come_back(client, provider).headers["Location"] == "/mon-compte/"
    assert client.session["password_at"]


def test_profile_offers_to_join_then_to_part(client, provider):
    _, client = signed_in(unverified(make_nir()))
    assert LINK in text_of(client.get("/mon-compte/"))
    join(client, provider)

    assert "relié à FranceConnect depuis" in text_of(client.get("/mon-compte/"))
    assert client.get("/mon-compte/franceconnect/").status_code == 200
    client.post("/mon-compte/franceconnect/")

    assert not FranceConnectLink.objects.exists()


def test_parting_asks_for_a_fresh_proof(client, provider):
    client.force_login(unverified(make_nir()))

    response = client.post("/mon-compte/franceconnect/")

    assert response.headers["Location"].startswith("/mon-compte/verification/")


def test_account_without_password_does_not_part(client, provider):
    arrive(client, provider, make_nir())

    response = client.post("/mon-compte/franceconnect/")

    assert response.status_code == 422
    assert "Choisissez d’abord un mot" in text_of(response)
    assert FranceConnectLink.objects.exists()


def test_person_without_password_proves_herself_by_a_new_passage(client, provider):
    arrive(client, provider, make_nir())
    session = client.session
    del session["password_at"]
    session.save()

    page = client.get("/mon-compte/codes/", follow=True)
    assert f"{START}?next=/mon-compte/codes/" in text_of(page)
    come_back(client, provider, {"next": "/mon-compte/codes/"})

    assert client.get("/mon-compte/codes/").status_code == 200
