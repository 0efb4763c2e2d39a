"""Every kind of page under axe-core, the Nu checker, a narrow screen and doubled text."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.tokens import make_not_me_token
from catalogue.models import Session
from cpf_portal.demo import people
from rights.dossiers.states import Action
from rights.models import Dossier
from tests.e2e import steps
from tests.e2e.conftest import MODULES, needs
from tests.factories import OfferFactory, SessionFactory
from tests.rights import images
from tests.rights.dossiers.steps import do, draft, send

AXE = MODULES / "axe-core" / "axe.min.js"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "/", "/inscription/", "/connexion/", "/mot-de-passe/oublie/", "/franceconnect/",
    "/formations/", "/formations/?quoi=anglais&format=centre&ou=Nantes", "/formations/?ou=zzzz",
    "/comprendre/", "/comprendre/dif/", "/aide/", "/mentions-legales/", "/cgu/",
    "/donnees-personnelles/", "/accessibilite/", "/plan-du-site/", "/application/", "/demo/",
    "/demo/courriels/", "/nulle-part/",
    "/courriel/perdu/", "/courriel/perdu/envoye/", "/compte-bloque/", "/assistance/demande/",
    "/assistance/suivi/",
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
    alix = people.create(people.ALIX)
    people.create(people.DOMINIQUE)
    people.leave_dif_open()
    offer = OfferFactory(title="Anglais professionnel", public_id="00000000000018_A1")
    SessionFactory(offer=offer)
    dossiers_of(alix, offer)
    call_command("rebuild_index", verbosity=0)
    return live_server.url


def dossiers_of(user, offer) -> None:
    """One that waits for its payment, one that is not sent, and a session to enrol in on any day."""
    now, starts_on = timezone.now(), timezone.localdate() + timedelta(days=90)
    paying = send(draft(user, SessionFactory(offer=offer, starts_on=starts_on), now), now)
    do(do(paying, Action.ACCEPT, now), Action.CONFIRM, now)
    draft(user, SessionFactory(offer=offer, starts_on=starts_on), now)
    SessionFactory(offer=offer, is_permanent=True, starts_on=None, ends_on=None)


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
    steps.sign_in(page, url, people.ALIX)
    for path in PERSONAL:
        page.goto(url + path)
        yield f"{path} connecté"
    yield from dossier_states(page, url)
    yield from rights_states(page, url)


def dossier_states(page: Page, url: str):
    """Yield the pages of the dossiers of alix, then the freeze of her rights."""
    draft_, paying = Dossier.objects.order_by("-pk")
    permanent = Session.objects.get(is_permanent=True)
    enrol, other = (
        f"/mes-dossiers/nouveau/{pk}/"
        for pk in (permanent.pk, Session.objects.order_by("pk").first().pk)
    )
    for path in [
        enrol, f"{enrol}?starts_on=demain", other, f"/mes-dossiers/{paying.reference}/",
        f"/mes-dossiers/{draft_.reference}/envoyer/", f"/mes-dossiers/{draft_.reference}/modifier/",
        f"/mes-dossiers/{draft_.reference}/valider/",
    ]:  # fmt: skip
        page.goto(url + path)
        yield path
    page.goto(f"{url}/mes-dossiers/{paying.reference}/payer/")
    page.get_by_role("button", name="Aller au paiement").click()
    yield "paiement simulé"
    page.get_by_role("button", name="Paiement refusé").click()
    yield "paiement refusé"
    page.goto(url + reverse("accounts:not_me", args=[make_not_me_token(paying.user)]))
    yield "ce n’est pas moi"
    page.get_by_role("button", name="Suspendre").click()
    page.goto(f"{url}/mes-dossiers/")
    yield "droits suspendus"


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


def test_axe_finds_nothing(page: Page, site):
    needs(AXE)
    script, found = AXE.read_text(), {}
    for name in states(page, site):
        page.evaluate(script)
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        if violations := [
            (v["id"], [n["html"][:120] for n in v["nodes"]]) for v in result["violations"]
        ]:
            found[name] = violations

    assert found == {}


def test_html_validator_finds_nothing(page: Page, site, tmp_path: Path):
    needs(VNU)
    for number, name in enumerate(states(page, site)):
        # what was posted is not asked again: the page is written back from the browser
        answer = page.context.request.get(page.url, fail_on_status_code=False)
        html = page.content() if "erreur" in name else answer.text()
        (tmp_path / f"{number:02d}.html").write_text(html)
    files = sorted(map(str, tmp_path.glob("*.html")))

    done = subprocess.run(
        ["java", "-jar", str(VNU), "--format", "json", *files],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(files) > 25
    faults = [
        (m["url"][-8:], m["message"], m.get("extract")) for m in json.loads(done.stderr)["messages"]
    ]
    assert faults == []


def test_narrow_screens_need_no_sideways_scrolling(page: Page, site):
    page.set_viewport_size({"width": 320, "height": 640})

    wide = [
        name
        for name in states(page, site)
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    ]

    assert wide == []


def test_nothing_comes_from_another_site(page: Page, site):
    asked = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))

    for _ in states(page, site):
        pass

    assert asked == {site.split("/")[2]}


def test_first_page_is_light(page: Page, site):
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(site)
    page.wait_for_load_state("networkidle")

    assert 4 <= len(answers) <= 12
    assert sum(len(answer.body()) for answer in answers) < 100_000  # bytes, uncompressed
