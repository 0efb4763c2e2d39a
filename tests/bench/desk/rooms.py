"""The lists and the rooms of the administration: queues, dates, providers, imports, index, exports."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from cpf_portal.desk.queues import QUEUES
from tests.bench.desk.cases import Cases
from tests.bench.desk.walk import Agent

EXPORTS = ("catalogue/offer", "rights/movement", "rights/dossier", "accounts/titulaire")
REASON = "signalement n° 214, démarchage au nom du portail"


def queues(agent: Agent, other: Agent, cases: Cases) -> None:
    """Open each pile of work from the home of the desk."""
    for queue in QUEUES:
        agent.doing = f"file : {queue.name}"
        agent.go("/admin/")
        agent.follow(queue.title)


def dossiers_by_date(agent: Agent, other: Agent, cases: Cases) -> None:
    """Narrow the dossiers by the menu of the dates, down to today, then come back."""
    today = timezone.localdate()
    agent.go(reverse("admin:rights_dossier_changelist"))
    month = capfirst(date_format(today, "YEAR_MONTH_FORMAT"))
    for chosen in (str(today.year), month, str(today.day), month, str(today.year)):
        agent.click(agent.page.locator(".toplinks a", has_text=chosen).first)


def provider_suspended(agent: Agent, other: Agent, cases: Cases) -> None:
    provider = cases.provider()
    agent.go(reverse("admin:catalogue_provider_changelist"))
    agent.page.locator("#searchbar").fill(provider.siret)
    agent.press("Chercher")
    agent.follow(provider.name)
    for link, button, said in (
        ("Suspendre cet organisme", "Suspendre l’organisme", "Organisme suspendu."),
        ("Rétablir cet organisme", "Rétablir l’organisme", "Organisme rétabli."),
    ):
        agent.follow(link)
        agent.page.locator("#id_reason").fill(REASON)
        agent.press(button)
        agent.sees(said)


def imports(agent: Agent, other: Agent, cases: Cases) -> None:
    for name in ("catalogue_importreport", "rights_registerimport"):
        agent.go(reverse(f"admin:{name}_changelist"))
        agent.click(agent.page.locator("#result_list tbody th a").first)


def index(agent: Agent, other: Agent, cases: Cases) -> None:
    agent.go(reverse("admin:catalogue_indexrebuild_changelist"))
    if agent.has("button", "Reconstruire l’index"):
        agent.press("Reconstruire l’index")


def exports(agent: Agent, other: Agent, cases: Cases) -> None:
    """Take each list away, from its link; the whole of it, but for the day of the yearly credit."""
    for name in EXPORTS:
        agent.doing = f"exporter {name}"
        agent.go(f"/admin/{name}/")
        agent.follow("Exporter cette liste")
        if name == "rights/movement":
            agent.page.locator("#id_since").fill("15/04/2020")
            agent.page.locator("#id_until").fill("15/04/2020")
        if agent.page.locator("#id_reason").count():
            agent.page.locator("#id_reason").fill("enquête demandée par la direction")
        agent.take(agent.page.get_by_role("button", name="Télécharger le fichier"))


def every_list(agent: Agent, other: Agent, cases: Cases) -> None:
    """Each list that the home leads to: whole, at its last page, by words, by a year."""
    agent.doing = "toutes les rubriques"
    agent.go("/admin/")
    links = agent.page.locator(".desk-rooms th a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for address in links:
        agent.doing = "liste"
        agent.go(address)
        if (pages := agent.page.locator(".paginator a")).count():
            agent.doing = "liste, dernière page"
            agent.click(pages.last)
        if agent.page.locator("#searchbar").count():
            agent.doing = "liste, des mots"
            agent.page.locator("#searchbar").fill("personne")
            agent.press("Chercher")
        agent.go(address)
        years = agent.page.locator(".toplinks a", has_text=str(timezone.localdate().year))
        if years.count():
            agent.doing = "liste, une année"
            agent.click(years.first)


ROOMS = {
    "files": queues,
    "dossiers par date": dossiers_by_date,
    "organisme suspendu, rétabli": provider_suspended,
    "imports": imports,
    "index": index,
    "exports": exports,
    "listes": every_list,
}
