import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from catalogue.changes import OfferChange
from catalogue.models import Provider, ProviderSuspension
from rights import services as rights_services
from rights.models import ProviderKey
from tests.desk import sign_in
from tests.factories import OfferFactory, ProviderFactory, StaffFactory

pytestmark = pytest.mark.django_db
REASON = "signalement n° 214, démarchage au nom du portail"
SUSPEND = {"decision": "suspend", "reason": REASON}


@pytest.fixture
def agent():
    return StaffFactory(roles=[Role.CATALOGUE])


@pytest.fixture
def desk(client, agent):
    sign_in(client, agent)
    return client


def page_of(provider):
    return reverse("admin:catalogue_provider_suspend", args=[provider.pk])


def test_agent_suspends_then_resumes_for_a_reason(desk, agent):
    offer, _other = OfferFactory(), OfferFactory()
    OfferChange.objects.all().delete()

    answer = desk.post(page_of(offer.provider), SUSPEND, follow=True)

    suspension = ProviderSuspension.objects.get()
    assert (suspension.reason, suspension.author) == (REASON, agent)
    assert set(Provider.objects.filter(is_suspended=True)) == {offer.provider}
    assert set(OfferChange.objects.values_list("offer_id", flat=True)) == {offer.pk}
    assert "Rétablir cet organisme" in answer.content.decode()

    desk.post(page_of(offer.provider), {"decision": "resume", "reason": "enquête close sans suite"})

    suspension.refresh_from_db()
    assert (suspension.resumed_by, suspension.resume_reason) == (agent, "enquête close sans suite")
    assert not Provider.objects.filter(is_suspended=True).exists()
    kinds = AuditEvent.objects.filter(actor_pk=agent.pk).order_by("position")
    told = ["provider_suspended", "provider_resumed"]
    assert [kind for kind in kinds.values_list("kind", flat=True) if kind in told] == told


@pytest.mark.parametrize("reason", ["", "court"])
def test_reason_is_asked_for(reason, desk):
    provider = OfferFactory().provider

    assert desk.post(page_of(provider), SUSPEND | {"reason": reason}).status_code == 422
    assert not ProviderSuspension.objects.exists()


def test_without_the_permission_nothing_is_suspended(client):
    provider = OfferFactory().provider
    sign_in(client, StaffFactory(roles=[Role.READING]))

    assert client.post(page_of(provider), SUSPEND).status_code == 403
    assert not ProviderSuspension.objects.exists()


def test_no_form_changes_the_flag_by_the_way(client, sasha):
    provider = OfferFactory().provider
    sign_in(client, sasha)

    address = reverse("admin:catalogue_provider_change", args=[provider.pk])
    client.post(address, {"siret": provider.siret, "name": "Autre", "is_suspended": "on"})

    provider.refresh_from_db()
    assert (provider.name, provider.is_suspended) == ("Autre", False)


def test_his_key_stops_at_the_next_request(desk):
    provider = OfferFactory().provider
    now = timezone.now()
    rights_services.make_provider_key(
        provider=provider,
        label="gestion",
        scopes=["can_read"],
        expires_on=timezone.localdate(),
        prefix=rights_services.new_prefix(),
        author=None,
    )
    assert ProviderKey.objects.usable(now).exists()

    desk.post(page_of(provider), SUSPEND)

    assert not ProviderKey.objects.usable(now).exists()


def test_suspension_posted_twice_does_not_resume(desk):
    provider = ProviderFactory()

    desk.post(page_of(provider), SUSPEND)
    page = desk.post(page_of(provider), SUSPEND, follow=True)

    provider.refresh_from_db()
    assert provider.is_suspended
    assert "Rien n’a changé" in page.content.decode()
