"""A person spends her rights: from the search to the training, and each way out of a dossier."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cpf_portal.demo import people
from rights.dossiers.states import Action, State
from rights.models import Dossier, RightsAccount
from rights.services import grant_abondement
from tests.e2e import steps
from tests.factories import OfferFactory, SessionFactory
from tests.rights.dossiers.steps import do, draft, given_for, send

PRICE = 600_00
STARTS_IN = timedelta(days=120)


@pytest.fixture
def session(live_server):
    """English in Nantes, four months from now."""
    offer = OfferFactory(title="Anglais professionnel", price_cents=PRICE)
    starts_on = timezone.localdate() + STARTS_IN
    return SessionFactory(offer=offer, starts_on=starts_on, ends_on=starts_on + timedelta(days=4))


@pytest.fixture
def desk(browser, live_server, sasha):
    """Act for the provider in the administration, as the support does."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(8000)
    steps.sign_in_staff(page, live_server.url, people.SASHA)

    def act(action: Action, fields: dict[str, str] | None = None) -> None:
        dossier = Dossier.objects.open().get()
        page.goto(f"{live_server.url}{reverse('admin:rights_dossier_change', args=[dossier.pk])}")
        if (reason := page.get_by_label("Motif")).is_visible():  # asked once for a person
            reason.fill("L’organisme appelle")
            page.get_by_role("button", name="Ouvrir le dossier").click()
        page.get_by_role("link", name=action.label, exact=True).click()
        for label, text in (fields or {}).items():
            page.get_by_label(label).fill(text)
        page.get_by_role("button", name=action.label, exact=True).click()
        expect(page.get_by_text("C’est fait")).to_be_visible()

    yield act
    context.close()


@pytest.fixture
def plain_page(browser):
    """A browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(8000)
    yield page
    context.close()


def open_dossier(page: Page, url: str) -> None:
    """Open the one under way, which comes first."""
    page.goto(f"{url}/mes-dossiers/")
    link = page.get_by_role("main").get_by_role("link", name="Anglais professionnel", exact=True)
    link.first.click()


def press(page: Page, link: str, button: str | None = None) -> None:
    """Open the page of a step, then press its button."""
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", name="Ce qui va se passer")).to_be_visible()
    page.get_by_role("button", name=button or link, exact=True).click()


def expect_state(page: Page, state: State) -> None:
    expect(page.locator(".chip")).to_have_text(state.label)


def pay(page: Page, answer: str) -> None:
    press(page, "Payer le reste par carte", "Aller au paiement")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paiement simulé")
    page.get_by_role("button", name=answer).click()
    page.get_by_role("link", name="Voir mon dossier").click()


def let_the_days_pass(**days: date | None) -> None:
    """Move the dates of the dossier under way instead of the clock of two browsers."""
    Dossier.objects.open().update(**days)


def test_person_finds_enrols_pays_and_enters_the_training(
    plain_page: Page, live_server, session, camille, desk
):
    call_command("rebuild_index", verbosity=0)
    page, url = plain_page, live_server.url
    page.goto(url)
    page.get_by_label("Formation, métier, compétence").fill("anglais")
    page.get_by_label("En centre de formation").check()
    page.get_by_label("Ville ou code postal").fill("44000")
    page.get_by_role("button", name="Rechercher").click()
    page.get_by_role("link", name="Anglais professionnel", exact=True).click()
    page.get_by_role("link", name=re.compile("S’inscrire à cette session")).click()
    page.get_by_label("Numéro de sécurité sociale").fill(people.CAMILLE.entry.nir.value)
    page.get_by_label("Mot de passe", exact=True).fill(people.CAMILLE.password)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("S’inscrire à cette session")
    remainder = page.get_by_role("row", name="Reste à payer par carte")
    expect(remainder).to_contain_text("150,00\xa0€ de participation forfaitaire")
    page.get_by_role("button", name="Envoyer la demande d’inscription").click()
    expect_state(page, State.REQUESTED)

    desk(Action.ACCEPT)
    page.reload()
    press(page, "Valider mon inscription")
    expect_state(page, State.PAYING)
    pay(page, "Paiement refusé")
    expect_state(page, State.PAYMENT_REFUSED)
    pay(page, "Paiement accepté")
    expect_state(page, State.VALIDATED)

    today = timezone.localdate()
    let_the_days_pass(starts_on=today, withdrawal_until=today - timedelta(days=1))
    desk(Action.DECLARE_ENTRY)
    page.reload()
    expect_state(page, State.IN_TRAINING)
    expect(page.get_by_role("list").filter(has_text="Entrée en formation déclarée")).to_be_visible()
    assert RightsAccount.objects.get().available_cents == 1105_00 - 450_00


@pytest.fixture
def helped(camille):
    """An employer helps: nobody has to pay a remainder."""
    grant_abondement(
        titulaire=camille.titulaire, financer="employer", financer_name="Imprimerie du Pont",
        amount_cents=10_00, today=timezone.localdate(), idempotency_key="e2e",
    )  # fmt: skip
    return camille


def sent(user, session, *actions: Action) -> Dossier:
    dossier = send(draft(user, session, timezone.now()), timezone.now())
    for action in actions:
        given = given_for(dossier, action, timezone.now())
        if action == Action.PROPOSE:
            given = {"starts_on": dossier.starts_on + timedelta(days=7)}
        dossier = do(dossier, action, timezone.now(), **given)
    return dossier


def test_person_accepts_a_proposal_then_cancels_early_for_nothing(
    page: Page, live_server, session, helped
):
    sent(helped, session, Action.PROPOSE)
    steps.sign_in(page, live_server.url, people.CAMILLE)
    open_dossier(page, live_server.url)

    expect(page.get_by_role("heading", name="La proposition de l’organisme")).to_be_visible()
    press(page, "Accepter la proposition")
    expect_state(page, State.VALIDATED)

    cancel_early(page)
    assert RightsAccount.objects.get().available_cents == 1115_00


def test_person_refuses_a_proposal(page: Page, live_server, session, helped):
    sent(helped, session, Action.PROPOSE)
    steps.sign_in(page, live_server.url, people.CAMILLE)
    open_dossier(page, live_server.url)

    press(page, "Refuser la proposition")

    expect_state(page, State.REQUEST_CANCELLED)
    assert RightsAccount.objects.get().available_cents == 1115_00


def test_person_cancels_late_and_reads_first_what_she_loses(
    page: Page, live_server, session, helped
):
    sent(helped, session, Action.ACCEPT, Action.CONFIRM)
    come_near_the_start()
    steps.sign_in(page, live_server.url, people.CAMILLE)
    open_dossier(page, live_server.url)

    cancel_late(page)
    assert RightsAccount.objects.get().available_cents == 515_00


def come_near_the_start() -> None:
    today = timezone.localdate()
    let_the_days_pass(
        starts_on=today + timedelta(days=3),
        withdrawal_until=today - timedelta(days=30),
        free_cancellation_until=today - timedelta(days=9),
    )


def cancel_early(page: Page) -> None:
    page.get_by_role("link", name="Annuler mon inscription sans frais").click()
    expect(page.get_by_text("Vous ne perdez rien")).to_be_visible()
    page.get_by_role("button", name="Annuler mon inscription").click()
    expect_state(page, State.CANCELLED)


def cancel_late(page: Page) -> None:
    page.get_by_role("link", name=re.compile("perdre le montant engagé")).click()
    expect(page.get_by_text("Vous perdez les droits engagés : 600,00\xa0€.")).to_be_visible()
    page.get_by_role("button", name="Annuler et tout perdre").click()
    expect_state(page, State.CANCELLED)


def test_person_pays_after_a_refusal(page: Page, live_server, session, camille):
    sent(camille, session, Action.ACCEPT, Action.CONFIRM)
    steps.sign_in(page, live_server.url, people.CAMILLE)
    open_dossier(page, live_server.url)

    pay(page, "Paiement refusé")
    expect_state(page, State.PAYMENT_REFUSED)
    pay(page, "Paiement accepté")
    expect_state(page, State.VALIDATED)
    assert RightsAccount.objects.get().reserved_cents == 450_00


def test_without_javascript_proposals_are_answered_and_trainings_left_early_and_late(
    plain_page: Page, live_server, session, helped, desk
):
    """Three requests, one after the other, answered in the administration."""
    page, url = plain_page, live_server.url
    steps.sign_in(page, url, people.CAMILLE)
    later = session.starts_on + timedelta(days=7)
    proposal = {"Nouveau début": f"{later:%d/%m/%Y}", "Remarque": "Une semaine plus tard."}

    sent(helped, session)
    desk(Action.PROPOSE, proposal)
    open_dossier(page, url)
    expect(page.get_by_text("Une semaine plus tard.").first).to_be_visible()
    press(page, "Refuser la proposition")
    expect_state(page, State.REQUEST_CANCELLED)

    sent(helped, session)
    desk(Action.PROPOSE, proposal)
    open_dossier(page, url)
    press(page, "Accepter la proposition")
    expect_state(page, State.VALIDATED)
    cancel_early(page)
    assert RightsAccount.objects.get().available_cents == 1115_00

    sent(helped, session)
    desk(Action.ACCEPT)
    open_dossier(page, url)
    press(page, "Valider mon inscription")
    expect_state(page, State.VALIDATED)
    come_near_the_start()
    page.reload()
    cancel_late(page)
    assert RightsAccount.objects.get().available_cents == 515_00
