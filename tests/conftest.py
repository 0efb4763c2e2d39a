"""People, client and ledger for every test.

camille has rights, dominique has none, alix has a DIF share, sasha is of the support staff: the same
people as in the demonstration data (cpf_portal.demo.people, where their passwords stand).
"""

import os
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from accounts import admin_opening, reply_texts
from accounts import triggers as audit_triggers
from accounts.models import ReplyTemplate, User
from accounts.roles import Role, assign
from catalogue.places import forget_positions, loading
from catalogue.search import indexing, snapshot
from cpf_portal.demo import people
from rights import parameters, triggers
from rights.models import Parameter
from tests.html import GuardedClient

# Playwright's synchronous interface holds an event loop that Django would take for an async view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

UNBLOCK = pytest.StashKey()  # set while the ledger of a test is open


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path):
    """Mails, index and locks of a test are its own."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def _fresh_positions(monkeypatch):
    """Two tests with a stopped clock must not take their communes for the same ones."""
    monkeypatch.setattr(loading, "LOOK_EVERY_SECONDS", 0)
    forget_positions()


@pytest.fixture(autouse=True)
def _flushable_ledger(request):
    """Let the flush after a transactional test empty the ledger, whose rows nobody else can delete."""
    names = {"transactional_db", "live_server"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if not names and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    triggers.drop(connection)
    audit_triggers.drop(connection)
    request.node.stash[UNBLOCK] = request.getfixturevalue("django_db_blocker").unblock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Close the ledger again once the flush is over, for whatever test comes next."""
    try:
        return (yield)
    finally:  # also when a fixture of the test could not be taken down
        if nextitem and (unblock := item.stash.get(UNBLOCK, None)):
            with unblock():
                triggers.create(connection)
                audit_triggers.create(connection)
                load_again()


def load_again():
    """Write what the migrations had written and the flush took."""
    parameters.load(Parameter)
    reply_texts.load(ReplyTemplate)
    import_module("catalogue.migrations.0002_load_synonyms").load(apps, connection.schema_editor())


@pytest.fixture
def client():
    return GuardedClient()


@pytest.fixture
def camille(db):
    """A citizen whose rights are 1105,00 €."""
    return people.create(people.CAMILLE)


@pytest.fixture
def dominique(db):
    """A citizen without any right."""
    return people.create(people.DOMINIQUE)


@pytest.fixture
def alix(db):
    """A citizen who has rights and a DIF share."""
    return people.create(people.ALIX)


@pytest.fixture
def sasha(db):
    """A member of the staff with all the roles, for what a page does.

    Nobody has them outside the tests: `colleague` is for who may reach it.
    """
    user = people.create(people.SASHA)
    assign(user, Role)
    return user


@pytest.fixture
def colleague(db):
    """`colleague(Role.ADVICE)`: the member of the demonstration's staff who has that role alone."""

    def of(role: Role) -> User:
        return people.create(next(person for person in people.STAFF if person.role == role))

    return of


@pytest.fixture
def open_files(monkeypatch):
    """The reason was given for every file, in tests of what its pages do."""
    monkeypatch.setattr(admin_opening, "_is_open", lambda request, titulaire: True)


@pytest.fixture
def communes(db):
    """All the communes of France."""
    call_command("load_communes", verbosity=0)


@pytest.fixture
def index(db, monkeypatch):
    """Build the index of this test from its database: `index()`, once the offers are there.

    The folder is the test's own (VAR_DIR). A newer state is looked for at each search.
    """
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    return indexing.rebuild
