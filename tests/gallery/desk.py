"""The pictures of docs/support.md: python -m tests.gallery.desk, which `make screens` runs at its end.

They are committed, since a guide without its pictures is not one: few, of one width, in the light, with
a palette of 64 colours, so that all of them weigh less than a photograph.
"""

import os
import subprocess
import sys
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Page

from tests.gallery.__main__ import browsing, environment, serving
from tests.net import free_port

FOLDER = Path("docs/support")
SIZE = {"width": 1100, "height": 800}
COLOURS = 64


def main() -> None:
    port = free_port()
    os.environ |= environment(port)
    subprocess.run([sys.executable, "manage.py", "prepare"], stdout=subprocess.DEVNULL, check=True)
    django.setup()
    FOLDER.mkdir(exist_ok=True)
    with serving(port), browsing() as page:
        page.set_viewport_size(SIZE)
        take(page, f"http://127.0.0.1:{port}")


def take(page: Page, url: str) -> None:
    from accounts.models import SupportRequest, User  # noqa: PLC0415 needs django.setup()
    from accounts.models.support import SupportKind  # noqa: PLC0415 as above
    from accounts.roles import Role  # noqa: PLC0415 as above
    from catalogue.models import Provider  # noqa: PLC0415 as above
    from cpf_portal.demo import people  # noqa: PLC0415 as above

    camille = User.objects.get(email=people.CAMILLE.email).titulaire
    asked = SupportRequest.objects.filter(titulaire=camille, is_of_holder=True, answer="").first()
    asked = asked or SupportRequest.objects.create(
        kind=SupportKind.QUESTION,
        titulaire=camille,
        is_of_holder=True,
        contact_email=people.CAMILLE.email,
        message="Bonjour, je crois que mon montant est faux.",
    )
    enter(page, url, Role.ADVICE)
    shot(page, f"{url}/admin/", "bureau")
    open_file(page, f"{url}/admin/bureau/dossier/{camille.pk}/")
    shot(page, page.url, "dossier")
    page.goto(f"{url}/admin/accounts/supportrequest/{asked.pk}/reponse/")
    page.locator("#modele").select_option(label="Mon montant est faux")
    page.get_by_role("button", name="Utiliser").click()
    shot(page, page.url, "reponse")
    claim(page, url)
    enter(page, url, Role.CATALOGUE)
    provider = Provider.objects.filter(is_suspended=False).order_by("pk").first()
    shot(page, f"{url}/admin/catalogue/providersuspension/organisme/{provider.pk}/", "suspension")
    shot(page, f"{url}/admin/catalogue/indexrebuild/", "index")
    enter(page, url, Role.RIGHTS)
    page.goto(f"{url}/admin/exports/titulaires/")
    page.get_by_role("button", name="Télécharger le fichier").scroll_into_view_if_needed()
    shot(page, page.url, "export")


def claim(page: Page, url: str) -> None:
    """Somebody claims a number that another account holds: the second agent answers."""
    from accounts.models import SupportRequest, User  # noqa: PLC0415 needs django.setup()
    from accounts.models.support import SupportKind  # noqa: PLC0415 as above
    from cpf_portal.demo import people  # noqa: PLC0415 as above

    holder = User.objects.get(email=people.DOMINIQUE.email).titulaire
    asked, _ = SupportRequest.objects.get_or_create(
        kind=SupportKind.NIR_TAKEN,
        titulaire=holder,
        state="received",
        defaults={"birth_name": "Mélinand", "contact_email": "melinand@example.org"},
    )
    page.goto(f"{url}/admin/accounts/supportrequest/{asked.pk}/reponse/")
    if page.get_by_role("button", name="Ouvrir le dossier").count():
        page.get_by_role("button", name="Ouvrir le dossier").click()
    page.get_by_label("Retirer le compte à son détenteur actuel").check()
    page.locator("#id_corrected_name").fill("Mélinand")
    page.locator("#id_answer").fill("Le numéro est libre : vous pouvez vous inscrire.")
    page.locator("#id_answer").scroll_into_view_if_needed()
    shot(page, page.url, "retrait")


def enter(page: Page, url: str, role: str) -> None:
    """Sign in as the member of the demonstration's staff who has this role."""
    from django.conf import settings  # noqa: PLC0415 needs django.setup()
    from django.test import Client  # noqa: PLC0415 as above

    from cpf_portal.demo import people  # noqa: PLC0415 as above
    from tests.desk import sign_in  # noqa: PLC0415 as above

    client = Client()
    sign_in(client, people.create(next(one for one in people.STAFF if one.role == role)))
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def open_file(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[name=reason]").fill("appel du titulaire, qui ne reçoit pas son courriel")
    page.get_by_role("button", name="Ouvrir le dossier").or_(
        page.locator("input[type=submit][value='Ouvrir le dossier']")
    ).first.click()


def shot(page: Page, address: str, name: str) -> None:
    if page.url != address:
        page.goto(address)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
