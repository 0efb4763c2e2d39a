"""A call at the desk, in a browser: found by her name, opened with a reason, helped, noted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import EventKind, OutgoingMail, User
from cpf_portal.demo import people
from tests.desk import sign_in
from tests.e2e.judges import axe_violations, nu_messages
from tests.e2e.test_pages import FIT, SCREENS
from tests.factories import UserFactory


@pytest.fixture
def caller(live_server, page: Page) -> User:
    """Somebody who waits for her confirmation; `page` is that of an adviser, both factors given."""
    client = Client()
    sign_in(client, people.create(people.SASHA))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
    )
    names = {"titulaire__birth_name": "Mélinand", "created_at": timezone.now() - timedelta(days=2)}
    return UserFactory(email_confirmed_at=None, email="melinand@example.org", **names)


class Judge:
    """Judges the pages of the desk on the way: axe, the screens, then the validator for all of them."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.faults = page, folder, {}

    def look(self, name: str) -> None:
        if found := axe_violations(self.page):
            self.faults[name, "axe"] = found
        for width, text, is_spaced in SCREENS:
            self.page.set_viewport_size({"width": width, "height": 700})
            if found := self.page.evaluate(FIT, [text, is_spaced]):
                self.faults[name, width, text] = found
        self.page.set_viewport_size({"width": 1280, "height": 900})
        (self.folder / f"{name}.html").write_text(self.page.content())

    def verdict(self) -> dict:
        messages = nu_messages(sorted(self.folder.glob("*.html")))
        return self.faults | ({"nu": messages} if messages else {})


def search(page: Page, term: str) -> None:
    page.get_by_label("Chercher une personne").fill(term)
    page.get_by_role("button", name="Chercher").click()


def test_adviser_helps_somebody_who_calls(page: Page, live_server, caller, tmp_path: Path):
    judge = Judge(page, tmp_path)
    UserFactory(titulaire__birth_name="Melin")
    page.goto(f"{live_server.url}/admin/")
    judge.look("bureau")

    search(page, "zzzz")
    expect(page.get_by_role("heading", name="Personne n’a été trouvé")).to_be_visible()
    judge.look("personne")
    search(page, "MELIN")
    judge.look("liste")
    page.get_by_role("link", name="Mélinand").click()
    judge.look("motif")
    page.get_by_label("Motif").fill("appel, pas de courriel de confirmation")
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossier de Mélinand")
    judge.look("dossier")

    page.get_by_role("link", name="Renvoyer le courriel de confirmation").click()
    judge.look("acte")
    page.get_by_role("button", name="Renvoyer le courriel de confirmation").click()
    expect(page.get_by_text("Le courriel de confirmation est renvoyé.")).to_be_visible()
    page.get_by_label("Nouvelle note").fill("Adresse relue lettre par lettre.")
    page.get_by_role("button", name="Ajouter la note").click()
    expect(page.get_by_text("Adresse relue lettre par lettre.")).to_be_visible()

    page.get_by_role("link", name="Afficher le numéro").click()
    page.get_by_label("Motif").fill("rapprochement avec la caisse")
    page.get_by_role("button", name="Afficher le numéro").click()
    expect(page.get_by_text(caller.titulaire.nir.spaced)).to_be_visible()
    judge.look("numero")
    page.get_by_role("link", name="Revenir au dossier").click()

    expect(page.get_by_text(caller.titulaire.nir.spaced)).to_have_count(0)
    told = set(caller.events.values_list("kind", flat=True))
    assert told == {
        EventKind.OPENED_BY_STAFF,
        EventKind.CONFIRMATION_RESENT,
        EventKind.NOTE_WRITTEN,
        EventKind.NIR_REVEALED,
    }
    assert OutgoingMail.objects.filter(user=caller).count() == 1
    assert judge.verdict() == {}
