"""Each way to tamper with the trail, by SQL, is found and the line named; untouched, nothing is."""

from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts import audit, audit_verifying, triggers
from accounts.audit import purge, record
from accounts.models import AuditEvent, AuditKind, AuditMark
from cpf_portal.startup import refuse_unsafe_database
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

T = "accounts_auditevent"
HEAD = "UPDATE accounts_auditmark SET"
WAYS = {
    "kind": ("UPDATE {T} SET kind = 'exported' WHERE position = 3", 3),
    "moment": ("UPDATE {T} SET happened_at = '2020-01-02 03:04:05.000000' WHERE position = 3", 3),
    "actor": ("UPDATE {T} SET actor_pk = actor_pk + 1 WHERE position = 3", 3),
    "nobody": ("UPDATE {T} SET actor_pk = NULL WHERE position = 3", 3),
    "person": ("UPDATE {T} SET person_pk = person_pk + 1 WHERE position = 3", 3),
    "titulaire": ("UPDATE {T} SET titulaire_pk = 0 WHERE position = 3", 3),
    "target": ("UPDATE {T} SET target_label = 'rights.dossier' WHERE position = 3", 3),
    "target pk": ("UPDATE {T} SET target_pk = '7' WHERE position = 3", 3),
    "reason": ("UPDATE {T} SET reason_digest = '' WHERE position = 3", 3),
    "facts": ("""UPDATE {T} SET facts = '{{"hits": 4}}' WHERE position = 3""", 3),
    "facts as text": ("""UPDATE {T} SET facts = '{{"hits": "3"}}' WHERE position = 3""", 3),
    "seal": ("UPDATE {T} SET mac = 'é' WHERE position = 3", 3),
    "first line": ("UPDATE {T} SET kind = 'exported' WHERE position = 1", 1),
    "last line": ("UPDATE {T} SET kind = 'exported' WHERE position = 5", 5),
    "middle removed": ("DELETE FROM {T} WHERE position IN (3, 4)", 3),
    "first removed": ("DELETE FROM {T} WHERE position = 1", 1),
    "last removed": ("DELETE FROM {T} WHERE position = 5", 5),
    "all removed": ("DELETE FROM {T}", 1),
    "closed up": (
        "DELETE FROM {T} WHERE position = 3; UPDATE {T} SET position = 3 WHERE position = 4;"
        "UPDATE {T} SET position = 4 WHERE position = 5",
        3,
    ),
    "cut, head put back": (
        "DELETE FROM {T} WHERE position = 5;"
        "{HEAD} position = 4, mac = (SELECT mac FROM {T} WHERE position = 4)",
        4,
    ),
    "head removed": ("DELETE FROM accounts_auditmark", 5),
    "head seal": ("{HEAD} seal = '0'", 5),
    "head of another line": ("{HEAD} mac = '0'", 5),
    "exchanged": (
        "UPDATE {T} SET position = 9 WHERE position = 2; UPDATE {T} SET position = 2 WHERE position = 3;"
        "UPDATE {T} SET position = 3 WHERE position = 9",
        2,
    ),
    "added at the end": ("{COPY} 6, {REST} WHERE position = 5", 6),
    "replaced": ("DELETE FROM {T} WHERE position = 3; {COPY} 3, {REST} WHERE position = 4", 3),
    "added before the first": ("{COPY} 0, {REST} WHERE position = 1", 0),
    "purged by hand": (
        "INSERT INTO accounts_auditmark (name, position, mac, seal) SELECT 'anchor', 2, mac, mac FROM {T}"
        " WHERE position = 2; DELETE FROM {T} WHERE position <= 2",
        2,
    ),
}  # fmt: skip
REST = (
    "happened_at, kind, actor_pk, person_pk, titulaire_pk, target_label, target_pk, reason_digest, "
    "facts, mac"
)
NAMES = {
    "T": T,
    "HEAD": HEAD,
    "REST": f"{REST} FROM {T}",
    "COPY": f"INSERT INTO {T} (position, {REST}) SELECT",
}


def write(count: int) -> None:
    actor, person = StaffFactory(), UserFactory()
    for number in range(1, count + 1):
        record(
            kind=AuditKind.SEARCHED, actor=actor, person=person, target=person, reason="Appel",
            hits=number,
        )  # fmt: skip


def tamper(statements: str) -> None:
    """Do it as the owner of the database may: without the triggers, which stand again afterwards."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {T} DROP CONSTRAINT auditevent_is_numbered_from_one")
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements.split(";"):
            cursor.execute(statement.format(**NAMES))
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    triggers.create(connection)


def verify(**options) -> str:
    """Return what audit_verify prints, or the first line that it names and exits with 1."""
    out, errors = StringIO(), StringIO()
    with suppress(CommandError):  # whose exit code is 1
        call_command("audit_verify", stdout=out, stderr=errors, **options)
    return out.getvalue() or errors.getvalue().partition("\u00a0:")[0]


@pytest.mark.parametrize("way", WAYS)
def test_tampering_is_found_and_the_line_named(way):
    statements, line = WAYS[way]
    write(5)
    assert verify() == "5 lignes\u00a0: tout concorde\n"

    tamper(statements)

    assert verify() == f"ligne n° {line}"


@pytest.mark.parametrize(
    "column", ["facts = 'illisible'", "happened_at = 'hier'", "happened_at = '2026-02-99'"]
)
def test_line_that_cannot_be_read_is_named(column):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses it")
    write(3)

    tamper(WAYS["kind"][0].replace("kind = 'exported'", column))

    assert verify() == "ligne n° 3"


def test_lines_are_verified_across_pages(monkeypatch):
    monkeypatch.setattr(audit_verifying, "PAGE", 2)
    write(5)
    assert verify() == "5 lignes\u00a0: tout concorde\n"

    tamper("UPDATE {T} SET kind = 'exported' WHERE position = 4")

    assert verify() == "ligne n° 4"


def test_missing_trigger_is_a_fault():
    write(1)
    triggers.drop(connection)

    assert verify() == "ligne n° 0"

    triggers.create(connection)


def test_exported_head_finds_what_was_cut_even_with_an_old_head_put_back(tmp_path):
    kept, path = AuditMark.objects.filter(name="head"), tmp_path / "tete.json"
    write(2)
    older = kept.values().get()
    write(3)
    assert "5 lignes" in verify(export_head=path)
    write(1)
    assert "6 lignes" in verify(head=path)

    tamper("DELETE FROM {T} WHERE position > 2")
    kept.update(**older)

    assert verify() == "2 lignes\u00a0: tout concorde\n"  # why the head is exported
    assert verify(head=path) == "ligne n° 3"


def test_exported_head_finds_a_trail_written_again(tmp_path):
    path = tmp_path / "tete.json"
    write(3)
    verify(export_head=path)
    tamper("DELETE FROM {T}; DELETE FROM accounts_auditmark")

    write(4)

    assert verify() == "4 lignes\u00a0: tout concorde\n"
    assert verify(head=path) == "ligne n° 3"


def test_head_is_not_exported_from_a_trail_that_was_changed(tmp_path):
    write(2)
    tamper("UPDATE {T} SET kind = 'exported' WHERE position = 1")

    verify(export_head=tmp_path / "tete.json")

    assert not list(tmp_path.iterdir())


def test_forged_head_is_refused(tmp_path):
    path = tmp_path / "tete.json"
    write(2)
    verify(export_head=path)
    path.write_text(path.read_text().replace('"position": 2', '"position": 1'))

    with pytest.raises(CommandError, match="exportée"):
        call_command("audit_verify", head=path)


def test_purged_trail_is_verified_from_its_anchor(tmp_path, time_machine):
    path = tmp_path / "tete.json"
    time_machine.move_to("2025-11-01T10:00:00Z", tick=False)
    write(3)
    verify(export_head=path)
    time_machine.shift(timedelta(days=300))
    write(2)

    assert purge(before=timezone.now() - timedelta(days=200), is_dry_run=True) == 3
    assert purge(before=timezone.now() - timedelta(days=200)) == 3
    assert purge(before=timezone.now() - timedelta(days=200)) == 0

    told = AuditEvent.objects.first()
    assert (told.kind, told.facts) == ("purge", {"last": 3, "lines": 3})
    assert list(AuditEvent.objects.values_list("position", flat=True)) == [6, 5, 4]
    assert verify(head=path) == "3 lignes\u00a0: tout concorde\n"
    tamper("DELETE FROM {T} WHERE position = 4")
    assert verify() == "ligne n° 4"


def test_all_the_lines_can_be_purged(time_machine):
    time_machine.move_to("2025-11-01T10:00:00Z", tick=False)
    write(3)
    time_machine.shift(timedelta(days=300))

    assert purge(before=timezone.now()) == 3

    assert verify() == "1 lignes\u00a0: tout concorde\n"


def test_line_that_was_changed_is_not_purged():
    write(3)
    tamper("UPDATE {T} SET kind = 'exported' WHERE position = 2")

    with pytest.raises(audit.BrokenTrail, match="line 2"), transaction.atomic():
        purge(before=timezone.now() + timedelta(days=1))

    assert AuditEvent.objects.count() == 3


def test_startup_with_another_audit_key_names_the_setting(settings):
    refuse_unsafe_database()
    write(1)
    refuse_unsafe_database()
    settings.AUDIT_KEY = "0123456789abcdef" * 4

    with pytest.raises(ImproperlyConfigured, match="AUDIT_KEY"):
        refuse_unsafe_database()
