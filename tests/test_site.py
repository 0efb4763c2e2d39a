"""A crawl of the whole portal, as a visitor, a citizen and a member of the staff."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import OfferFactory, SessionFactory
from tests.html import check_page

# Addresses that a crawl cannot guess, or that are no page; each says why.
NOT_CRAWLED = {
    "accounts:accept_terms": "only while new terms wait for an answer",
    "accounts:captcha_image": "a picture",
    "accounts:captcha_sound": "a sound",
    "accounts:captcha_refresh": "posted by a script",
    "accounts:confirm_email": "its token comes by mail",
    "accounts:password_reset_confirm": "its token comes by mail",
    "accounts:password_reset_done": "comes after a post",
    "accounts:confirmation_resend": "posted",
    "accounts:email_change_confirm": "its token comes by mail",
    "accounts:logout": "posted",
    "accounts:not_me": "its token comes by mail",
    "accounts:recover_email_done": "comes after a post",
    "accounts:session_close": "posted",
    "accounts:sessions_close": "posted",
    "accounts:support_sent": "comes after a post",
    "accounts:news_stop": "its token comes by mail",
    "pages:offline": "shown by the service worker",
    "pages:service_worker": "a script",
    "personal_data:download": "posted",
    "saved:add": "posted",
    "saved:change": "linked from a saved search",
    "saved:delete": "posted",
    "saved:remove": "posted",
    "saved:save": "needs a search",
    "accounts:franceconnect_account": "comes after the identity",
    "accounts:franceconnect_callback": "comes from the provider",
    "accounts:franceconnect_identity": "comes after the callback",
    "accounts:franceconnect_left": "comes from the provider",
    "accounts:franceconnect_link": "asks for a fresh password",
    "accounts:franceconnect_proof": "comes after the identity",
    "accounts:franceconnect_start": "leads to the provider",
    "accounts:franceconnect_unlink": "asks for a fresh password",
    "catalogue:compare": "comes with the offers in its address",
    "catalogue:places": "data for a script",
    "catalogue:search": "the portal answers at its address",
    "catalogue:subjects": "data for a script",
    "demo:franceconnect_authorize": "comes from the portal",
    "demo:franceconnect_discovery": "data for a machine",
    "demo:franceconnect_keys": "data for a machine",
    "demo:franceconnect_logout": "comes from the portal",
    "demo:franceconnect_token": "data for a machine",
    "demo:franceconnect_userinfo": "data for a machine",
    "demo:mail": "no mail was sent",
    "health": "data for a machine",
    "organismes:absence": "for the software of a provider",
    "organismes:acceptation": "for the software of a provider",
    "organismes:annulation": "for the software of a provider",
    "organismes:api-root": "no page",
    "organismes:entree": "for the software of a provider",
    "organismes:fin": "for the software of a provider",
    "organismes:list": "for the software of a provider",
    "organismes:openapi": "data for a machine",
    "organismes:problems": "data for a machine",
    "organismes:proposition": "for the software of a provider",
    "organismes:read": "for the software of a provider",
    "organismes:refus": "for the software of a provider",
    "organismes:retrait-absence": "for the software of a provider",
    "organismes:service-fait": "for the software of a provider",
    "organismes:unknown": "no page",
    "rights:attestation": "comes after a post",
    "rights:attestation_pdf": "a file",
    "rights:dif_proof": "a file",
    "rights:dossier": "comes after an enrolment",
    "rights:dossier_step": "comes after an enrolment",
    "rights:history_csv": "a file",
    "rights:hours": "linked from the counter of a public agent",
    "rights:issue_attestation": "posted",
    "rights:payment": "comes after an enrolment",
    "rights:payment_return": "comes after a payment",
    "pages:robots_txt": "a file for robots",
    "pages:security_txt": "a file for researchers",
    "sitemap": "a file for robots",
    "sitemap_part": "a file for robots",
}
LOGIN_REQUIRED = {
    "/mes-droits/", "/mes-droits/dif/", "/mes-droits/declarations/", "/mes-dossiers/",
    "/mon-compte/", "/mon-compte/recherches/",
}  # fmt: skip


@pytest.fixture
def offer(db, index):
    offer = OfferFactory(title="Anglais professionnel", public_id="00000000000018_A1")
    SessionFactory(offer=offer)
    index()
    return offer


def crawl(client, start="/"):
    """Follow every link of our own from `start`; return the outline of each page by its path."""
    seen, waiting = {}, [start]
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/admin/", "/static/")):
            continue
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        if not response["Content-Type"].startswith("text/html"):
            seen[path] = None
            continue
        seen[path] = outline = check_page(response.content.decode())
        for link in outline.links:
            target = urlsplit(urljoin(path, link))
            if not target.netloc and not target.scheme and not target.query:
                waiting.append(target.path)
    return {path: outline for path, outline in seen.items() if outline}


def named_routes(patterns=None, namespace=""):
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            if inner != "admin:":
                yield from named_routes(pattern.url_patterns, namespace + inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_visitor_reaches_every_public_page(client, offer):
    pages = crawl(client)
    client.get(offer.get_absolute_url())

    assert len(pages) == 37
    asks_to_sign_in = {path for path in pages if path.startswith("/mes-dossiers/")} | LOGIN_REQUIRED
    titles = [pages[path].title.strip() for path in pages.keys() - asks_to_sign_in]
    assert len(titles) == len(set(titles)), "two pages have the same title"


def test_citizen_reaches_every_page(client, camille, offer):
    client.force_login(camille)

    pages = crawl(client)

    assert pages.keys() >= LOGIN_REQUIRED
    assert len(pages) == 54


def test_staff_meet_no_error(client, sasha, offer):
    client.force_login(sasha)

    assert len(crawl(client)) == 39


def test_every_route_is_crawled_or_says_why(client, camille, offer):
    from django.urls import resolve  # noqa: PLC0415

    client.force_login(camille)
    paths = [*crawl(client), offer.get_absolute_url(), *("/inscription/", "/connexion/")]
    paths += ["/mot-de-passe/oublie/", "/franceconnect/", "/mon-compte/verification/"]
    paths += ["/courriel/perdu/", "/compte-bloque/", "/assistance/demande/", "/assistance/suivi/"]
    crawled = {resolve(path).view_name for path in paths}

    routes = set(named_routes())

    assert len(routes) > 25
    assert routes - crawled == set(NOT_CRAWLED)


@pytest.mark.django_db
@pytest.mark.parametrize("path", sorted(LOGIN_REQUIRED))
def test_personal_page_asks_a_visitor_to_sign_in(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response.headers["Location"] == f"/connexion/?next={path}"


@pytest.mark.django_db
def test_headings_never_skip_a_level(client, offer):
    for path, outline in crawl(client).items():
        steps = zip(outline.headings, outline.headings[1:], strict=False)

        assert all(after <= before + 1 for before, after in steps), path


@pytest.mark.django_db
def test_french_typography_of_every_page(client, offer):
    from html import unescape  # noqa: PLC0415

    faults = {}
    for path in crawl(client):
        html = client.get(path, follow=True).content.decode()
        text = unescape(re.sub(r"<(script|pre|code)\b.*?</\1>|<[^>]+>", " ", html, flags=re.S))
        found = re.findall(r"\w+ [;?!»](?=\s|$)|« \w+|\w+ :(?=\s|$)|\b[cdjlmnstCDJLMNST]'\w+", text)
        if found:
            faults[path] = found

    assert faults == {}
