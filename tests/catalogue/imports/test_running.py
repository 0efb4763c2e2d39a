"""An import whose process died is not « en cours » for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from catalogue.imports import close_interrupted
from catalogue.imports.running import INTERRUPTED, _path, running
from catalogue.models import ImportPart, ImportReport, ImportState
from tests.catalogue.imports.files import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return ImportReport.objects.create(file_name="a.xml", state=ImportState.RUNNING)


def killed(report):
    """Leave what a killed process leaves: its file, which nobody holds any more."""
    _path(report).parent.mkdir(parents=True)
    _path(report).touch()


def test_interrupted_import_is_told_and_its_file_forgotten(report):
    ImportPart.objects.create(report=report, position=0, content=b"<lheo")
    killed(report)

    assert close_interrupted() == 1

    report.refresh_from_db()
    assert (report.state, report.reason) == (ImportState.REFUSED, INTERRUPTED)
    assert report.finished_at
    assert not report.parts.exists()
    assert close_interrupted() == 0


def test_running_import_is_left_alone(report):
    with running(report):
        assert close_interrupted() == 0

    report.refresh_from_db()
    assert report.state == ImportState.RUNNING


def test_import_of_another_machine_has_a_day(report):
    assert close_interrupted() == 0

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert close_interrupted() == 1


def test_next_import_and_the_timer_close_it(report, towns, take, index):
    killed(report)
    other = ImportReport.objects.create(file_name="b.xml", state=ImportState.RUNNING)

    assert take(catalogue()).state == ImportState.DONE
    _path(other).touch()
    call_command("update_index", verbosity=0)

    states = ImportReport.objects.values_list("state", flat=True)
    assert sorted(states) == [ImportState.DONE, ImportState.REFUSED, ImportState.REFUSED]
    assert list(_path(report).parent.iterdir()) == []
