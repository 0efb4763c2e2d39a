"""Each page for each role, with its errors and its empty states: names of pictures, and the way there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from cpf_portal.demo import people
from tests.e2e import steps
from tests.e2e.test_pages import PERSONAL, PUBLIC
from tests.gallery.data import BARE_OFFER, FULL_OFFER, LONG
from tests.rights import images

Shot = Callable[[str, str], None]  # role, name of the state that the page now shows

RESULTS = [
    "/formations/?quoi=anglais&format=distance",
    "/formations/?quoi=anglais&format=centre&ou=Lyon",
    "/formations/?quoi=anglais&page=2",
    "/formations/?quoi=accompagnement+long&format=centre",
    "/formations/?quoi=zzzzqqq",
    "/formations/?ou=Saint-Denis&format=centre",
    f"/formations/{FULL_OFFER}/",
    f"/formations/{BARE_OFFER}/",
]
TOPICS = [
    f"/comprendre/{slug}/"
    for slug in (
        "votre-compte", "que-financer", "votre-situation", "completer-vos-droits", "bien-choisir",
        "etapes-inscription", "demarchage-et-arnaques",
    )
]  # fmt: skip
MAIN = ["/", "/mes-droits/", "/mes-dossiers/", "/mon-compte/", "/formations/?quoi=anglais"]
STAFF = [
    "/", "/mes-droits/", "/admin/", "/admin/accounts/titulaire/", "/admin/accounts/supportrequest/",
    "/admin/rights/movement/", "/admin/catalogue/offer/",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tour:
    page: Page
    url: str
    shot: Shot

    def run(self) -> None:
        self.anonymous()
        self.signed_in("camille", people.CAMILLE, PERSONAL)
        self.camille_forms()
        self.signed_in("dominique", people.DOMINIQUE, MAIN)
        self.dominique_dif()
        self.signed_in("alix", people.ALIX, [*MAIN, "/mes-droits/?annee=2022#historique"])
        self.signed_in("long", LONG, MAIN)
        self.staff()

    def go(self, role: str, paths: list[str]) -> None:
        for path in paths:
            self.page.goto(self.url + path)
            self.shot(role, path)

    def press(self, role: str, path: str, button: str, state: str) -> None:
        """Open `path`, press `button` with nothing filled in, and take what is shown."""
        self.page.goto(self.url + path)
        self.page.get_by_role("main").get_by_role("button", name=button).click()
        self.shot(role, state)

    def anonymous(self) -> None:
        self.go("anonyme", [*PUBLIC, *RESULTS, *TOPICS])
        for path, button in self.empty_forms():
            self.press("anonyme", path, button, f"{path} en erreur")
        self.page.goto(f"{self.url}/")
        if (menu := self.page.locator(".fold summary")).is_visible():
            menu.click()
        self.shot("anonyme", "menu")

    @staticmethod
    def empty_forms() -> Iterator[tuple[str, str]]:
        yield "/inscription/", "Créer mon compte"
        yield "/connexion/", "Se connecter"
        yield "/mot-de-passe/oublie/", "Recevoir"
        yield "/assistance/demande/", "Envoyer la demande"
        yield "/assistance/suivi/", "Voir la demande"
        yield "/contact/", "Envoyer le message"

    def signed_in(self, role: str, person: people.Person, paths: list[str]) -> None:
        self.page.context.clear_cookies()
        steps.sign_in(self.page, self.url, person)
        self.go(role, paths)

    def camille_forms(self) -> None:
        self.page.goto(f"{self.url}/")
        self.page.locator(".account summary").click()
        self.shot("camille", "menu du compte")
        self.press(
            "camille",
            "/mes-droits/declarations/obligation-emploi/",
            "Déclarer",
            "déclaration en erreur",
        )

    def dominique_dif(self) -> None:
        self.page.goto(f"{self.url}/mes-droits/dif/")
        self.shot("dominique", "DIF")
        if self.page.locator("input[type=file]").count():
            steps.send_dif(self.page, "121", images.HTML)
            self.shot("dominique", "DIF en erreur")

    def staff(self) -> None:
        self.page.context.clear_cookies()
        steps.sign_in_staff(self.page, self.url, people.SASHA)
        self.go("agent", STAFF)
