import pytest

from catalogue.search import indexing, snapshot


@pytest.fixture
def index(db, monkeypatch):
    """Build the index of this test from its database: `index()`, once the offers are there.

    The folder is the test's own (VAR_DIR). A newer state is looked for at each search.
    """
    monkeypatch.setattr(snapshot, "LOOK_EVERY_SECONDS", 0)
    return indexing.rebuild
