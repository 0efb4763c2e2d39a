"""A first account of the staff, from `createsuperuser` to recovery codes, in a real browser."""

import time
from pathlib import Path

from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from accounts.models import TotpDevice
from accounts.roles import Role, assign
from tests.desk import code_of
from tests.e2e.judges import axe_violations, nu_messages
from tests.factories import UserFactory

PHRASE = "Sept-Grues-Blanches-1"
ADDRESS = "chef@example.org"


class Look:
    """Keep each state of the page, and what is wrong with it."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.faults: dict[str, object] = {}

    def __call__(self, name: str) -> None:
        if found := axe_violations(self.page):
            self.faults[name] = found
        (self.folder / f"{name}.html").write_text(self.page.content())
        self.page.set_viewport_size({"width": 320, "height": 700})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            self.faults[f"{name} à 320 px"] = width
        self.page.set_viewport_size({"width": 1280, "height": 800})


def give_password(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/")
    page.get_by_label("Adresse électronique").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill(PHRASE)
    page.get_by_role("button", name="Continuer").click()


def test_first_account_enrols_and_comes_back_with_a_code_and_without(
    page: Page, live_server, tmp_path
):
    seen = Look(page, tmp_path)
    user = get_user_model().objects.create_superuser(ADDRESS, PHRASE)
    page.goto(f"{live_server.url}/admin/")
    seen("connexion")
    page.get_by_role("button", name="Continuer").click()
    seen("connexion en erreur")

    give_password(page, live_server.url)
    expect(page.locator(".qr-code path")).to_have_count(2)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    seen("téléphone")
    page.get_by_label("Code à 6 chiffres").fill(TotpDevice(secret=secret).code_at(time.time()))
    page.get_by_role("button", name="Enregistrer ce téléphone").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    seen("codes de secours")
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_role("link", name="Membres du personnel")).to_be_visible()

    page.get_by_role("button", name="Déconnexion").click()
    give_password(page, live_server.url)
    seen("code")
    page.get_by_label("Code à 6 chiffres").fill(code_of(user))
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("link", name="Membres du personnel")).to_be_visible()

    page.get_by_role("button", name="Déconnexion").click()
    give_password(page, live_server.url)
    page.get_by_role("link", name="Je n’ai pas mon téléphone").click()
    seen("code de secours")
    page.get_by_label("Code de secours").fill(codes[0])
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("il vous en reste 9")).to_be_visible()
    seen("second facteur")

    own = UserFactory().titulaire
    assign(user, [Role.ADVICE])
    page.goto(f"{live_server.url}/admin/bureau/dossier/{own.pk}/")
    seen("propre numéro")
    page.get_by_role("button", name="Enregistrer").click()
    seen("propre numéro en erreur")
    page.get_by_label("Votre numéro de sécurité sociale").fill(own.nir.value)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("un autre agent s’en occupe")).to_be_visible()
    seen("propre dossier")
    page.goto(f"{live_server.url}/admin/mon-numero/")
    seen("propre numéro donné")

    assert seen.faults == {}
    assert nu_messages(sorted(tmp_path.glob("*.html"))) == []
