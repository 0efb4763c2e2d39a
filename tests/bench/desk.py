"""The desk on a full portal: queries and milliseconds of each page (make bench-desk).

Writes BASE people with all that they may have, then copies them by SQL until there are PEOPLE of them,
each with ten movements. Asks every page of the desk and every list of the administration, as a member of
the staff who has all the roles. Durations leave out what a busy machine makes wait.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator

import django

BASE = 1000
MOST_QUERIES, MOST_MS = 12, 300
ROUNDS = 3


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="portal-desk-") as folder:
        if not os.environ.get("TEST_DATABASE_URL"):
            os.environ["TEST_DATABASE_URL"] = f"sqlite:///{folder}/desk.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        django.setup()
        from django.conf import settings  # noqa: PLC0415 needs the settings
        from django.core.management import call_command  # noqa: PLC0415 as above

        settings.VAR_DIR = folder
        settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
        call_command("migrate", verbosity=0)
        sys.exit(measure(people))


def measure(people: int) -> int:
    """Fill, ask every page, print a line for each; return 1 when one is above what is allowed."""
    from django.db import connection  # noqa: PLC0415

    from accounts.models import Titulaire, User  # noqa: PLC0415
    from accounts.roles import Role  # noqa: PLC0415
    from rights.models import Movement  # noqa: PLC0415
    from tests import desk_rows  # noqa: PLC0415
    from tests.factories import StaffFactory  # noqa: PLC0415

    agent = User.objects.filter(is_staff=True).first() or StaffFactory(roles=list(Role))
    if Titulaire.objects.count() < people:  # a database that is kept serves again
        desk_rows.fill(1, min(BASE, people), agent=agent)
        copy(people // BASE - 1)
    tell(f"{connection.vendor}, {people} titulaires, {Movement.objects.count()} mouvements")
    late = [name for name, ask in pages(agent) if is_late(name, ask)]
    tell(f"au-dessus de {MOST_QUERIES} requêtes ou {MOST_MS} ms : {', '.join(late) or 'aucune'}")
    return 1 if late else 0


def is_late(name: str, ask: Callable) -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        status = ask().status_code
    # before the next request forgets them; a BEGIN reads nothing
    queries = [query for query in captured.captured_queries if not is_bound(query["sql"])]
    spent = min(timed(ask) for _ in range(ROUNDS)) * 1000
    is_above = len(queries) > MOST_QUERIES or spent > MOST_MS or status >= 400
    tell(f"{name:58} {status} {len(queries):4} requêtes {spent:7.0f} ms{' !' if is_above else ''}")
    if is_above and os.environ.get("SHOW"):
        tell("\n".join(f"  {query['time']} {query['sql'][:300]}" for query in queries))
    return is_above


def is_bound(statement: str) -> bool:
    return statement.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))


def timed(ask: Callable) -> float:
    from django.db import connection  # noqa: PLC0415

    from tests.clock import own_time  # noqa: PLC0415

    # what a busy machine makes the server wait is left out too
    server = [connection.connection.info.backend_pid] if connection.vendor == "postgresql" else []
    started = own_time(*server)
    ask()
    return own_time(*server) - started


def pages(agent) -> Iterator[tuple[str, Callable]]:
    """Yield the name of each page and what asks for it."""
    from django.contrib import admin  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from accounts.models import Titulaire  # noqa: PLC0415
    from tests.desk import open_file, sign_in  # noqa: PLC0415

    client = Client()
    sign_in(client, agent)
    person = Titulaire.objects.select_related("user").order_by("pk")[BASE // 2]
    open_file(client, person.user)
    yield "accueil du bureau", lambda: client.get(reverse("admin:index"))
    search = reverse("admin:desk_search")
    for name, term in searches(person):
        yield f"recherche par {name}", lambda term=term: client.post(search, {"term": term})
        address = client.post(search, {"term": term}).headers["Location"]
        yield "  ce qu’elle trouve", lambda address=address: client.get(address)
    yield "dossier d’un titulaire", lambda: client.get(reverse("admin:desk_file", args=[person.pk]))
    yield (
        "écrire à un titulaire",
        lambda: client.get(reverse("admin:desk_reply", args=[person.pk])),
    )
    yield "retraits de numéro", lambda: client.get(reverse("admin:desk_releases"))
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for query in queries_of(admin.site.get_model_admin(model)):
            yield (
                address.removeprefix("/admin/") + query,
                lambda url=address + query: client.get(url),
            )


def searches(person) -> list[tuple[str, str]]:
    return [
        ("numéro", person.nir.value),
        ("courriel", person.user.email),
        ("téléphone", person.user.phone_mobile),
        ("nom", person.birth_name),
        ("nom fréquent", "Dupont"),
        ("nom inconnu", "Zzyzx"),
    ]


def queries_of(owner) -> Iterator[str]:
    """Yield what is asked of a list: the whole, words, a year, and its last page."""
    yield ""
    yield "?p=50"
    if owner.search_fields:
        yield "?q=personne"
        yield "?q=zzzz"
    if owner.date_hierarchy:
        yield f"?{owner.date_hierarchy}__year=2020"


# --- Filling ---------------------------------------------------------------------------------


def copy(times: int) -> None:
    """Copy the rows of the people `times` times, by one INSERT … SELECT a table."""
    from django.core.management.color import no_style  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    models = copied()
    steps = {
        model: model.objects.order_by("-pk").values_list("pk", flat=True)[0] for model in models
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(statement(model, steps, times))
    with connection.cursor() as cursor:
        for reset in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(reset)
        cursor.execute("ANALYZE")


def copied() -> list:
    """The tables that grow with the people; a table comes after those that it names."""
    from accounts import models as accounts  # noqa: PLC0415
    from rights import models as rights  # noqa: PLC0415

    return [
        accounts.Titulaire, accounts.User, accounts.AccountEvent, accounts.OutgoingMail,
        accounts.AccountSession, accounts.SupportRequest, accounts.SupportNote,
        rights.RightsAccount, rights.Reservation, rights.Movement, rights.HoursMovement,
        rights.Attestation, rights.Abondement, rights.DifDeclaration, rights.Declaration,
        rights.Dossier,
    ]  # fmt: skip


def statement(model, steps: dict, times: int) -> str:
    """Return the statement that copies a table: keys move by the number of its rows, texts that must be
    unique get the number of the copy."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        columns.append(field.column)
        values.append(value_of(field, model, steps))
    table = model._meta.db_table
    return (
        f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times}) "  # noqa: S608
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
        f"FROM {table} t CROSS JOIN k WHERE t.{model._meta.pk.column} <= {steps[model]}"
    )


def value_of(field, model, steps: dict) -> str:
    column = f"t.{field.column}"
    if field.primary_key:
        return f"{column} + k.n * {steps[model]}"
    if field.remote_field and field.remote_field.model in steps:
        step = steps[field.remote_field.model]
        # who of the staff did it stays
        return column if field.name in STAFF else f"{column} + k.n * {step}"
    if field.unique and field.max_length:
        return f"substr({column}, 1, {field.max_length - 3}) || '~' || k.n"
    return column


STAFF = {"author", "decided_by", "proposed_by", "revoked_by"}


def tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
