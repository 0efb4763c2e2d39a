"""Change of address, of password, and open sessions, with and without script."""

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import AccountSession, SupportRequest, User
from cpf_portal.demo import people
from tests.accounts.account import photo
from tests.e2e import steps

NEW_PASSWORD = "Cerisier-Vent-20"


@pytest.fixture
def alix():
    return people.create(people.ALIX)


def link_to(address: str) -> str:
    return steps.link_in(next(m for m in reversed(mail.outbox) if m.to == [address]))


def test_person_changes_her_address(any_page: Page, live_server, alix):
    page = any_page
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/mon-compte/")
    page.get_by_role("link", name="Changer d’adresse de courriel").click()
    page.get_by_label("Nouvelle adresse de courriel").fill("neuve@example.org")
    page.get_by_label("Confirmez la nouvelle adresse").fill("autre@example.org")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_role("alert")).to_contain_text("Les deux adresses de courriel")
    page.get_by_label("Confirmez la nouvelle adresse").fill("neuve@example.org")
    page.get_by_role("button", name="Recevoir le lien").click()
    expect(page.get_by_text("Un courriel part vers la nouvelle adresse")).to_be_visible()

    page.goto(live_server.url + link_to("neuve@example.org"))
    assert User.objects.get().email == alix.email
    page.get_by_role("button", name="Confirmer cette adresse").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Votre adresse a changé")
    assert User.objects.get().email == "neuve@example.org"
    assert mail.outbox[-1].to == [alix.email]


def test_person_changes_her_password(any_page: Page, browser, live_server, alix):
    page = any_page
    elsewhere = browser.new_context(locale="fr-FR")
    steps.sign_in(elsewhere.new_page(), live_server.url, people.ALIX)
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/mon-compte/mot-de-passe/")

    page.get_by_label("Mot de passe actuel").fill(people.ALIX.password)
    page.get_by_label("Nouveau mot de passe", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("Confirmez votre nouveau mot de passe").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Enregistrer le mot de passe").click()

    expect(page.get_by_text("Votre nouveau mot de passe est enregistré.")).to_be_visible()
    other = elsewhere.pages[0]
    other.goto(f"{live_server.url}/mon-compte/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Se connecter")
    elsewhere.close()


def test_person_closes_a_session(any_page: Page, browser, live_server, alix):
    page = any_page
    elsewhere = browser.new_context(locale="fr-FR")
    steps.sign_in(elsewhere.new_page(), live_server.url, people.ALIX)
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/mon-compte/connexions/")
    assert AccountSession.objects.count() == 2

    page.get_by_role("button", name="Fermer la connexion").click()

    expect(page.get_by_text("La connexion est fermée.")).to_be_visible()
    other = elsewhere.pages[0]
    other.goto(f"{live_server.url}/mon-compte/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Se connecter")
    elsewhere.close()


def test_person_whose_number_is_taken_writes_to_the_support(any_page: Page, live_server, alix):
    page = any_page
    page.goto(f"{live_server.url}/assistance/demande/?objet=nir_taken")
    page.get_by_label("Nom de naissance").fill("Durand")
    page.get_by_label("Numéro de sécurité sociale").fill(people.ALIX.entry.nir.value)
    page.get_by_label("Courriel où vous répondre").fill("durand@example.org")
    page.get_by_label("Copie d’une pièce d’identité").set_input_files(
        {"name": "carte.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    )
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")

    reference = SupportRequest.objects.get().readable_reference
    expect(page.get_by_text(reference)).to_be_visible()
    page.get_by_role("link", name="Suivre ma demande").click()
    page.get_by_label("Référence de la demande").fill(reference)
    page.get_by_role("button", name="Voir la demande").click()

    expect(page.get_by_text("Reçue", exact=True)).to_be_visible()


def test_end_of_the_session_is_announced_and_put_off(page: Page, live_server, alix):
    page.clock.install()
    steps.sign_in(page, live_server.url, people.ALIX)
    page.goto(f"{live_server.url}/mes-droits/")

    page.clock.fast_forward("27:50")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.clock.fast_forward("00:20")
    expect(page.get_by_role("alert")).to_contain_text("se ferme dans deux minutes")
    page.get_by_role("button", name="Rester connecté").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()
    page.clock.fast_forward("28:10")
    page.clock.fast_forward("02:01")
    expect(page.get_by_role("alert")).to_contain_text("Votre session est fermée")
