from pathlib import Path

import pytest

from catalogue.imports import import_path
from catalogue.models import ImportReport
from tests.factories import CommuneFactory

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def towns(db):
    """The communes that the samples and the files made by the tests name."""
    return [
        CommuneFactory(
            code="31555", name="Toulouse", postcodes=" 31000 31100 ", department="31", region="76",
            latitude=43.60426, longitude=1.44367,
        ),
        CommuneFactory(
            code="2A004", name="Ajaccio", postcodes=" 20000 20090 ", department="2A", region="94",
            latitude=41.91886, longitude=8.73812,
        ),
        CommuneFactory(),
    ]  # fmt: skip


@pytest.fixture
def take(db, tmp_path):
    """Import a file of the samples, or these bytes, and return the kept report."""

    def take(content, *, name="catalogue", **asked):
        path = DATA / content if isinstance(content, str) else tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        report = ImportReport(file_name=path.name, **asked)
        import_path(path, report)
        return ImportReport.objects.get(pk=report.pk)

    return take


@pytest.fixture
def reasons():
    """Return the lines of a report as (line, number, level, code, reason)."""

    def reasons(report):
        return list(report.lines.values_list("line", "number", "level", "code", "reason"))

    return reasons
