"""Every kind of page under axe-core and the Nu checker, on each width of screen, with doubled text."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from accounts.models import User
from cpf_portal.demo import people
from tests.e2e import steps
from tests.e2e.judges import axe_violations, nu_messages
from tests.factories import OfferFactory, SessionFactory
from tests.rights import images

FIT = (Path(__file__).parent / "fit.js").read_text(encoding="utf-8")
# 320 px is also 1280 px enlarged four times; then a telephone with text of twice the size, then spaced out
SCREENS = [
    (1280, "100%", False),
    (768, "100%", False),
    (320, "100%", False),
    (360, "200%", False),
    (360, "100%", True),
]
PUBLIC = [
    "/", "/inscription/", "/connexion/", "/mot-de-passe/oublie/", "/franceconnect/",
    "/formations/", "/formations/?quoi=anglais&format=centre&ou=Nantes", "/formations/?ou=zzzz",
    "/comprendre/", "/comprendre/dif/", "/aide/", "/mentions-legales/", "/cgu/",
    "/donnees-personnelles/", "/accessibilite/", "/plan-du-site/", "/application/", "/demo/",
    "/demo/courriels/", "/nulle-part/",
    "/courriel/perdu/", "/courriel/perdu/envoye/", "/compte-bloque/", "/assistance/demande/",
    "/assistance/suivi/", "/contact/", "/hors-connexion/", "/demo/composants/",
]  # fmt: skip
PERSONAL = [
    "/", "/mes-droits/", "/mes-droits/?annee=2022#historique", "/mes-droits/dif/",
    "/mes-droits/heures/", "/mes-droits/declarations/", "/mes-droits/declarations/diplome/",
    "/mes-dossiers/", "/mon-compte/", "/mon-compte/telephones/",
    "/mon-compte/adresse/", "/mon-compte/diplome/", "/mon-compte/avertissements/",
    "/mon-compte/courriel/", "/mon-compte/etat-civil/", "/mon-compte/mot-de-passe/",
    "/mon-compte/connexions/", "/mon-compte/historique/", "/mon-compte/codes/",
    "/mon-compte/verification/", "/mon-compte/donnees/", "/mon-compte/fermeture/",
]  # fmt: skip


@pytest.fixture
def site(live_server):
    people.create(people.ALIX)
    people.create(people.DOMINIQUE)
    people.leave_dif_open()
    SessionFactory(offer=OfferFactory(title="Anglais professionnel", public_id="00000000000018_A1"))
    call_command("rebuild_index", verbosity=0)
    return live_server.url


def states(page: Page, url: str):
    """Yield the name of each state of the portal once the page shows it."""
    for path in [*PUBLIC, "/formations/00000000000018_A1/"]:
        page.goto(url + path)
        yield path
    page.goto(f"{url}/inscription/")
    page.get_by_role("button", name="Créer mon compte").click()
    yield "inscription en erreur"
    page.goto(f"{url}/connexion/")
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    yield "connexion en erreur"
    page.goto(f"{url}/assistance/demande/")
    page.get_by_role("button", name="Envoyer la demande").click()
    yield "demande en erreur"
    page.goto(f"{url}/contact/")
    page.get_by_role("button", name="Envoyer le message").click()
    yield "message en erreur"
    steps.sign_in(page, url, people.ALIX)
    for path in PERSONAL:
        page.goto(url + path)
        yield f"{path} connecté"
    yield from rights_states(page, url)
    yield from terms_states(page, url)


def rights_states(page: Page, url: str):
    """Yield the states that only a form of the rights leads to."""
    page.goto(f"{url}/mes-droits/")
    page.get_by_role("button", name="Obtenir une attestation").click()
    yield "attestation"
    page.goto(f"{url}/mes-droits/declarations/obligation-emploi/")
    page.get_by_role("main").get_by_role("button", name="Déclarer").click()
    yield "déclaration en erreur"
    page.context.clear_cookies()
    steps.sign_in(page, url, people.DOMINIQUE)
    steps.open_dif(page, url)
    yield "DIF à saisir"
    steps.send_dif(page, "121", images.HTML)
    yield "DIF en erreur"
    steps.send_dif(page, "24", images.jpeg())
    yield "DIF saisi"


def terms_states(page: Page, url: str):
    """Yield what somebody meets who signs in under older terms."""
    User.objects.update(cgu_version="2019-11")
    page.context.clear_cookies()
    steps.sign_in(page, url, people.ALIX)
    yield "nouvelles conditions"
    page.get_by_role("button", name="Accepter et continuer").click()
    yield "nouvelles conditions en erreur"
    User.objects.update(cgu_version=settings.CGU_VERSION)
    page.context.clear_cookies()


def test_axe_finds_nothing(page: Page, site):
    found = {name: faults for name in states(page, site) if (faults := axe_violations(page))}

    assert found == {}


def test_html_validator_finds_nothing(page: Page, site, tmp_path: Path):
    for number, name in enumerate(states(page, site)):
        # what was posted is not asked again: the page is written back from the browser
        answer = page.context.request.get(page.url, fail_on_status_code=False)
        html = page.content() if "erreur" in name else answer.text()
        (tmp_path / f"{number:02d}.html").write_text(html)
    files = sorted(tmp_path.glob("*.html"))

    assert len(files) > 25
    assert nu_messages(files) == []


def test_pages_fit_their_screens_and_ask_nobody_else(page: Page, site):
    asked, faults = set(), {}
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))

    for name in states(page, site):
        for width, text, is_spaced in SCREENS:
            page.set_viewport_size({"width": width, "height": 700})
            if found := page.evaluate(FIT, [text, is_spaced]):
                faults[f"{name} à {width} px, texte {text}, espacé {is_spaced}"] = found

    assert faults == {}
    assert asked == {site.split("/")[2]}


def test_first_page_is_light(page: Page, site):
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(site)
    page.wait_for_load_state("networkidle")

    assert 4 <= len(answers) <= 12
    assert sum(len(answer.body()) for answer in answers) < 100_000  # bytes, uncompressed
