"""A person and her rights: she types her DIF, reads why, and takes her statement away."""

import re

import pytest
from playwright.sync_api import Page, expect

from cpf_portal.demo import people
from rights.models import DifDeclaration
from rights.services import refuse_dif
from tests.e2e import steps
from tests.rights import images
from tests.rights.dif import TODAY


@pytest.fixture(params=["avec script", "sans script"])
def any_page(request, browser, page):
    """The page of a person whose browser runs scripts, then of one whose browser does not."""
    if request.param == "avec script":
        yield page
        return
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    yield context.new_page()
    context.close()


def test_person_declares_corrects_and_loses_her_dif(any_page: Page, live_server, camille, sasha):
    people.leave_dif_open()
    page = any_page
    steps.sign_in(page, live_server.url, people.CAMILLE)
    steps.open_dif(page, live_server.url)

    steps.send_dif(page, "1,5", images.HTML)
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_role("alert")).to_contain_text("donc 2 au lieu de 1,5")
    expect(page.get_by_role("alert")).to_contain_text("PDF, JPEG ou PNG")
    expect(page.get_by_label("Nombre d’heures de DIF")).to_have_value("1,5")

    steps.send_dif(page, "24", images.jpeg())
    expect(page.get_by_text("24 heures de DIF, soit 360,00 €")).to_be_visible()
    page.get_by_role("link", name="Mes droits formation").first.click()
    expect(page.locator(".amount")).to_have_text("1465,00\xa0€")
    expect(page.get_by_text("Dont 360,00\xa0€ de DIF")).to_be_visible()

    page.get_by_role("link", name="Saisir mon DIF").click()
    page.get_by_label("Nombre d’heures de DIF").fill("20")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("20 heures de DIF, soit 300,00 €")).to_be_visible()

    refuse_dif(
        declaration=DifDeclaration.objects.get(), author=sasha, reason="Illisible", today=TODAY
    )
    page.goto(f"{live_server.url}/mes-droits/dif/")
    expect(page.get_by_text("300,00 € ont été repris de vos droits")).to_be_visible()


def test_person_reads_why_and_takes_her_statement_away(any_page: Page, live_server, alix):
    page = any_page
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/mes-droits/")

    line = page.get_by_role("row", name="Heures de DIF")
    line.get_by_text("Pourquoi ce montant").click()
    expect(line.get_by_text("Valeur d’une heure : 15,00 €")).to_be_visible()

    page.get_by_label("Année", exact=True).select_option("2020")
    page.get_by_role("button", name="Filtrer").click()
    history = page.get_by_role("table", name="Mouvements de mes droits")
    expect(history.get_by_role("row")).to_have_count(3)

    page.get_by_role("button", name="Obtenir une attestation").click()
    expect(page.get_by_role("heading", name="Code de vérification")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
