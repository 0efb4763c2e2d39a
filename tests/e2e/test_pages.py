"""Every kind of page under axe-core and the Nu checker, on each width of screen, with doubled text."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Response

from accounts.models import User
from accounts.tokens import make_not_me_token
from catalogue.models import Session
from cpf_portal.demo import people
from rights.dossiers.states import Action
from rights.models import Dossier
from tests.e2e import steps
from tests.e2e.judges import axe_violations, nu_messages, prepare_axe
from tests.factories import OfferFactory, SessionFactory
from tests.rights import images
from tests.rights.dossiers.steps import do, draft, send

FIT = (Path(__file__).parent / "fit.js").read_text(encoding="utf-8")
# 320 px is also 1280 px enlarged four times; then a telephone with text of twice the size, then spaced out
SCREENS = [
    (1280, "100%", False),
    (768, "100%", False),
    (320, "100%", False),
    (360, "200%", False),
    (360, "100%", True),
]
LARGEST_SHIFT = 0.02
SHIFT = """() => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: "layout-shift", buffered: true});
  const shifts = observer.takeRecords().filter((entry) => !entry.hadRecentInput);
  return shifts.reduce((total, entry) => total + entry.value, 0);
}"""
PUBLIC = [
    "/", "/inscription/", "/connexion/", "/mot-de-passe/oublie/", "/franceconnect/",
    "/formations/", "/formations/?quoi=anglais&format=centre&ou=Nantes", "/formations/?ou=zzzz",
    "/formations/?comparer=00000000000018_A1", "/formations/comparer/?comparer=00000000000018_A1",
    "/formations/00000000000018_A0/",
    "/comprendre/", "/comprendre/dif/", "/aide/?q=mot+de+passe", "/mentions-legales/", "/cgu/", "/cookies/",
    "/donnees-personnelles/", "/accessibilite/", "/plan-du-site/", "/application/", "/demo/",
    "/demo/courriels/", "/nulle-part/",
    "/courriel/perdu/", "/courriel/perdu/envoye/", "/compte-bloque/", "/assistance/demande/",
    "/assistance/suivi/", "/courriel/arret/faux/", "/contact/", "/hors-connexion/",
    "/demo/composants/",
]  # fmt: skip
PERSONAL = [
    "/", "/mes-droits/", "/mes-droits/?annee=2022#historique", "/mes-droits/dif/",
    "/mes-droits/heures/", "/mes-droits/declarations/", "/mes-droits/declarations/diplome/",
    "/mes-dossiers/", "/mon-compte/", "/mon-compte/telephones/",
    "/mon-compte/adresse/", "/mon-compte/diplome/", "/mon-compte/avertissements/",
    "/mon-compte/courriel/", "/mon-compte/etat-civil/", "/mon-compte/mot-de-passe/",
    "/mon-compte/connexions/", "/mon-compte/historique/", "/mon-compte/codes/",
    "/mon-compte/verification/", "/mon-compte/donnees/", "/mon-compte/fermeture/",
    "/mon-compte/recherches/", "/mon-compte/recherches/enregistrer/?quoi=anglais&ou=Nantes",
    "/formations/?quoi=anglais", "/formations/00000000000018_A1/",
]  # fmt: skip


@pytest.fixture
def site(live_server):
    alix = people.create(people.ALIX)
    people.keep_example(alix)
    people.create(people.DOMINIQUE)
    people.leave_dif_open()
    offer = OfferFactory(title="Anglais professionnel", public_id="00000000000018_A1")
    SessionFactory(offer=offer)
    OfferFactory(public_id="00000000000018_A0", removed_at=timezone.now())
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


def public_states(page: Page, url: str):
    """Yield the name of each state that a visitor meets once the page shows it."""
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


def personal_states(page: Page, url: str):
    """Yield the name of each state that somebody who is signed in meets."""
    steps.sign_in(page, url, people.ALIX)
    for path in PERSONAL:
        page.goto(url + path)
        yield f"{path} connecté"
    page.goto(f"{url}/mon-compte/recherches/")
    page.get_by_role("link", name="Modifier").click()
    yield "recherche à modifier"


def step_states(page: Page, url: str):
    """Yield the states of what somebody does in several steps."""
    steps.sign_in(page, url, people.ALIX)
    yield from dossier_states(page, url)
    yield from rights_states(page, url)
    yield from terms_states(page, url)


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


@pytest.mark.parametrize("states", [public_states, personal_states, step_states])
def test_every_state_is_sound(page: Page, site, tmp_path: Path, states):
    """One walk for all the judges: reaching a state costs as much as judging it."""
    asked, faults, documents = set(), {}, []
    prepare_axe(page)
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("response", lambda answer: is_document(answer) and documents.append(answer))

    for number, name in enumerate(states(page, site)):
        (tmp_path / f"{number:02d}.html").write_text(documents[-1].text())
        faults[name] = [*shifts(page), *axe_violations(page), *misfits(page)]
    files = sorted(tmp_path.glob("*.html"))

    assert len(files) > 15
    assert {name: found for name, found in faults.items() if found} == {}
    assert nu_messages(files) == []
    assert asked == {site.split("/")[2]}


def is_document(answer: Response) -> bool:
    return answer.request.is_navigation_request() and not 300 <= answer.status < 400


def shifts(page: Page) -> list[str]:
    """Return how far the page moved by itself while it was drawn, if one can see it (0.1 is "good")."""
    moved = page.evaluate(SHIFT)
    return [f"la page a bougé de {moved:.3f}"] if moved > LARGEST_SHIFT else []


def misfits(page: Page) -> list[str]:
    """Return what does not fit on each of SCREENS; leave the page as it was."""
    before, faults = page.viewport_size, []
    for width, text, is_spaced in SCREENS:
        if page.viewport_size["width"] != width:
            page.set_viewport_size(before | {"width": width})
        faults += [
            f"à {width} px, texte {text}, espacé {is_spaced} : {fault}"
            for fault in page.evaluate(FIT, [text, is_spaced])
        ]
    page.set_viewport_size(before)
    return faults


def test_first_page_is_light(page: Page, site):
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(site)
    page.wait_for_load_state("networkidle")

    assert 4 <= len(answers) <= 12
    assert sum(len(answer.body()) for answer in answers) < 100_000  # bytes, uncompressed


def test_judges_see_a_fault(page: Page):
    page.set_content(
        "<!doctype html><html lang=fr><title>Faux</title>"
        "<main><h1>Faux</h1><img src=x><p style='width: 2000px'>Trop large</p></main>"
    )

    assert "image-alt" in {rule for rule, _ in axe_violations(page)}
    assert any("dépasse" in fault for fault in misfits(page))
