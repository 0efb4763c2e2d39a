"""Journeys without a mouse: the tabulation key, Enter, Space and the arrows lead everywhere."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import SupportRequest
from cpf_portal.demo import people
from rights.dossiers.states import State
from rights.models import DifDeclaration, Dossier
from tests.e2e import steps
from tests.factories import CommuneFactory, OfferFactory, SessionFactory
from tests.rights import images

NAME = re.compile


class Keyboard:
    """The hands of somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def follow(self, target: Locator) -> None:
        """Reach a link or a button, and use it."""
        steps.tab_to(self.page, target, most=60)
        self.press("Enter")

    def tick(self, target: Locator) -> None:
        steps.tab_to(self.page, target, most=60)
        self.press("Space")

    def fill(self, label: str, text: str) -> None:
        steps.tab_to(self.page, self.main.get_by_label(label, exact=True))
        self.page.keyboard.type(text, delay=5)

    def skip_to_content(self) -> None:
        """Go past the header of the page that has just opened."""
        self.press("Tab")
        expect(self.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        self.press("Enter")

    def sign_in(self, person: people.Person) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Se connecter")
        self.skip_to_content()
        self.fill("Numéro de sécurité sociale", person.entry.nir.value)
        self.fill("Mot de passe", person.password)
        self.press("Enter")


@pytest.fixture
def keyboard(page):
    return Keyboard(page)


def test_search_filter_and_enrol(page: Page, keyboard: Keyboard, live_server, camille):
    starts_on = timezone.localdate() + timedelta(days=90)
    offer = OfferFactory(title="Anglais professionnel", commune=CommuneFactory(), price_cents=60000)
    SessionFactory(offer=offer, starts_on=starts_on, ends_on=starts_on)
    call_command("rebuild_index", verbosity=0)
    page.goto(live_server.url)

    keyboard.skip_to_content()
    keyboard.fill("Formation, métier, compétence", "anglais")
    keyboard.press("Escape")
    steps.tab_to(page, page.get_by_role("radio", name="En centre de formation"))
    keyboard.fill("Ville ou code postal", "nan")
    expect(page.get_by_role("option", name=NAME("Nantes"))).to_be_visible()
    keyboard.press("ArrowDown", "Enter", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 formation")

    keyboard.tick(page.get_by_role("checkbox", name=NAME("De 500 à 1000")))
    keyboard.follow(keyboard.main.get_by_role("button", name="Rechercher").last)
    tag = page.get_by_role("link", name=NAME("500 à 1000"))
    expect(tag).to_be_visible()
    keyboard.follow(page.get_by_role("link", name="Anglais professionnel", exact=True))
    keyboard.follow(page.get_by_role("link", name=NAME("S’inscrire à cette session")))
    keyboard.sign_in(people.CAMILLE)

    expect(page.get_by_role("heading", level=1)).to_have_text("S’inscrire à cette session")
    keyboard.follow(page.get_by_role("button", name="Envoyer la demande d’inscription"))
    expect(page.locator(".chip")).to_have_text(State.REQUESTED.label)
    assert Dossier.objects.get().state == State.REQUESTED


def test_menu_of_a_telephone_then_rights_then_dif(
    page: Page, keyboard: Keyboard, live_server, camille
):
    people.leave_dif_open()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{live_server.url}/connexion/")
    keyboard.sign_in(people.CAMILLE)
    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")

    menu, rights = (
        page.locator("summary", has_text="Menu"),
        page.get_by_role("link", name="Mes droits formation"),
    )
    keyboard.follow(menu)
    expect(rights).to_be_visible()
    keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(rights).to_be_hidden()
    keyboard.press("Enter")
    keyboard.follow(rights)
    keyboard.follow(page.get_by_role("link", name="Saisir mon DIF"))
    keyboard.fill("Nombre d’heures de DIF", "24")
    steps.tab_to(page, page.locator("input[type=file]"))
    file = {"name": "bulletin.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg()}
    page.locator("input[type=file]").set_input_files(file)  # the window of the system is not ours
    keyboard.follow(page.get_by_role("button", name="Enregistrer"))

    expect(page.get_by_text("24 heures de DIF, soit 360,00 €")).to_be_visible()
    assert DifDeclaration.objects.get().hours == 24


def test_lost_password(page: Page, keyboard: Keyboard, live_server, camille):
    page.goto(f"{live_server.url}/connexion/")
    keyboard.follow(page.get_by_role("link", name="Mot de passe oublié"))
    keyboard.fill("Numéro de sécurité sociale", people.CAMILLE.entry.nir.value)
    keyboard.press("Enter")
    expect(page).not_to_have_url(NAME("/mot-de-passe/oublie/$"))
    page.goto(live_server.url + steps.link_in(mail.outbox[0]))

    for field in page.locator("input[type=password]").all():
        steps.tab_to(page, field)
        page.keyboard.type(steps.PASSWORD)
    keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).not_to_have_text(NAME("Choisi|Erreur"))
    camille.refresh_from_db()
    assert camille.check_password(steps.PASSWORD)


def test_security_check_by_ear_or_by_a_human(page: Page, keyboard: Keyboard, live_server):
    page.goto(f"{live_server.url}/inscription/")
    keyboard.follow(page.get_by_text("Version sonore", exact=True))
    steps.tab_to(page, page.locator("audio"))
    keyboard.fill("Chiffres entendus", "12345")
    expect(page.get_by_label("Chiffres entendus")).to_have_value("12345")

    keyboard.follow(page.get_by_role("link", name="Une personne vous aide"))
    expect(page.get_by_role("radio", name=NAME("contrôle de sécurité"))).to_be_checked()
    keyboard.fill("Courriel où vous répondre", "martin@example.org")
    keyboard.fill("Votre message", "Je ne vois pas les images et je n’entends pas le son.")
    keyboard.follow(page.get_by_role("button", name="Envoyer le message"))

    expect(page.get_by_role("heading", level=1)).not_to_have_text("Nous écrire")
    assert SupportRequest.objects.get().kind == "check"
