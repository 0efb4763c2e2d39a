"""The audit trail: what a line says, what it never says, and that nobody changes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit, triggers
from accounts.append_only import Immutable
from accounts.audit import record
from accounts.models import AuditEvent, AuditKind, AuditMark
from tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def execute(statement: str, *parameters) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def write(count: int = 1) -> list[AuditEvent]:
    actor = StaffFactory()
    return [record(kind=AuditKind.SEARCHED, actor=actor, hits=number) for number in range(count)]


def test_line_tells_who_did_what_to_whom():
    actor, person = StaffFactory(), UserFactory()

    record(
        kind=AuditKind.FILE_OPENED, actor=actor, person=person, reason="Appel de Zoé", minutes=30
    )

    event = AuditEvent.objects.get()
    assert (event.actor_pk, event.person_pk) == (actor.pk, person.pk)
    assert event.titulaire_pk == person.titulaire.pk
    assert event.facts == {"minutes": 30}
    assert len(event.reason_digest) == 64
    assert "Zoé" not in str(AuditEvent.objects.values())


def test_lines_follow_each_other_without_a_hole():
    first = write()[0]
    with transaction.atomic():
        write()
        transaction.set_rollback(True)  # what it tells did not happen
    second = write()[0]

    assert (first.position, second.position) == (1, 2)
    assert second.mac == second.mac_after(first.mac)
    head = AuditMark.objects.get(name=AuditMark.HEAD)
    assert (head.position, head.mac, head.is_genuine) == (2, second.mac, True)


def test_line_read_again_bears_the_same_seal():
    person = UserFactory()
    record(kind=AuditKind.EXPORTED, actor=None, person=person, target=person, columns=("b", "a"))

    event = AuditEvent.objects.get()

    assert event.mac == event.mac_after("0" * 64)


@pytest.mark.parametrize(
    "value",
    ["Zoé Martin", "zoe@example.org", "2550814168025", 2550814168025, 1.5, "a\nb", ["ok", "M. X"]],
)
def test_line_refuses_what_could_name_a_person(value):
    with pytest.raises(ValueError, match="neither a number nor a code") as refusal:
        record(kind=AuditKind.SEARCHED, actor=None, found=value)

    assert str(value) not in str(refusal.value)
    assert not AuditEvent.objects.exists()


def test_python_refuses_to_change_or_remove_a_line():
    event = write()[0]

    for change in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(Immutable):
            change()


def test_database_refuses_to_change_or_remove_a_line():
    write(2)
    assert triggers.missing(connection) == []

    for statement in (
        "UPDATE accounts_auditevent SET actor_pk = NULL",
        "DELETE FROM accounts_auditevent",
    ):
        with pytest.raises(IntegrityError, match="append-only"):
            execute(statement)

    assert AuditEvent.objects.count() == 2


def test_nothing_is_written_after_a_head_that_somebody_moved():
    write(2)
    AuditMark.objects.update(position=1)

    with pytest.raises(audit.BrokenTrail):
        write()
