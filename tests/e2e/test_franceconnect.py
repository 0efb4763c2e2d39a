"""Passages by FranceConnect in a real browser: played by the demonstration, then the certified provider."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import IdentityLevel, User
from cpf_portal.demo import people
from cpf_portal.demo.franceconnect.people import CITIZENS, citizen
from cpf_portal.franceconnect import PLAYED_CLIENT, PLAYED_PATH
from tests.accounts.franceconnect.provider import PERSON
from tests.e2e import steps
from tests.e2e.certified import certified_provider, settings_of
from tests.e2e.judges import axe_violations, nu_messages
from tests.factories import UserFactory, make_nir

MARTIN, CAMILLE = citizen("martin"), citizen("camille")


@pytest.fixture
def played(settings, live_server):
    """FranceConnect played by the portal itself, as on a first `make run`."""
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.FRANCECONNECT = settings_of(live_server.url + PLAYED_PATH, **PLAYED_CLIENT)
    return live_server.url


@pytest.fixture
def certified(settings, live_server):
    cache.clear()
    settings.SITE_URL = live_server.url
    with certified_provider(PERSON, site_url=live_server.url) as issuer:
        settings.FRANCECONNECT = settings_of(issuer)
        yield live_server.url


def click_the_button(page: Page, url: str, path: str = "/inscription/") -> None:
    page.goto(url + path)
    page.get_by_role("link", name="S’identifier avec FranceConnect").click()


def choose(page: Page, person) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous\xa0?")
    page.get_by_role("button", name=f"{person.given_names[0]} {person.entry.birth_name}").click()


def give_number(page: Page, nir) -> None:
    page.get_by_label("Numéro de sécurité sociale").fill(nir.value)
    page.get_by_label("Clé", exact=True).fill(nir.key)
    page.get_by_role("button", name="Continuer").click()


def give_contact(page: Page, button: str = "Créer mon compte") -> None:
    page.get_by_label("Téléphone mobile").fill("06 39 98 00 09")
    steps.accept_terms(page)
    page.get_by_role("button", name=button).click()


def sign_out(page: Page) -> None:
    page.locator(".account > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()


def test_newcomer_creates_her_account_sees_her_rights_leaves_and_comes_back(any_page: Page, played):
    page = any_page
    people.create_register_entry(MARTIN.entry)

    click_the_button(page, played)
    choose(page, MARTIN)
    expect(page.get_by_text("MARTIN")).to_be_visible()
    expect(page.get_by_text("17 avril 1992")).to_be_visible()
    give_number(page, MARTIN.entry.nir)
    expect(page.get_by_label("Courriel personnel")).to_have_value("noe.martin@example.org")
    give_contact(page)

    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")
    assert User.objects.get().titulaire.identity_level == IdentityLevel.VERIFIED
    assert mail.outbox == []

    sign_out(page)
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
    page.wait_for_url(f"{played}/")

    click_the_button(page, played, "/connexion/")
    choose(page, MARTIN)
    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")


def test_person_with_an_account_joins_it_with_her_password(page: Page, played):
    user = people.create(people.CAMILLE)

    click_the_button(page, played, "/connexion/")
    choose(page, CAMILLE)
    give_number(page, CAMILLE.entry.nir)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous avez déjà un compte")
    page.get_by_label("Mot de passe", exact=True).fill(people.CAMILLE.password)
    page.get_by_role("button", name="Relier mon compte").click()

    expect(page.get_by_text("Votre compte est relié à FranceConnect")).to_be_visible()
    user.refresh_from_db()
    assert user.franceconnect_link


def test_signed_in_person_joins_her_account_by_a_button(page: Page, played):
    user = people.create(people.CAMILLE)
    steps.sign_in(page, played, people.CAMILLE)

    page.goto(f"{played}/mon-compte/")
    page.get_by_role("link", name="Relier mon compte à FranceConnect").click()
    page.get_by_role("button", name="Relier mon compte").click()
    choose(page, CAMILLE)

    expect(page.get_by_text("Votre compte est relié à FranceConnect et")).to_be_visible()
    user.refresh_from_db()
    assert user.franceconnect_link


def test_person_takes_over_the_account_of_a_squatter(page: Page, played):
    UserFactory(
        titulaire__nir=MARTIN.entry.nir,
        titulaire__birth_name="Martin",
        email="squatteur@example.org",
    )

    click_the_button(page, played)
    choose(page, MARTIN)
    give_number(page, MARTIN.entry.nir)
    page.get_by_role("button", name="Reprendre ce compte").click()
    give_contact(page, "Reprendre ce compte")

    expect(page.get_by_text("Le compte est à vous")).to_be_visible()
    assert [message.to for message in mail.outbox] == [["squatteur@example.org"]]


def test_number_of_somebody_else_is_told_next_to_the_form(any_page: Page, played):
    page = any_page
    click_the_button(page, played)
    choose(page, MARTIN)

    give_number(page, CAMILLE.entry.nir)

    expect(page.get_by_role("alert")).to_contain_text("ne correspond pas à l’identité")
    expect(page.get_by_label("Numéro de sécurité sociale")).to_have_value("")


def test_person_who_refuses_finds_a_way_on(page: Page, played):
    click_the_button(page, played)
    page.get_by_role("button", name="Refuser").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Vous n’avez pas terminé avec FranceConnect"
    )
    page.get_by_role("link", name="Recommencer avec FranceConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui êtes-vous\xa0?")


def test_newcomer_passes_by_the_certified_provider_and_leaves_it(page: Page, certified):
    nir = make_nir()

    click_the_button(page, certified)
    expect(page.get_by_role("heading", level=1)).to_have_text("Fournisseur d’identité d’essai")
    page.get_by_role("button", name="Continuer").click()
    give_number(page, nir)
    give_contact(page)
    expect(page.get_by_text("Votre compte est créé et votre identité est vérifiée")).to_be_visible()
    sign_out(page)

    # The provider asks whether its own session should end too, then sends back here.
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{certified}/")
    expect(page.get_by_role("link", name="Se connecter").first).to_be_visible()
    assert User.objects.get().titulaire.nir == nir


def test_visitor_refuses_at_the_certified_provider(page: Page, certified):
    click_the_button(page, certified)
    page.get_by_role("button", name="Refuser").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Vous n’avez pas terminé avec FranceConnect"
    )


def passage(page: Page, url: str):
    """Yield the name of each page of a passage once it is shown."""
    page.goto(f"{url}/franceconnect/")
    yield "explanation"
    click_the_button(page, url, "/connexion/")
    yield "provider"
    choose(page, CAMILLE)
    yield "number"
    give_number(page, MARTIN.entry.nir)
    yield "number refused"
    give_number(page, CAMILLE.entry.nir)
    yield "proof"
    page.get_by_role("button", name="Relier mon compte").click()
    yield "proof without password"
    page.get_by_role("button", name="Reprendre ce compte").click()
    yield "contact"
    page.get_by_role("button", name="Reprendre ce compte").click()
    yield "contact without telephone"
    page.goto(f"{url}/franceconnect/retour/?state=x")
    yield "error"
    page.goto(f"{url}/demo/franceconnect/authorize")
    yield "request refused"
    steps.sign_in(page, url, people.CAMILLE)
    page.goto(f"{url}/mon-compte/franceconnect/relier/")
    yield "link"


def test_pages_of_a_passage_are_accessible_valid_and_fit(page: Page, played, tmp_path: Path):
    people.create(people.CAMILLE)
    page.set_viewport_size({"width": 320, "height": 640})
    found, wide = {}, []

    for number, name in enumerate(passage(page, played)):
        page.wait_for_load_state()
        (tmp_path / f"{number:02d}.html").write_text(page.content())
        if violations := axe_violations(page):
            found[name] = violations
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)
    files = sorted(tmp_path.glob("*.html"))

    assert (found, wide) == ({}, [])
    assert len(files) == 11
    assert nu_messages(files) == []


def test_demonstration_has_five_people():
    assert len(CITIZENS) == 5
