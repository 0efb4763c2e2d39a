"""While a file is read nobody waits; two imports at once end as one after the other."""

from threading import Thread

import pytest
from django.db import DatabaseError, connection

from catalogue.imports import import_path, importing, switch
from catalogue.models import ImportReport, ImportState, Offer, Session
from tests.catalogue.imports.files import catalogue, many
from tests.factories import CertificationFactory
from tests.parallel import in_parallel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def path(towns, tmp_path):
    path = tmp_path / "catalogue.xml"
    path.write_bytes(catalogue(*many(300)))
    return path


def run(path, **options):
    report = ImportReport(file_name=path.name)
    import_path(path, report, **options)
    return report


def test_two_imports_of_a_file_at_once_make_one_catalogue(path):
    reports = in_parallel(lambda _: run(path), range(3))

    assert [report.state for report in reports] == [ImportState.DONE] * 3
    assert sorted(report.added_count for report in reports) == [0, 0, 300]
    assert (Offer.objects.count(), Session.objects.count()) == (300, 300)


def test_others_write_while_a_file_is_read(path, monkeypatch):
    monkeypatch.setattr("catalogue.imports.staging.BATCH", 50)
    seen = []

    def elsewhere():
        CertificationFactory()
        seen.append(Offer.objects.count())
        connection.close()

    def write_elsewhere(done, total):
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join(timeout=5)
        assert not thread.is_alive(), "the import holds a lock while it reads"

    assert run(path, on_progress=write_elsewhere).state == ImportState.DONE
    assert len(seen) >= 2
    assert set(seen) == {0}  # and nobody sees half a file


def test_database_that_gives_up_leaves_all_as_it_was(path, monkeypatch):
    def fail():
        raise DatabaseError("disk full")

    run(path)
    before = list(Offer.objects.order_by("pk").values())
    path.write_bytes(path.read_bytes().replace(b"Anglais", b"Espagnol"))
    monkeypatch.setattr(switch, "_write_sessions", fail)

    report = run(path)

    assert (report.state, report.reason) == (ImportState.REFUSED, importing.REFUSED_BY_DATABASE)
    assert list(Offer.objects.order_by("pk").values()) == before
