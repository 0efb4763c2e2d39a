"""The other pages of the desk in a browser: suspension, index, exports, messages, ready answers."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import SupportRequest
from accounts.models.support import SupportKind
from accounts.roles import Role
from catalogue.models import Provider
from tests.desk import open_file, sign_in
from tests.e2e.test_desk import Judge
from tests.factories import OfferFactory, StaffFactory


@pytest.fixture
def agent(live_server, page: Page) -> Client:
    client = Client()
    sign_in(client, StaffFactory(roles=list(Role)))
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    return client


def test_staff_suspends_exports_and_answers(
    page: Page, live_server, agent, camille, tmp_path: Path
):
    judge, offer = Judge(page, tmp_path), OfferFactory()
    asked = SupportRequest.objects.create(
        kind=SupportKind.QUESTION, titulaire=camille.titulaire, contact_email="a@example.org"
    )
    open_file(agent, camille)

    def go(route: str, *args) -> None:
        page.goto(live_server.url + reverse(f"admin:{route}", args=args))

    go("catalogue_provider_suspend", offer.provider_id)
    judge.look("suspension")
    page.get_by_label("Motif").fill("signalement n° 214, démarchage au nom du portail")
    page.get_by_role("button", name="Suspendre l’organisme").click()
    expect(page.get_by_text("Organisme suspendu.")).to_be_visible()
    assert Provider.objects.get().is_suspended

    go("catalogue_indexrebuild_changelist")
    page.get_by_role("button", name="Reconstruire l’index").click()
    expect(page.get_by_text("terminée")).to_be_visible()
    judge.look("index")

    go("desk_export", "offres")
    judge.look("export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le fichier").click()
    assert download.value.suggested_filename.startswith("offres-")

    go("desk_reply", camille.titulaire.pk)
    page.get_by_label("Réponse prête").select_option(label="Mon montant est faux")
    page.get_by_role("button", name="Utiliser").click()
    judge.look("message")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_text("confié à la boîte d’envoi")).to_be_visible()

    go("accounts_supportrequest_answer", asked.pk)
    judge.look("reponse")
    assert judge.verdict() == {}
