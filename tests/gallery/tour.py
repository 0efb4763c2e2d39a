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
    "/formations/?quoi=anglais&format=distance&prix=1500&entrees=permanentes",
    f"/formations/comparer/?comparer={FULL_OFFER}&comparer={BARE_OFFER}",
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
DOSSIERS = [f"dossier {rank}" for rank in (1, 2, 3)]
PHONE = {"width": 360, "height": 800}
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
        self.dossiers("alix", len(DOSSIERS))
        self.enrolment("alix")
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
        self.unfolded("/", "menu")
        self.unfolded("/formations/?quoi=anglais", "filtres")

    def unfolded(self, path: str, state: str) -> None:
        """Take `path` with what a telephone folds away opened: the menu and the filters."""
        self.page.set_viewport_size(PHONE)
        self.page.goto(self.url + path)
        for summary in self.page.locator(".fold summary").all():
            summary.click()
        self.shot("anonyme", state)

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

    def dossiers(self, role: str, most: int) -> None:
        """Each of the first dossiers, with the page of each of its steps."""
        self.page.goto(f"{self.url}/mes-dossiers/")
        for name, dossier in zip(DOSSIERS, self.hrefs("td:first-child a")[:most], strict=False):
            self.page.goto(self.url + dossier)
            self.shot(role, name)
            for rank, step in enumerate(self.hrefs("main .actions a[href^='/mes-dossiers/']")):
                self.page.goto(self.url + step)
                self.shot(role, f"{name}, étape {rank + 1}")

    def hrefs(self, selector: str) -> list[str]:
        return [link.get_attribute("href") or "" for link in self.page.locator(selector).all()]

    def enrolment(self, role: str) -> None:
        self.page.goto(f"{self.url}/formations/{FULL_OFFER}/")
        for href in self.hrefs("main a[href^='/mes-dossiers/nouveau/']")[:1]:
            self.page.goto(self.url + href)
            self.shot(role, "inscription à une session")

    def staff(self) -> None:
        self.page.context.clear_cookies()
        steps.sign_in_staff(self.page, self.url, people.SASHA)
        self.go("agent", STAFF)
