import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalogue.models import Commune
from catalogue.search import indexing
from cpf_portal.demo import catalogue, dossiers, people


class Command(BaseCommand):
    help = (
        "Charge la démonstration : communes, catalogue fictif, personnes fictives, index de recherche. "
        "Ce qui est déjà là est gardé ; les sessions passées sont remplacées par des sessions à venir."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--force", action="store_true", help="recharge tout, mots de passe compris"
        )
        parser.add_argument(
            "--without-people", action="store_true", help="le catalogue seul, sans aucun compte"
        )

    def handle(self, *args, force, without_people, **options):
        if not (without_people or settings.DEMONSTRATION):
            raise CommandError(
                "La production n’accepte aucune personne de démonstration : "
                "ajoutez --without-people pour charger le catalogue seul."
            )
        if force or not Commune.objects.exists():
            self._step("Communes", load_communes)
        if has_to_load := force or not catalogue.is_loaded() or self._is_outdated():
            self._step("Catalogue", load_catalogue)
        if not without_people and (force or not people.are_loaded()):
            self._step("Personnes", load_people)
        if not without_people and not dossiers.are_loaded():
            self._step("Dossiers", load_dossiers)
        if has_to_load:
            self._step("Index de recherche", rebuild_index)
        else:
            indexing.update()  # costs nothing where the index is up to date

    def _is_outdated(self) -> bool:
        return catalogue.is_outdated(timezone.localdate())

    def _step(self, label: str, load: Callable[[], str]) -> None:
        start = time.monotonic()
        result = load()
        seconds = f"{time.monotonic() - start:.1f}".replace(".", ",")
        self.stdout.write(f"{label} : {result} ({seconds} s)")
        self.stdout.flush()


def load_communes() -> str:
    call_command("load_communes", verbosity=0)
    return f"{Commune.objects.count()} lieux"


def load_catalogue() -> str:
    built = catalogue.build(timezone.localdate())
    catalogue.load(built)
    return f"{len(built.offers)} offres de {len(built.providers)} organismes"


def load_people() -> str:
    people.load()
    return f"{len(people.PEOPLE)} comptes, {len(people.REGISTER)} titulaires sans compte"


def load_dossiers() -> str:
    tasks = logging.getLogger("django_tasks")
    level = tasks.level
    tasks.setLevel(logging.WARNING)  # a line for each mail that does not leave would hide the rest
    try:
        return f"{dossiers.load(timezone.now())} dossiers de formation"
    finally:
        tasks.setLevel(level)


def rebuild_index() -> str:
    return f"{indexing.rebuild()} offres"
