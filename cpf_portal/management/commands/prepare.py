import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts import roles
from cpf_portal.demo import people
from cpf_portal.demo.numbers import spaced
from rights.dossiers.states import State
from rights.models import Dossier

WELCOME = """
Le portail est prêt : {site}/  (Ctrl-C l’arrête)

Tout est fictif. Pour vous connecter, {site}/connexion/ :
{titulaires}
Pour vous inscrire, {site}/inscription/ :
{newcomer}
Avec FranceConnect, que la démonstration joue, {site}/franceconnect/
Pour l’assistance, {site}/{admin} (le code du téléphone est sur {site}/demo/) :
{staff}
Pour le logiciel d’un organisme (docs/api-organismes.md), une clé :
  .venv/bin/python manage.py make_provider_key {siret}

Les courriels envoyés : {site}/demo/courriels/
Les autres personnes et des numéros fictifs : {site}/demo/
"""


class Command(BaseCommand):
    help = "Prépare un premier ou un nouveau démarrage de la démonstration."

    def handle(self, *args, **options):
        migrate(self.stdout)
        call_command("load_demo", stdout=self.stdout)
        collect_static(self.stdout)


def migrate(stdout) -> None:
    """Migrate only where there is something to do: the command alone costs half a second."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        stdout.write("Base de données…")
        call_command("migrate", verbosity=0, interactive=False)
    else:
        roles.sync()  # they may have changed without a migration


def collect_static(stdout) -> None:
    """Collect the static files only when one of them changed since the last time."""
    kept = settings.VAR_DIR / "static.sha256"
    signature = static_signature()
    is_collected = Path(settings.STATIC_ROOT).is_dir() and kept.exists()
    if is_collected and kept.read_text() == signature:
        return
    stdout.write("Fichiers statiques…")
    call_command("collectstatic", verbosity=0, interactive=False)
    kept.write_text(signature)


def static_signature() -> str:
    """Return a hash of the names, dates and sizes of all static files, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_mtime_ns}\0{stat.st_size}\0".encode())
    return digest.hexdigest()


def welcome(host: str, port: int) -> str:
    """Return what cpf_portal.serving says once the portal answers at this address."""
    site = f"http://{'127.0.0.1' if host in {'', '0.0.0.0'} else host}:{port}"  # noqa: S104 only compared
    return WELCOME.format(
        site=site,
        admin=settings.ADMIN_PATH,
        titulaires="".join(f"{titulaire(person)}\n" for person in people.TITULAIRES),
        newcomer=newcomer(),
        staff="".join(
            f"  {person.role}\u00a0: {person.email}, mot de passe {person.password}\n"
            for person in people.STAFF
        ),
        siret=provider_with_a_dossier(),
    )


def provider_with_a_dossier() -> str:
    """Return the SIRET of a provider to which something was asked, to try its API."""
    asked = Dossier.objects.exclude(state=State.DRAFT).order_by("pk")
    return asked.values_list("provider__siret", flat=True).first() or "SIRET"


def titulaire(person: people.Person) -> str:
    nir = person.entry.nir
    return (
        f"  {person.label} ({person.entry.birth_name}), {person.description}\n"
        f"    numéro {spaced(nir)}  clé {nir.key}  mot de passe {person.password}"
    )


def newcomer() -> str:
    free = people.free_register_entries()
    if not free:
        return "  tous les noms prévus ont un compte, la page /demo/ tire d’autres numéros\n"
    nir = free[0].nir
    return f"  nom de naissance {free[0].birth_name}  numéro {spaced(nir)}  clé {nir.key}\n"
