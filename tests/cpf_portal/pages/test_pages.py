"""Every page of text: it opens to anybody, has one name, good French typography and live links."""

import itertools
import re
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import get_resolver, reverse

from cpf_portal.pages.topics import TOPIC_BY_SLUG, TOPICS
from tests.cpf_portal.pages.reading import read
from tests.factories import CommuneFactory, OfferFactory

pytestmark = pytest.mark.django_db

ROUTES = (
    "understand", "help", "legal", "terms", "privacy", "cookies", "accessibility", "sitemap",
    "application",
)  # fmt: skip
PATHS = [reverse(f"pages:{name}") for name in ROUTES] + [
    reverse("pages:understand_topic", args=[topic.slug]) for topic in TOPICS
]
NO_BREAK = "\u00a0"
BAD_TYPOGRAPHY = {
    "a plain space before a double sign": re.compile(r" [:;?!»€](?:\s|$)|« "),
    "no space before a double sign": re.compile(
        rf"[a-zàâçéèêëîïôûù][;?!]|[a-zé]:\s|\d€|[^\s{NO_BREAK}]»"
    ),
    "a straight apostrophe": re.compile(r"\w'\w"),
    "a straight quotation mark": re.compile(r'"'),
    "an unbound thousand": re.compile(r"\d (?=\d{3}\b)"),
}


@pytest.fixture
def pages(client):
    """Every page of text by its path, as a visitor reads it."""
    return {path: read(client.get(path).content.decode()) for path in PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_page_opens_without_an_account(client, path):
    assert client.get(path).status_code == 200


def test_page_refuses_other_methods(client):
    assert client.post(reverse("pages:privacy")).status_code == 405
    assert client.post(reverse("pages:help")).status_code == 405


def test_page_has_its_own_title_and_the_same_heading(pages):
    titles = {page.title for page in pages.values()}
    assert len(titles) == len(PATHS) == 17
    for page in pages.values():
        level, heading = page.headings[0]
        assert level == 1
        assert page.title.startswith(heading)


def test_headings_never_skip_a_level(pages):
    for path, page in pages.items():
        levels = [level for level, _ in page.headings]
        skips = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
        assert not skips, path
        assert all(text.strip() for _, text in page.headings), path


@pytest.mark.parametrize("fault", BAD_TYPOGRAPHY)
def test_typography_is_french(pages, fault):
    found = {path: BAD_TYPOGRAPHY[fault].findall(page.text) for path, page in pages.items()}
    assert {path: hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("fault", "text"),
    list(zip(BAD_TYPOGRAPHY, ["Oui : non", "Oui?", "l'aide", 'dit "x"', "5 000 €"], strict=True)),
)
def test_typography_check_sees_a_fault(fault, text):
    assert BAD_TYPOGRAPHY[fault].search(text)


def test_every_page_is_reached_from_the_site_map(pages):
    listed = {link.href for link in pages[reverse("pages:sitemap")].links}
    assert set(PATHS) - {reverse("pages:sitemap")} <= listed


def test_links_have_words(pages):
    for path, page in pages.items():
        assert [link.href for link in page.links if not link.text.strip()] == [], path


@pytest.fixture
def catalogue(db):
    """What the searches that the pages propose need: an index and the town that they name."""
    CommuneFactory(code="42218", name="Saint-Étienne", postcodes=" 42000 42100 ", department="42")
    OfferFactory()
    call_command("rebuild_index", verbosity=0)


def internal(links):
    """Return the addresses of `links` that lead to another page of the portal, each once."""
    parts = {link.href: urlsplit(link.href) for link in links}
    return sorted(
        href for href, part in parts.items() if part.path and not part.netloc and not part.scheme
    )


@pytest.mark.usefixtures("catalogue")
def test_links_lead_somewhere(client, pages):
    """Follow each internal link once; a private page may only ask to sign in first."""
    hrefs = internal(link for page in pages.values() for link in page.links)
    assert len(hrefs) >= 30
    for href in hrefs:
        address, _, anchor = href.partition("#")
        answer = client.get(address)
        if answer.status_code == 302:
            assert answer.url.startswith(reverse("accounts:login")), href
            continue
        assert answer.status_code == 200, href
        assert not anchor or anchor in read(answer.content.decode()).ids, href


def test_anchors_of_a_page_exist(pages):
    for path, page in pages.items():
        anchors = {link.href[1:] for link in page.links if link.href.startswith("#")}
        assert anchors <= page.ids, path


def test_help_explains_franceconnect_at_its_anchor(pages):
    assert "franceconnect" in pages[reverse("pages:help")].ids


def test_links_to_other_sites_are_secure_and_send_no_address(client):
    for path in PATHS:
        for tag in re.findall(r'<a [^>]*href="http[^>]*>', client.get(path).content.decode()):
            assert 'href="https://' in tag
            assert 'rel="noreferrer"' in tag


def test_topics_are_the_public_addresses():
    assert len(TOPIC_BY_SLUG) == len(TOPICS) == 8
    for topic in TOPICS:
        assert get_resolver().resolve(reverse("pages:understand_topic", args=[topic.slug]))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_topic_tells_its_sources_and_its_date(client, topic):
    page = read(client.get(reverse("pages:understand_topic", args=[topic.slug])).content.decode())
    sources = page.text.split("Sources")[1].split("Mis à jour le")
    assert "rticle" in sources[0]
    assert str(topic.updated_on.year) in sources[1]


def test_topics_are_listed_in_order(pages):
    index = pages[reverse("pages:understand")]
    assert [text.strip() for level, text in index.headings if level == 2] == [
        t.title for t in TOPICS
    ]


def test_unknown_topic_is_not_found(client):
    assert client.get("/comprendre/inconnu/").status_code == 404
    assert client.get(f"/comprendre/{TOPICS[0].slug}/").status_code == 200


def test_privacy_tells_the_periods_of_the_settings(client, settings):
    settings.EMAIL_CONFIRMATION_DAYS = 12
    settings.SESSION_COOKIE_AGE = 20 * 60
    page = read(client.get(reverse("pages:privacy")).content.decode())
    assert "12 jours" in page.text
    assert "20 minutes" in page.text


@pytest.mark.parametrize("name", ["legal", "help", "terms", "privacy", "accessibility"])
def test_operator_replaces_the_demonstration(client, settings, name):
    settings.DEMONSTRATION = False
    settings.PORTAL_OPERATOR = "Fonds Exemple"
    settings.PORTAL_CONTACT = "aide@exemple.org"
    page = client.get(reverse(f"pages:{name}")).content.decode()
    main = read(page).text
    assert "Fonds Exemple" in main
    assert "aide@exemple.org" in main or name == "terms"
    assert "démonstration" not in main


def test_demonstration_says_what_it_is_not(pages):
    assert "Ce n’est pas le site officiel de l’État" in pages[reverse("pages:legal")].text
    assert "fictives" in pages[reverse("pages:terms")].text


def test_no_page_poses_as_the_state(client):
    for path in PATHS:
        page = client.get(path).content.decode()
        assert not re.search(r"République française|Marianne|Caisse des Dépôts", page, re.I), path


def test_legal_credits_the_data(pages):
    text = pages[reverse("pages:legal")].text
    for credit in ("Licence Ouverte 2.0", "GeoNames", "Creative Commons", "INSEE", "MIT"):
        assert credit in text


def test_install_button_waits_for_its_script(client):
    page = client.get(reverse("pages:application")).content.decode()
    assert re.search(r"<button[^>]*data-portal-install[^>]*hidden", page)


def test_robots_are_kept_out_of_a_demonstration(client):
    assert "\nDisallow: /\n" in client.get("/robots.txt").content.decode()


def test_robots_are_kept_out_of_private_pages_only(client, settings):
    settings.NOINDEX = False
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /" not in lines
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    for name in ("rights:summary", "rights:dossiers", "accounts:profile", "admin:index"):
        assert f"Disallow: {reverse(name)}" in lines


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("securite@exemple.org", "mailto:securite@exemple.org"),
        ("https://exemple.org/securite", "https://exemple.org/securite"),
        ("", "https://portail.exemple.org/aide/#contact"),
    ],
)
def test_security_txt_says_where_to_write(client, settings, contact, expected):
    settings.PORTAL_CONTACT = contact
    settings.SITE_URL = "https://portail.exemple.org"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Contact: {expected}\n" in answer.content.decode()


def test_security_txt_ends_within_a_year(client, time_machine):
    time_machine.move_to("2026-11-22T12:00:00+00:00")
    assert (
        "Expires: 2027-05-21T00:00:00Z" in client.get("/.well-known/security.txt").content.decode()
    )
