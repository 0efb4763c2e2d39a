"""The frame around every page: band, header, navigation, account menu, footer, icons, error pages."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image

from cpf_portal import errors
from cpf_portal.ui.forms import PortalForm
from tests.html import check_page

BAND = "ce site n’est pas le site officiel de l’État"
NAVIGATION = [
    ("catalogue:search", "Rechercher une formation"),
    ("rights:summary", "Mes droits formation"),
    ("rights:dossiers", "Mes dossiers de formation"),
    ("pages:understand", "Comprendre la formation"),
]


@pytest.fixture
def request_of():
    def build(path="/", user=None):
        request = RequestFactory().get(path)
        request.user = user or AnonymousUser()
        return request

    return build


@pytest.fixture
def frame(request_of):
    """The bare frame, as any page inherits it."""

    def render(path="/", user=None, **context):
        return render_to_string("base.html", context, request=request_of(path, user))

    return render


def words(html):
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", html.replace("&nbsp;", "\u00a0"))).strip()


def test_navigation_has_the_links_of_the_seed_in_its_order(frame):
    html = frame()

    menu = html[html.index("Menu principal") : html.index("</nav>")]
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', menu) == [
        (reverse(name), text) for name, text in NAVIGATION
    ]


def test_navigation_marks_where_one_is(frame):
    search = reverse("catalogue:search")

    assert f'href="{search}" aria-current="page"' in frame(search)
    assert f'href="{search}" aria-current="true"' in frame(f"{search}12345_1/")
    assert "aria-current" not in frame("/")


def test_band_shows_until_an_operator_has_named_himself(frame, settings):
    assert BAND in frame()
    assert "Portail de démonstration" in frame()

    settings.PORTAL_OPERATOR = "Région <Exemple>"
    html = frame()

    assert BAND not in html
    assert html.count("Région &lt;Exemple&gt;") == 2  # header and footer
    assert "Portail de démonstration" not in html


def test_demonstration_is_kept_out_of_search_engines(frame, settings):
    assert '<meta name="robots" content="noindex">' in frame()
    assert reverse("demo:index") in frame()

    settings.DEMONSTRATION = settings.NOINDEX = False

    assert "noindex" not in frame()
    assert "/demo/" not in frame()


def test_title_tells_an_error_first(frame):
    form_class = type("NameForm", (PortalForm,), {})  # the frame only asks for its errors
    form_class.errors = {"name": ["Saisissez votre nom."]}

    assert "<title>Accueil - Mon Compte Formation</title>" in frame()
    html = frame(form=form_class())
    assert "<title>Erreur&nbsp;: Accueil - Mon Compte Formation</title>" in html


def test_messages_are_announced_and_escaped(frame):
    html = frame(messages=["Votre compte a bien été activé.", "<b>"])

    assert 'role="status"' in html
    assert "Votre compte a bien été activé." in html
    assert "&lt;b&gt;" in html
    assert 'role="status"' not in frame()


def test_visitor_is_offered_to_sign_in(frame):
    html = frame()

    assert f'href="{reverse("accounts:login")}"' in html
    assert reverse("accounts:logout") not in html


def test_person_signs_out_by_post_from_a_menu_with_her_name(frame, camille):
    html = frame(user=camille)

    menu = html[html.index('<details class="account"') :]
    menu = menu[: menu.index("</details>")]
    assert camille.titulaire.birth_name in menu
    assert f'href="{reverse("accounts:profile")}"' in menu
    assert f'<form method="post" action="{reverse("accounts:logout")}">' in menu
    assert "csrfmiddlewaretoken" in menu
    assert "Administration" not in html


def test_name_in_the_menu_is_escaped(frame, camille):
    camille.titulaire.birth_name = "D<script>"

    assert "D&lt;script&gt;" in frame(user=camille)


def test_staff_menu_leads_to_the_administration(frame, sasha):
    html = frame(user=sasha)

    assert "Mon compte" in html
    assert f'href="{reverse("admin:index")}"' in html


def test_footer_links_are_those_that_the_law_asks_for(frame):
    html = frame()

    footer = words(html[html.index("<footer") :])
    for text in (
        "Aide",
        "Nous écrire",
        "Mentions légales",
        "Conditions générales d’utilisation",
        "Données personnelles",
        "Accessibilité\u00a0: non conforme",
        "Plan du site",
    ):
        assert text in footer


@pytest.mark.django_db
def test_home_signed_out_has_the_two_panels_of_the_seed(client):
    html = client.get("/").content.decode()
    page = words(html)

    assert (
        "Je consulte et j’utilise mes droits pour la formation Je crée mon compte Se connecter"
        in page
    )
    assert "Je trouve une formation et je m’inscris" in page
    order = [
        page.index(label)
        for label in (
            "Formation, métier, compétence",
            "En centre de formation",
            "Formation à distance",
            "Ville ou code postal",
        )
    ]
    assert order == sorted(order)
    assert "Je passe à l’action avec l’application Mon compte formation\u00a0!" in page
    assert re.findall(r'name="(quoi|format|ou)"', html) == ["quoi", "format", "format", "ou"]
    assert 'aria-label="Rechercher"' in html


def test_home_signed_in_shows_the_amount_of_the_seed(client, camille):
    client.force_login(camille)

    page = words(client.get("/").content.decode())

    assert (
        "Mes droits de formation s’élèvent à 1105,00\u00a0€ Dont 0,00\u00a0€ de DIF"
        " Vos droits vous permettent de financer uniquement une formation."
        " Voir le détail de mes droits"
    ) in page
    assert "Je crée mon compte" not in page


def test_home_without_any_movement_shows_zero(client, dominique):
    client.force_login(dominique)

    assert "s’élèvent à 0,00\u00a0€ Dont 0,00\u00a0€ de DIF" in words(
        client.get("/").content.decode()
    )


def test_home_of_staff_speaks_of_no_rights(client, sasha):
    client.force_login(sasha)

    page = words(client.get("/").content.decode())

    assert "il ne porte pas de droits" in page
    assert "s’élèvent à" not in page


def test_search_form_keeps_what_was_typed_and_tells_an_error():
    html = render_to_string(
        "_search_form.html",
        {
            "prefix": "recherche",
            "quoi": '"><script>',
            "format": "distance",
            "ou": "Nullepart",
            "ou_error": "Aucune commune ne porte ce nom.",
        },
    )

    assert 'value="&quot;&gt;&lt;script&gt;"' in html
    assert re.search(r'value="distance" checked', html)
    assert not re.search(r'value="centre" checked', html)
    assert 'aria-describedby="recherche-ou_error"' in html
    assert 'id="recherche-ou_error"' in html
    assert f'data-portal-suggestions="{reverse("catalogue:places")}"' in html
    assert f'data-portal-suggestions="{reverse("catalogue:subjects")}"' in html


@pytest.mark.parametrize(
    ("handler", "exception", "status"),
    [
        (errors.bad_request, SuspiciousOperation(), 400),
        (errors.bad_request, RequestDataTooBig(), 413),
        (errors.permission_denied, PermissionDenied(), 403),
        (errors.csrf_failure, "", 403),
        (errors.not_found, Exception(), 404),
    ],
)
def test_refusals_have_a_page_that_says_what_to_do(request_of, handler, exception, status):
    response = handler(request_of(), exception)

    assert response.status_code == status
    html = response.content.decode()
    check_page(html)
    assert BAND in html
    assert "Revenir à l’accueil" in html


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [(40, "dans une minute"), (100, "dans 2\u00a0minutes"), (900, "dans 15\u00a0minutes")],
)
def test_429_says_how_long_to_wait(request_of, seconds, wait):
    html = render_to_string("429.html", {"retry_after": seconds}, request=request_of())

    check_page(html)
    assert wait in words(html)


@pytest.mark.parametrize("name", ["500.html", "503.html", "request_refused.html"])
def test_outage_pages_stand_alone(name):
    html = errors.static_page(name)

    check_page(html)
    assert "{" not in html
    plain_paths = re.findall(r'href="/static/([^"]+)"', html)
    assert plain_paths
    assert all(finders.find(path) for path in plain_paths)


def test_manifest_icons_exist_in_the_sizes_it_declares():
    path = Path(finders.find("manifest.webmanifest"))
    manifest = json.loads(path.read_text(encoding="utf-8"))

    icons = manifest["icons"]
    assert {
        ("192x192", "maskable"),
        ("512x512", "maskable"),
        ("192x192", None),
        ("512x512", None),
    } <= {(icon["sizes"], icon.get("purpose")) for icon in icons}
    for icon in icons:
        if icon["type"] == "image/png":
            with Image.open(path.parent / icon["src"]) as picture:
                assert "{}x{}".format(*picture.size) == icon["sizes"]
        else:
            assert (path.parent / icon["src"]).is_file()
