"""Killed with -9 at random moments and run again, the yearly run gives what an uninterrupted one gives.

CI kills PORTAL_KILLS times (6 without it), `make test-long` 30 times, on both databases.
"""

import hashlib
import os
import random
from pathlib import Path

import pytest
from django.db import connection

from rights import triggers
from rights.audit import find_faults
from rights.models import RightsAccount, YearlyRun
from tests.factories import TitulaireFactory, make_nir
from tests.processes import database_url
from tests.rights.ledger import give
from tests.rights.yearly.killing import run_and_kill, run_to_the_end, start, write_feed

KILLS = int(os.environ.get("PORTAL_KILLS", "6"))
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.concurrency,
    pytest.mark.timeout(30 * KILLS),
]
PEOPLE = 400

# What counts, without the keys and moments that the database gives.
CANONICAL = (
    """SELECT t.nir_index, m.kind, m.pocket, m.amount_cents, m.effective_on, m.year, m.source,
        m.legal_basis, m.details FROM rights_movement m
        JOIN rights_rightsaccount r ON r.id = m.account_id
        JOIN accounts_titulaire t ON t.id = r.titulaire_id ORDER BY 1, 6, 4""",
    """SELECT t.nir_index, h.kind, h.hours, h.year FROM rights_hoursmovement h
        JOIN rights_rightsaccount r ON r.id = h.account_id
        JOIN accounts_titulaire t ON t.id = r.titulaire_id ORDER BY 1, 4""",
    """SELECT t.nir_index, r.cpf_cents, r.dif_cents, r.public_hours FROM rights_rightsaccount r
        JOIN accounts_titulaire t ON t.id = r.titulaire_id ORDER BY 1""",
    """SELECT year, state, lines_read, lines_kept, duplicate_lines, bad_lines, people, credited,
        credited_cents, hours_credited, already_credited, at_cap FROM rights_yearlyrun ORDER BY id""",
    "SELECT COUNT(*) FROM rights_activity",
)


def canonical_hash() -> str:
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for statement in CANONICAL:
            cursor.execute(statement)
            for row in cursor.fetchall():
                digest.update(repr(tuple(map(str, row))).encode())
    return digest.hexdigest()


@pytest.fixture
def feed(tmp_path) -> Path:
    """People with and without rights, some near the cap, and their year."""
    people = [
        TitulaireFactory(nir=make_nir(n, start=f"1{n // 999 + 60}0199998")) for n in range(PEOPLE)
    ]
    for person in people[::5]:
        give(person, 4_800_00, year=2019)
    path = tmp_path / "dsn.csv"
    write_feed(path, [person.nir.value for person in people])
    return path


def forget_the_run() -> None:
    """Put the ledger back as it was before the run."""
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM rights_movement WHERE year = 2021")
        cursor.execute("DELETE FROM rights_hoursmovement")
        cursor.execute("DELETE FROM rights_activity")
        cursor.execute("DELETE FROM rights_yearlyrun")
        cursor.execute(
            """UPDATE rights_rightsaccount SET public_hours = 0, cpf_cents = (
                SELECT COALESCE(SUM(amount_cents), 0) FROM rights_movement
                WHERE account_id = rights_rightsaccount.id)"""
        )
    triggers.create(connection)


def test_killed_runs_end_as_an_uninterrupted_one(feed):
    length = run_to_the_end(database_url(), feed)
    expected, amount = canonical_hash(), YearlyRun.objects.get().credited_cents
    forget_the_run()
    chance = random.Random(os.environ.get("PORTAL_SEED", "6323"))

    tries = killed = 0
    while killed < KILLS and tries < 4 * KILLS:
        tries += 1
        if run_and_kill(database_url(), feed, chance, length):
            killed += 1
        else:  # it was near its end already, and reached it
            assert canonical_hash() == expected
            forget_the_run()
    run_to_the_end(database_url(), feed)

    assert killed == KILLS
    assert amount > 0
    assert canonical_hash() == expected
    assert list(find_faults()) == []
    assert RightsAccount.objects.count() == PEOPLE


def test_two_runs_at_once_share_the_work(feed):
    run_to_the_end(database_url(), feed)
    expected = canonical_hash()
    forget_the_run()

    processes = [start(database_url(), feed) for _ in range(2)]
    for process in processes:
        process.communicate(timeout=120)

    assert [process.returncode for process in processes] == [0, 0]
    assert canonical_hash() == expected
    assert YearlyRun.objects.count() == 1
