"""Finding a training near one's town, with and without script."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.factories import CommuneFactory, OfferFactory, SessionFactory


@pytest.fixture
def catalogue(live_server):
    """English and accountancy in Nantes, English at a distance."""
    nantes = CommuneFactory()
    CommuneFactory(
        code="44143",
        name="Rezé",
        postcodes=" 44400 ",
        population=43000,
        latitude=47.19,
        longitude=-1.57,
    )
    SessionFactory(offer=OfferFactory(title="Anglais professionnel", commune=nantes))
    SessionFactory(offer=OfferFactory(title="Comptabilité générale", commune=nantes))
    SessionFactory(offer=OfferFactory(title="Anglais par visioconférence", modality="remote"))
    call_command("rebuild_index", verbosity=0)


@pytest.fixture(params=[True, False], ids=["avec script", "sans script"])
def visitor(request, browser):
    context = browser.new_context(java_script_enabled=request.param, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(8000)
    yield page
    context.close()


def test_visitor_finds_a_training_near_her_town(visitor: Page, live_server, catalogue):
    visitor.goto(live_server.url)
    visitor.get_by_label("Formation, métier, compétence").fill("anglais")
    visitor.get_by_label("En centre de formation").check()
    visitor.get_by_label("Ville ou code postal").fill("44400")
    visitor.get_by_role("button", name="Rechercher").click()

    expect(visitor.get_by_role("heading", level=1)).to_contain_text("1 formation")
    visitor.get_by_role("link", name="Anglais professionnel", exact=True).click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text("Anglais professionnel")
    expect(visitor.get_by_text("1050,00\xa0€").first).to_be_visible()


def test_visitor_finds_a_training_at_a_distance(visitor: Page, live_server, catalogue):
    visitor.goto(live_server.url)
    visitor.get_by_label("Formation, métier, compétence").fill("anglais")
    visitor.get_by_label("Formation à distance").check()
    visitor.get_by_role("button", name="Rechercher").click()

    expect(
        visitor.get_by_role("link", name="Anglais par visioconférence", exact=True)
    ).to_be_visible()
    expect(visitor.get_by_role("link", name="Anglais professionnel", exact=True)).to_have_count(0)
    expect(visitor).to_have_url(re.compile("quoi=anglais.*format=distance"))


def test_town_is_proposed_while_typing_and_chosen_by_keyboard(page: Page, live_server, catalogue):
    page.goto(live_server.url)
    town = page.get_by_label("Ville ou code postal")

    town.press_sequentially("rez", delay=30)
    expect(page.get_by_role("option", name=re.compile("Rezé"))).to_be_visible()
    town.press("ArrowDown")
    town.press("Enter")

    expect(town).to_have_value("Rezé (44400)")
    expect(page.get_by_role("option")).to_have_count(0)


def test_subject_is_proposed_under_its_kind_and_searched_by_its_code(
    page: Page, live_server, catalogue
):
    page.goto(live_server.url)
    subject = page.get_by_label("Formation, métier, compétence")

    subject.press_sequentially("anglais", delay=30)
    expect(page.get_by_role("group", name="Formations")).to_be_visible()
    subject.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    subject.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    subject.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("formation")


def test_unknown_town_says_what_to_do(visitor: Page, live_server, catalogue):
    visitor.goto(f"{live_server.url}/formations/?quoi=anglais&format=centre&ou=nante")

    expect(visitor.get_by_role("main")).to_contain_text("Nantes")
