import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.imports import uploads
from catalogue.models import ImportPart, ImportReport, ImportState, Offer
from tests.catalogue.imports.files import action, catalogue, formation, many
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

UPLOAD = "admin:catalogue_importreport_upload"


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


def send(client, content, name="catalogue.xml", **data):
    data["file"] = SimpleUploadedFile(name, content)
    return client.post(reverse(UPLOAD), data)


def test_staff_uploads_a_file_and_reads_its_report(
    desk, towns, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(uploads, "PART_BYTES", 1000)  # several parts
    content = catalogue(*many(4), formation(action("B", price="")))

    with django_capture_on_commit_callbacks(execute=True):
        response = send(desk, content, source="region")

    report = ImportReport.objects.get()
    assert (report.state, report.source, report.added_count) == (ImportState.DONE, "region", 4)
    assert not ImportPart.objects.exists()
    page = desk.get(response.url).content.decode()
    for said in ("catalogue.xml", "le prix TTC manque", "LHEO 2.3", "refusé"):
        assert said in page
    listed = desk.get(reverse("admin:catalogue_importreport_changelist")).content.decode()
    assert reverse(UPLOAD) in listed


def test_parts_give_the_very_bytes_back(towns, monkeypatch):
    monkeypatch.setattr(uploads, "PART_BYTES", 7)
    chunks = [b"abc", b"", b"defghijklmnopq", b"r"]

    report = uploads.receive_upload(
        name="../../x/a.xml", chunks=chunks, is_dry_run=False, is_confirmed=False
    )

    assert b"".join(report.parts.values_list("content", flat=True)) == b"".join(chunks)
    assert report.file_name == "a.xml"


def test_upload_is_imported_once(towns):
    report = uploads.receive_upload(
        name="a.xml", chunks=[catalogue()], is_dry_run=False, is_confirmed=False
    )

    assert uploads.import_upload(report.pk)
    assert not uploads.import_upload(report.pk)
    assert not uploads.import_upload(report.pk + 1)


def test_trial_is_offered_and_kept(desk, towns, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, gzip.compress(catalogue()), "catalogue.xml.gz", is_dry_run="on")

    assert ImportReport.objects.get().state == ImportState.TRIED
    assert not Offer.objects.exists()


def test_refused_file_says_why_on_its_page(desk, towns, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = send(desk, catalogue()[:-20])

    assert "coupé" in desk.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "limit"),
    [("a.exe", b"<lheo/>", 100), ("a.xml", b"<lheo/>" * 20, 100), ("a.xml", b"", 100)],
    ids=["suffix", "size", "empty"],
)
def test_bad_upload_is_refused_beside_its_field(desk, monkeypatch, name, content, limit):
    monkeypatch.setattr("catalogue.admin_imports.MAX_BYTES", limit)

    response = send(desk, content, name)

    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not ImportReport.objects.exists()


def test_upload_page_is_shown_to_staff(desk):
    assert desk.get(reverse(UPLOAD)).status_code == 200


def test_upload_needs_the_permission(client):
    client.force_login(StaffFactory())

    assert client.get(reverse(UPLOAD)).status_code == 403
    assert send(client, catalogue()).status_code == 403
    assert client.get(reverse("admin:catalogue_importreport_changelist")).status_code == 403
    assert not ImportReport.objects.exists()


def test_upload_is_closed_to_citizens_and_visitors(client, camille):
    assert client.get(reverse(UPLOAD)).status_code == 302
    client.force_login(camille)
    assert send(client, catalogue()).status_code == 302
    assert not ImportReport.objects.exists()


def test_reports_are_changed_by_nobody(desk, towns):
    report = ImportReport.objects.create(file_name="a.xml")

    for page in ("add", "delete"):
        arguments = [] if page == "add" else [report.pk]
        url = reverse(f"admin:catalogue_importreport_{page}", args=arguments)
        assert desk.post(url, {"post": "yes"}).status_code == 403
    assert ImportReport.objects.filter(pk=report.pk).exists()
