import pytest
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.models import (
    AccountEvent,
    EventKind,
    FranceConnectLink,
    IdentityLevel,
    StoredSession,
    Titulaire,
    User,
)
from tests.accounts.franceconnect.steps import (
    ACCOUNT,
    PROOF,
    come_back,
    contact,
    give_number,
    is_signed_in,
    unverified,
)
from tests.accounts.pages import sign_in, text_of
from tests.factories import PASSWORD, make_nir
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db


def test_verified_person_takes_over_the_account_of_a_squatter(
    client, provider, django_capture_on_commit_callbacks
):
    squatted = unverified(
        make_nir(), email="squatteur@example.org", phone_mobile="+33639980099", city="Ailleurs"
    )
    squatter = GuardedClient()
    sign_in(squatter, squatted.titulaire.nir)
    assert squatter.get("/mon-compte/").status_code == 200
    key = squatter.session.session_key
    come_back(client, provider)
    give_number(client, squatted.titulaire.nir)

    assert client.post(PROOF, {"take_over": "oui"}).headers["Location"] == ACCOUNT
    assert "Reprendre ce compte" in text_of(client.get(ACCOUNT))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACCOUNT, contact())

    user = User.objects.get()
    assert user.pk != squatted.pk  # nothing that leads to the account of before leads to hers
    assert is_signed_in(client, user)
    assert not user.has_usable_password()
    assert (user.email, user.phone_mobile, user.city) == (
        "camille.exemple@example.org",
        "+33639980001",
        "",
    )
    assert user.has_confirmed_email
    assert user.titulaire.identity_level == IdentityLevel.VERIFIED
    assert not StoredSession.objects.filter(
        session_key=key
    ).exists()  # ended, before any request of his
    assert squatter.get("/mon-compte/").status_code == 302
    assert sign_in(GuardedClient(), squatted.titulaire.nir).status_code == 422
    (notice,) = mail.outbox
    assert notice.to == ["squatteur@example.org"]
    assert "a repris le compte" in notice.body
    assert "EXEMPLE" not in notice.body
    assert AccountEvent.objects.filter(user=user, kind=EventKind.TAKEN_OVER).exists()


def test_holder_whose_rights_are_suspended_reads_it_at_once(client, provider):
    squatted = unverified(make_nir())
    services.freeze_spending(user=squatted, now=timezone.now())
    come_back(client, provider)
    give_number(client, squatted.titulaire.nir)
    client.post(PROOF, {"take_over": "oui"})

    page = text_of(client.post(ACCOUNT, contact(), follow=True))

    assert "leur usage est suspendu" in page
    assert User.objects.get().spending_frozen_at


def test_account_that_somebody_verified_is_taken_over_by_nobody(client, provider):
    user = unverified(make_nir())
    Titulaire.objects.update(identity_level=IdentityLevel.VERIFIED)
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    assert "Reprendre ce compte" not in text_of(client.get(PROOF))
    response = client.post(PROOF, {"take_over": "oui"})

    assert response.status_code == 200
    assert "Vous avez déjà un compte" in text_of(response)
    assert User.objects.get().check_password(PASSWORD)


def test_account_verified_meanwhile_is_not_taken_over(client, provider):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)
    client.post(PROOF, {"take_over": "oui"})
    Titulaire.objects.update(identity_level=IdentityLevel.VERIFIED)

    assert client.post(ACCOUNT, contact()).headers["Location"] == PROOF
    assert User.objects.get().check_password(PASSWORD)


def test_blocked_account_is_not_taken_over(client, provider):
    user = unverified(make_nir(), is_active=False)
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    assert client.post(PROOF, {"take_over": "oui"}).status_code == 403
    assert not FranceConnectLink.objects.exists()


def test_blocked_account_is_not_joined_with_its_password(client, provider):
    user = unverified(make_nir(), is_active=False)
    come_back(client, provider)
    give_number(client, user.titulaire.nir)

    response = client.post(PROOF, {"password": PASSWORD})

    assert response.status_code == 403
    assert "Votre compte est bloqué" in text_of(response)
    assert not FranceConnectLink.objects.exists()


@pytest.mark.parametrize("path", [PROOF, ACCOUNT])
def test_register_that_changes_meanwhile_is_told_without_an_error_500(client, provider, path):
    user = unverified(make_nir())
    come_back(client, provider)
    give_number(client, user.titulaire.nir)
    user.titulaire.birth_name = "Autre"
    user.titulaire.save()

    response = client.post(path, contact(password="Faux-passe-1"))

    assert response.status_code == 409
    assert "Rien n’a été modifié" in text_of(response)
