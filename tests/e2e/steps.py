"""What a person does on the pages, in the words that she reads there."""

import re

from playwright.sync_api import Page, expect

from tests.accounts.captcha.helpers import right_answer

PASSWORD = "Cerisier-Vent-19"


def open_signup(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Je crée mon compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inscription")


def fill_identity(page: Page, entry, email: str) -> None:
    page.get_by_label("Nom de naissance").fill(entry.birth_name)
    page.get_by_label("Numéro de sécurité sociale").fill(entry.nir.value)
    page.get_by_label("Clé", exact=True).fill(entry.nir.key)
    page.get_by_label("Téléphone mobile").fill("06 39 98 00 09")
    page.get_by_label("Courriel personnel", exact=True).fill(email)
    page.get_by_label("Confirmez votre courriel personnel").fill(email)
    fill_passwords(page, PASSWORD)


def fill_passwords(page: Page, password: str) -> None:
    page.get_by_label("Mot de passe", exact=True).fill(password)
    page.get_by_label("Confirmez votre mot de passe").fill(password)


def captcha_key(page: Page) -> str:
    return page.locator("[data-portal-captcha-key]").get_attribute("value")


def choose_picture(page: Page) -> None:
    index, _ = right_answer(captcha_key(page))
    page.get_by_role("radio", name=f"Image {int(index) + 1}", exact=True).check()


def type_digits(page: Page) -> None:
    _, digits = right_answer(captcha_key(page))
    page.get_by_text("Version sonore", exact=True).click()
    page.get_by_label("Chiffres entendus").fill(digits)


def accept_terms(page: Page) -> None:
    page.get_by_role("checkbox", name=re.compile("J’ai lu et j’accepte")).check()


def sign_in(page: Page, url: str, person) -> None:
    page.goto(f"{url}/connexion/")
    page.get_by_label("Numéro de sécurité sociale").fill(person.entry.nir.value)
    page.get_by_label("Mot de passe", exact=True).fill(person.password)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()


def sign_in_staff(page: Page, url: str, person) -> None:
    """Open the administration as a member of the staff."""
    page.goto(f"{url}/admin/")
    page.get_by_label("Identifiant").fill(person.email)
    page.get_by_label("Mot de passe").fill(person.password)
    page.get_by_role("button", name="Connexion").click()


def open_dif(page: Page, url: str) -> None:
    """Go to the DIF of the person who is signed in."""
    page.goto(f"{url}/mes-droits/")
    page.get_by_role("link", name="Saisir mon DIF").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saisir mon DIF")


def send_dif(page: Page, hours: str, content: bytes, name: str = "bulletin.jpg") -> None:
    page.get_by_label("Nombre d’heures de DIF").fill(hours)
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Enregistrer").click()


def link_in(mail) -> str:
    """Return the path of the only link of a mail."""
    links = re.findall(r"https?://[^/\s]+(/\S+)", mail.body)
    assert len(links) == 1
    return links[0]
