from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import spending
from accounts.models import User
from accounts.spending import MissingProof, SpendingRefused
from tests.accounts.franceconnect.steps import arrive, join
from tests.accounts.pages import sign_in
from tests.factories import PASSWORD, UserFactory, make_nir
from tests.html import GuardedClient

pytestmark = pytest.mark.django_db


def missing(client, user=None):
    user = user or User.objects.get()
    acr = spending.passed_acr(client.session)
    return spending.missing_proof(user=user, acr=acr, now=timezone.now())


def test_confirmed_address_is_enough_by_default(client, settings):
    assert settings.PORTAL_SPENDING_REQUIRES == "email"
    assert missing(client, UserFactory()) is None


def test_unconfirmed_address_does_not_spend(client):
    assert missing(client, UserFactory(email_confirmed_at=None)) is MissingProof.EMAIL


@pytest.mark.parametrize(("hours", "expected"), [(71, MissingProof.SETTLING), (73, None)])
def test_address_that_changed_waits_72_hours(client, hours, expected):
    user = UserFactory(email_changed_at=timezone.now() - timedelta(hours=hours))

    assert missing(client, user) is expected


def test_identity_is_asked_of_who_came_with_a_password(client, provider, settings):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    user = UserFactory()
    sign_in(client, user.titulaire.nir)

    assert missing(client) is MissingProof.IDENTITY
    with pytest.raises(SpendingRefused):
        spending.require_proof(user=user, acr="", now=timezone.now())


def test_identity_is_proved_by_a_passage_in_this_session(client, provider, settings):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    arrive(client, provider, make_nir())

    assert missing(client) is None
    spending.require_proof(user=User.objects.get(), acr="eidas1", now=timezone.now())


def test_stolen_password_of_a_linked_account_spends_nothing(client, provider, settings):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    arrive(client, provider, make_nir())
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    thief = GuardedClient()
    assert sign_in(thief, user.titulaire.nir).status_code == 302

    assert missing(thief) is MissingProof.IDENTITY


def test_person_signed_in_with_a_password_passes_by_franceconnect_to_spend(
    client,
    provider,
    settings,
):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    user = UserFactory(titulaire__nir=make_nir(), titulaire__birth_name="Exemple")
    sign_in(client, user.titulaire.nir)

    response = join(client, provider, next="/mes-dossiers/")

    assert response.headers["Location"] == "/mes-dossiers/"
    assert missing(client) is None


def test_level_below_the_one_asked_does_not_spend(client, provider, settings):
    settings.PORTAL_SPENDING_REQUIRES = "identity"
    arrive(client, provider, make_nir())
    settings.FRANCECONNECT = provider.settings(acr="eidas2")

    assert missing(client) is MissingProof.IDENTITY
