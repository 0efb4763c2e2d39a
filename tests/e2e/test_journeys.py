"""The three steps of the seed and a search, as people do them: with a mouse, a keyboard, no script."""

import re

from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from cpf_portal.demo import people
from tests.e2e import steps

NEWCOMER = people.REGISTER[0]


def test_newcomer_signs_up_sees_her_rights_and_confirms_her_address(any_page: Page, live_server):
    people.create_register_entry(NEWCOMER)
    page = any_page

    steps.open_signup(page, live_server.url)
    steps.fill_identity(page, NEWCOMER, "martin@example.org")
    steps.choose_picture(page)
    steps.accept_terms(page)
    page.get_by_role("button", name="Créer mon compte").click()

    expect(page.get_by_text("Mes droits de formation s’élèvent à")).to_be_visible()
    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")
    expect(page.get_by_text("Dont 0,00\xa0€ de DIF")).to_be_visible()
    expect(page.get_by_text("Vos droits vous permettent de financer uniquement")).to_be_visible()

    page.goto(live_server.url + steps.link_in(mail.outbox[0]))
    assert User.objects.get().email_confirmed_at is None
    page.get_by_role("main").get_by_role("button").click()

    expect(page.get_by_text("Votre compte a bien été activé")).to_be_visible()
    assert User.objects.get().email_confirmed_at is not None


def test_sign_up_by_ear_needs_no_picture(page: Page, live_server):
    people.create_register_entry(NEWCOMER)

    steps.open_signup(page, live_server.url)
    steps.fill_identity(page, NEWCOMER, "martin@example.org")
    steps.type_digits(page)
    steps.accept_terms(page)
    page.get_by_role("button", name="Créer mon compte").click()

    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")


def test_sign_up_error_keeps_what_was_typed_but_the_secrets(any_page: Page, live_server):
    page = any_page
    steps.open_signup(page, live_server.url)
    steps.fill_identity(page, NEWCOMER, "martin@example.org")
    page.get_by_label("Confirmez votre courriel personnel").fill("autre@example.org")
    steps.choose_picture(page)
    steps.accept_terms(page)

    page.get_by_role("button", name="Créer mon compte").click()

    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Nom de naissance")).to_have_value(NEWCOMER.birth_name)
    expect(page.get_by_label("Numéro de sécurité sociale")).to_have_value("")
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_value("")
    assert not User.objects.exists()


def test_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, live_server):
    steps.open_signup(page, live_server.url)

    page.get_by_role("button", name="Créer mon compte").click()

    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Nom de naissance")).to_be_focused()


def test_renewing_the_captcha_keeps_the_form(any_page: Page, live_server):
    page = any_page
    steps.open_signup(page, live_server.url)
    page.get_by_label("Nom de naissance").fill("Martin")
    before = steps.captcha_key(page)

    page.get_by_role("button", name="Renouvelez le contrôle de sécurité").click()

    expect(page.locator("[data-portal-captcha-key]")).not_to_have_attribute("value", before)
    expect(page.get_by_label("Nom de naissance")).to_have_value("Martin")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_sign_up_by_keyboard_alone(page: Page, live_server):
    people.create_register_entry(NEWCOMER)
    page.goto(f"{live_server.url}/inscription/")
    index, _ = steps.right_answer(steps.captcha_key(page))
    typed = {
        "Nom de naissance": NEWCOMER.birth_name,
        "Numéro de sécurité sociale": NEWCOMER.nir.value,
        "Clé": NEWCOMER.nir.key,
        "Téléphone mobile": "0639980009",
        "Courriel personnel": "martin@example.org",
        "Confirmez votre courriel personnel": "martin@example.org",
        "Mot de passe": steps.PASSWORD,
        "Confirmez votre mot de passe": steps.PASSWORD,
    }

    for label, text in typed.items():
        steps.tab_to(
            page,
            page.get_by_label(label, exact=label in {"Clé", "Courriel personnel", "Mot de passe"}),
        )
        page.keyboard.type(text)
    steps.tab_to(page, page.get_by_role("radio", name="Image 1", exact=True))
    page.keyboard.press("Space")
    for _ in range(int(index)):
        page.keyboard.press("ArrowRight")
    steps.tab_to(page, page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    steps.tab_to(page, page.get_by_role("button", name="Créer mon compte"))
    page.keyboard.press("Enter")

    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")


def test_password_rules_follow_the_typing(page: Page, live_server):
    page.goto(f"{live_server.url}/inscription/")
    rules = page.locator("[data-portal-rule]")
    met = page.locator("[data-portal-rule].ok")

    expect(rules).to_have_count(4)
    page.get_by_label("Mot de passe", exact=True).fill("abc")
    expect(met).to_have_count(1)
    page.get_by_label("Mot de passe", exact=True).fill("Abcdefg1")

    expect(met).to_have_count(4)


def test_fifteen_pasted_characters_fill_number_and_key(any_page: Page, live_server):
    people.create_register_entry(NEWCOMER)
    page = any_page
    steps.open_signup(page, live_server.url)
    steps.fill_identity(page, NEWCOMER, "martin@example.org")
    page.get_by_label("Clé", exact=True).fill("")
    page.get_by_label("Numéro de sécurité sociale").fill(NEWCOMER.nir.value + NEWCOMER.nir.key)
    steps.choose_picture(page)
    steps.accept_terms(page)

    page.get_by_role("button", name="Créer mon compte").click()

    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")


def test_person_signs_in_reads_her_rights_and_signs_out(any_page: Page, live_server):
    people.create(people.ALIX)
    page = any_page

    steps.sign_in(page, live_server.url, people.ALIX)
    page.get_by_role("link", name="Voir le détail de mes droits").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("droits")
    history = page.get_by_role("table", name=re.compile("Mouvements de mes droits"))
    expect(history).to_contain_text("Heures de DIF")
    page.locator("header summary.btn").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("link", name="Je crée mon compte")).to_be_visible()
    page.goto(f"{live_server.url}/mes-droits/")
    expect(page).to_have_url(re.compile(r"/connexion/\?next=/mes-droits/"))


def test_forgotten_password_is_replaced_by_the_link_of_the_mail(any_page: Page, live_server):
    people.create(people.CAMILLE)
    page = any_page
    page.goto(f"{live_server.url}/connexion/")
    page.get_by_role("link", name=re.compile("[Mm]ot de passe oublié")).click()
    page.get_by_label("Numéro de sécurité sociale").fill(people.CAMILLE.entry.nir.value)
    page.get_by_role("main").get_by_role("button").click()
    page.goto(live_server.url + steps.link_in(mail.outbox[0]))

    page.locator("input[type=password]").nth(0).fill(steps.PASSWORD)
    page.locator("input[type=password]").nth(1).fill(steps.PASSWORD)
    page.locator("main form button[type=submit], main form input[type=submit]").last.click()

    page.goto(f"{live_server.url}/connexion/")
    page.get_by_label("Numéro de sécurité sociale").fill(people.CAMILLE.entry.nir.value)
    page.get_by_label("Mot de passe", exact=True).fill(steps.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page.locator(".amount")).to_have_text("1105,00\xa0€")


def test_support_agent_finds_a_person_by_number(page: Page, live_server):
    people.create(people.CAMILLE)
    people.create(people.SASHA)
    steps.sign_in_staff(page, live_server.url, people.SASHA)

    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Chercher une personne").fill(people.CAMILLE.entry.nir.value)
    page.get_by_role("button", name="Chercher").click()
    page.get_by_label("Motif").fill("appel au sujet de son solde")
    page.get_by_role("button", name="Ouvrir le dossier").click()

    expect(page.get_by_text("DURAND").first).to_be_visible()
    assert people.CAMILLE.entry.nir.value not in page.url + page.content()
