import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from catalogue.models import CertificationKind, Modality, SessionState
from tests.factories import (
    CertificationFactory,
    CommuneFactory,
    OfferFactory,
    ProviderFactory,
    SessionFactory,
)

NO_BREAK = "\u00a0"


def text(response):
    page = response.content.decode().replace("&nbsp;", NO_BREAK)
    return re.sub(r"[ \n]+", " ", page)  # not the no-break spaces, which are part of the text


def test_page_says_what_the_training_is(client, db):
    offer = OfferFactory(
        title="Développeur web",
        highlights="Petits groupes",
        objectives="Concevoir un site.",
        content="- HTML\n- CSS\n\nPuis un projet.",
        results="Un emploi",
        access_conditions="Aucun prérequis",
        certification=CertificationFactory(
            code="RNCP37674", kind=CertificationKind.RNCP, title="Développeur web", level=5
        ),
        provider=ProviderFactory(name="École du Code", website="https://ecole.example/"),
        commune=CommuneFactory(name="Nantes"),
        address="2 rue du Port",
        price_cents=680000,
        hours=840,
    )

    page = text(client.get(offer.get_absolute_url()))

    assert "<h1>Développeur web</h1>" in page
    assert "Proposée par École du Code" in page
    assert f"<strong>6800,00{NO_BREAK}€</strong> TTC" in page
    assert "840 heures" in page
    assert "2 rue du Port" in page
    assert "44000 Nantes" in page
    assert "RNCP37674, Niveau 5 (bac\u00a0+\u00a02)" in page
    assert "<ul><li>HTML</li><li>CSS</li></ul>" in page
    assert "<p>Puis un projet.</p>" in page
    for heading in ("Objectifs", "Contenu", "Résultats attendus", "Conditions d’accès"):
        assert heading in page
    assert "Pour vous inscrire" in page


def test_contact_of_the_provider_is_reachable(client, db):
    provider = ProviderFactory(
        phone="+33199000001", email="contact@example.org", website="https://example.org/formation"
    )

    page = text(client.get(OfferFactory(provider=provider).get_absolute_url()))

    assert '<a href="tel:+33199000001">01 99 00 00 01</a>' in page
    assert '<a href="mailto:contact@example.org">contact@example.org</a>' in page
    assert '<a href="https://example.org/formation" rel="noopener nofollow ugc">' in page


@pytest.mark.parametrize(
    "website",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x.example", "http://["],
)
def test_only_web_addresses_become_links(website, client, db):
    page = text(
        client.get(OfferFactory(provider=ProviderFactory(website=website)).get_absolute_url())
    )

    assert "Site internet" not in page
    assert website not in page


def test_provider_without_contact_and_bare_offer_still_open(client, db):
    provider = ProviderFactory(phone="", email="", website="")
    offer = OfferFactory(provider=provider, certification=None, hours=None)

    page = text(client.get(offer.get_absolute_url()))

    assert "ne mène pas à une certification" in page
    assert "tel:" not in page
    assert "Objectifs" not in page


def test_remote_offer_has_no_place(client, db):
    offer = OfferFactory(modality=Modality.REMOTE, address="caché")

    page = text(client.get(offer.get_absolute_url()))

    assert "<dd> À distance </dd>" in page
    assert "caché" not in page


def test_sessions_are_in_order_with_their_state(client, db):
    today = timezone.localdate()
    offer = OfferFactory()
    SessionFactory(offer=offer, starts_on=today + timedelta(days=9), state=SessionState.CLOSED)
    SessionFactory(offer=offer, starts_on=today - timedelta(days=400), ends_on=today)
    SessionFactory(offer=offer, starts_on=today + timedelta(days=3))
    SessionFactory(offer=offer, is_permanent=True, starts_on=None, ends_on=None)

    page = text(client.get(offer.get_absolute_url()))

    rows = [row for row in page.split("</tr>") if "<td" in row]
    assert len(rows) == 3
    assert "Entrées permanentes" in rows[0]
    assert "Ouvertes" in rows[1]
    assert "Complètes" in rows[2]


def test_offer_without_session_says_so(client, db):
    page = text(client.get(OfferFactory().get_absolute_url()))

    assert "Aucune session n’est annoncée" in page


def test_breadcrumb_leads_back_to_the_results(client, db):
    offer = OfferFactory()

    back = text(client.get(f"{offer.get_absolute_url()}?quoi=anglais&ou=Toulouse&page=2&autre=x"))
    direct = text(client.get(offer.get_absolute_url()))

    assert 'href="/formations/?quoi=anglais&amp;ou=Toulouse&amp;page=2"' in back
    assert "Résultats de ma recherche" in back
    assert "autre" not in back
    assert "Résultats de ma recherche" not in direct


def test_breadcrumb_stays_on_the_portal(client, db):
    hostile = "?quoi=//evil.example&ou=javascript:alert(1)&format=http://evil.example&page=-1"

    page = text(client.get(OfferFactory().get_absolute_url() + hostile))

    assert 'href="/formations/?quoi=%2F%2Fevil.example&amp;ou=javascript%3Aalert%281%29"' in page


PAYLOADS = [
    "<script>window.__xss=1</script>",
    "- <img src=x onerror=alert(1)>",
    "<b>gras</b>\n\n<a href='javascript:alert(1)'>lien</a>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "<![CDATA[<p onclick=alert(1)>]]>",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_imported_text_is_never_html(payload, db):
    texts = (
        "objectives",
        "content",
        "results",
        "access_conditions",
        "highlights",
        "title",
        "address",
    )
    provider = ProviderFactory(name=payload, phone="<b>", email='"><script>"@x.y')
    offer = OfferFactory(
        provider=provider,
        certification=CertificationFactory(title=payload),
        **dict.fromkeys(texts, payload),
    )

    # Django's client: ours would take the payload's own braces for a fault of the template.
    page = Client().get(offer.get_absolute_url()).content.decode()

    main = page.split('<main id="contenu"')[1]
    for line in payload.splitlines():
        assert escape(line.removeprefix("- ")) in main
    for tag in ("<script", "<img", "<b>", 'href="javascript:', "href='", "<p onclick"):
        assert tag not in main


@pytest.mark.parametrize(
    "public_id", ["inconnu", "00000000000000_0", "%00", "a%00b", "%ED%A0%80", "x" * 61, "..", "<b>"]
)
def test_unknown_offer_is_404(public_id, client, db):
    assert client.get(f"/formations/{public_id}/").status_code == 404


def test_queries_do_not_grow_with_the_sessions(client, db, django_assert_num_queries):
    offer = OfferFactory()
    for _ in range(3):
        SessionFactory(offer=offer)
    with django_assert_num_queries(2):
        client.get(offer.get_absolute_url())

    for _ in range(9):
        SessionFactory(offer=offer)
    with django_assert_num_queries(2):
        client.get(offer.get_absolute_url())


def test_head_is_allowed(client, db):
    assert client.head(OfferFactory().get_absolute_url()).status_code == 200


def test_number_with_a_slash_has_a_page_and_a_card(index, client):
    offer = OfferFactory(title="Anglais", public_id="00000000000018_2021/4")
    index()

    assert client.get(offer.get_absolute_url()).status_code == 200
    assert offer.get_absolute_url() in client.get("/formations/?quoi=anglais").content.decode()
