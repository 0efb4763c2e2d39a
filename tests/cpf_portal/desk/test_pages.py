"""What the pages of the desk tell and offer: days, titles, links, the way back."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.admin_opening import OpenedFileAdmin
from accounts.audit_words import FACTS
from accounts.limits import POLICIES
from accounts.models import RateLimit
from accounts.roles import Role
from cpf_portal.desk.file import next_day_of
from cpf_portal.personal_data.export import NOT_FOLLOWED
from rights.dossiers.states import State
from rights.models import Dossier, RightsAccount
from tests.cpf_portal.test_personal_data import person_models
from tests.desk import open_file, sign_in
from tests.factories import ProviderFactory, UserFactory

DAY = date(2026, 11, 20)
CLAIMED = timezone.make_aware(timezone.datetime(2026, 11, 21, 12))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"absence_until": DAY}, ("absence déclarée, établie après le", DAY)),
        (
            {"absence_until": DAY, "force_majeure_claimed_at": CLAIMED},
            ("force majeure à examiner, déclarée le", date(2026, 11, 21)),
        ),
        ({"starts_on": DAY}, ("début le", DAY)),
        ({"absence_until": DAY, "state": State.CANCELLED}, None),
    ],
)
def test_next_day_of_a_dossier_tells_an_absence(fields, told):
    assert next_day_of(Dossier(**{"state": State.VALIDATED} | fields)) == told


@pytest.mark.django_db
def test_file_shows_the_telephones(client, sasha):
    user = UserFactory(phone_mobile="+33639981234", phone_landline="")
    sign_in(client, sasha)
    open_file(client, user)

    page = client.get(reverse("admin:desk_file", args=[user.titulaire_id])).content.decode()

    assert "06 39 98 12 34" in page


@pytest.mark.django_db
def test_pages_of_an_account_lead_to_the_file_and_back(client, sasha, camille):
    account = RightsAccount.objects.get(titulaire=camille.titulaire)
    file = reverse("admin:desk_file", args=[camille.titulaire_id])
    sign_in(client, sasha)
    open_file(client, camille)

    account_page = client.get(reverse("admin:rights_rightsaccount_change", args=[account.pk]))
    correcting = client.get(reverse("admin:rights_rightsaccount_correct", args=[account.pk]))
    page = correcting.content.decode()

    assert f'href="{file}"' in account_page.content.decode()
    assert f'href="{file}">Revenir au dossier' in page
    assert f"Corriger les droits de {camille.titulaire.birth_name}" in page
    assert "Au-delà de 1000,00\u00a0€, une deuxième personne décide" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "shows"), [(Role.CATALOGUE, True), (Role.READING, False)])
def test_links_of_a_provider_are_for_who_may_follow_them(client, colleague, role, shows):
    sign_in(client, colleague(role))
    provider = ProviderFactory()

    response = client.get(reverse("admin:catalogue_provider_change", args=[provider.pk]))
    page = response.content.decode()

    assert ("Suspendre cet organisme" in page, "provider__id__exact" in page) == (shows, shows)
    assert "<h1>Organismes" not in page
    assert f"<h1>{provider}</h1>" in page


@pytest.mark.django_db
def test_agent_who_is_lost_goes_back_to_the_desk(client, colleague):
    sign_in(client, colleague(Role.READING))

    for address, status in (("desk_releases", 403), (None, 404)):
        url = reverse(f"admin:{address}") if address else f"{reverse('admin:index')}bureau/rien/"
        response = client.get(url)

        page = response.content.decode()
        assert response.status_code == status
        assert "Revenir au bureau" in page
        assert reverse("admin:logout") in page
        assert "Mes droits formation" not in page
    outside = client.get("/rien/").content.decode()
    assert "Revenir au bureau" not in outside
    assert "Mes droits formation" in outside


def test_limits_and_facts_have_french_names():
    owner = admin.site.get_model_admin(RateLimit)
    names = [policy.name for several in POLICIES.values() for policy in several]

    assert [name for name in names if owner.policy(RateLimit(key=f"{name}:x")) == name] == []
    assert FACTS["step"] == "étape"


# --- nothing without a reason


def test_every_page_of_a_person_asks_for_its_reason():
    """Whatever has a path to a titulaire is opened by the reason, or is named here."""
    free = {
        "accounts.RateLimit",  # names nobody
    }
    guarded = {
        model._meta.label
        for model, owner in admin.site._registry.items()
        if isinstance(owner, OpenedFileAdmin)
    }
    personal = {model._meta.label for model in admin.site._registry} & {
        label for label in person_models() if label not in NOT_FOLLOWED
    }

    assert personal - free - guarded == set()
