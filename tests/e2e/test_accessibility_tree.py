"""What assistive technologies are given: evidence for the criteria 4.13, 5.7, 7.1 and 7.5 of the RGAA.

How a screen reader says it is another matter, which docs/accessibilite.md leaves open.
"""

import re
from collections import Counter

from playwright.sync_api import Page, expect

from cpf_portal.demo import people
from tests.e2e import steps
from tests.e2e.accessibility import tree, with_role


def texts_under(page: Page, role: str) -> list[str]:
    """Return what is written in each node of that role."""
    found, nodes = [], tree(page)
    for place, node in enumerate(nodes):
        if node.role != role:
            continue
        inside = []
        for other in nodes[place + 1 :]:
            if other.depth <= node.depth:
                break
            if other.role == "StaticText":
                inside.append(other.name)
        found.append(" ".join(inside))
    return found


def test_tables_that_became_cards_keep_rows_cells_and_headers(page: Page, live_server, alix):
    """5.7: at 360 px the cells are laid out as blocks, but stay cells under their headers."""
    page.set_viewport_size({"width": 360, "height": 740})
    steps.sign_in(page, live_server.url, people.ALIX)

    for path in ("/mes-droits/", "/comprendre/votre-compte/"):
        page.goto(live_server.url + path)
        roles = Counter(node.role for node in tree(page))
        drawn = [page.locator(tag).count() for tag in ("table", "tr", "td")]
        assert drawn[-1] > 10
        assert [roles["table"], roles["row"], roles["cell"]] == drawn
        assert roles["columnheader"] >= 3 * roles["table"]
        assert all(node.name for node in with_role(page, "columnheader"))


def test_sound_of_the_check_has_a_name_and_its_commands(page: Page, live_server):
    """4.13: the player is named, and what commands it is in the tree."""
    page.goto(f"{live_server.url}/inscription/")
    page.get_by_text("Version sonore", exact=True).click()

    nodes = tree(page)
    (player,) = (place for place, node in enumerate(nodes) if node.role == "Audio")
    inside = {node.role for node in nodes[player + 1 : player + 5]}

    assert nodes[player].name == "Version sonore du contrôle de sécurité"
    assert {"button", "slider"} <= inside


def test_combobox_tells_its_state_and_its_choice(page: Page, live_server):
    """7.1: name, role, value and changes of state of the suggestions and of the password button."""
    page.goto(live_server.url)
    town = page.get_by_label("Ville ou code postal")

    assert [n.properties["expanded"] for n in with_role(page, "combobox")] == [False, False]
    page.route(
        "**/formations/lieux/**",
        lambda route: route.fulfill(json={"groups": [{"title": "", "labels": ["Rezé (44400)"]}]}),
    )
    town.press_sequentially("rez", delay=10)
    expect(page.get_by_role("option")).to_be_visible()
    town.press("ArrowDown")

    combobox = with_role(page, "combobox")[1]
    assert (combobox.name, combobox.properties["expanded"]) == ("Ville ou code postal", True)
    assert [(n.name, n.properties["selected"]) for n in with_role(page, "option")] == [
        ("Rezé (44400)", True)
    ]
    assert any("1 " in said for said in texts_under(page, "status"))

    town.press("Enter")
    assert "Choisi\u00a0: Rezé (44400)" in texts_under(page, "status")


def test_messages_of_state_are_live_regions(page: Page, live_server):
    """7.5: what changes without a new page is written in a region that is announced."""
    page.goto(f"{live_server.url}/inscription/")
    page.get_by_label("Mot de passe", exact=True).press_sequentially("abc")
    expect(page.get_by_text("Il manque encore")).to_be_attached()
    page.get_by_role("button", name="Renouvelez le contrôle de sécurité").click()
    expect(page.get_by_text("Le contrôle de sécurité est renouvelé")).to_be_visible()

    regions = with_role(page, "status")
    said = " / ".join(texts_under(page, "status"))
    assert all(region.properties["live"] == "polite" for region in regions)
    assert "Il manque encore" in said
    assert "Le contrôle de sécurité est renouvelé" in said

    reveal = page.get_by_role("button", name="Afficher le mot de passe").first
    reveal.click()
    names = [node.name for node in with_role(page, "button")]
    assert "Masquer le mot de passe" in names
    assert "Le mot de passe est visible." in texts_under(page, "status")

    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert len(with_role(page, "alert")) == 1
    assert re.search("Saisissez votre nom", " ".join(texts_under(page, "alert")))
