import pytest
from django.db import IntegrityError, connection, transaction

from rights import triggers
from rights.models import Movement
from tests.factories import TitulaireFactory
from tests.rights.ledger import give

pytestmark = pytest.mark.django_db


def execute(statement: str, *parameters) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_triggers_stand_after_the_migrations():
    assert triggers.missing(connection) == []


def test_database_refuses_to_change_a_movement():
    movement = give(TitulaireFactory())

    with pytest.raises(IntegrityError, match="append-only"):
        execute("UPDATE rights_movement SET amount_cents = 1 WHERE id = %s", movement.pk)

    assert Movement.objects.get().amount_cents == 500_00


def test_database_refuses_to_remove_a_movement():
    movement = give(TitulaireFactory())

    with pytest.raises(IntegrityError, match="append-only"):
        execute("DELETE FROM rights_movement WHERE id = %s", movement.pk)

    assert Movement.objects.count() == 1


def test_database_refuses_to_replace_a_movement():
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's own")
    give(TitulaireFactory())

    with pytest.raises(IntegrityError, match="append-only"):
        execute("INSERT OR REPLACE INTO rights_movement SELECT * FROM rights_movement")

    assert Movement.objects.count() == 1


def test_triggers_can_be_dropped_and_created_any_number_of_times():
    movement = give(TitulaireFactory())

    triggers.drop(connection)
    triggers.drop(connection)
    assert triggers.missing(connection) == list(triggers.NAMES)
    execute("UPDATE rights_movement SET amount_cents = 1 WHERE id = %s", movement.pk)
    triggers.create(connection)
    triggers.create(connection)

    assert triggers.missing(connection) == []
    assert Movement.objects.get().amount_cents == 1
    with pytest.raises(IntegrityError, match="append-only"):
        execute("DELETE FROM rights_movement")
