"""Each request has a reference: in the answer, in the logs, on the page of its failure."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from gunicorn.config import Config

from accounts.audit import pseudonym, record
from accounts.models import AuditKind
from cpf_portal import views
from cpf_portal.logs import JsonLineFormatter, LineFormatter
from cpf_portal.serving import PortalLogger

DRAWN = re.compile(r"[0-9a-f]{16}")

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(monkeypatch):
    """What the portal logs while the test lasts, each line read as JSON."""
    written: list[dict] = []
    handler = logging.Handler()
    formatter = JsonLineFormatter()
    handler.emit = lambda entry: written.append(json.loads(formatter.format(entry)))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def test_answer_bears_an_id_of_its_own(client):
    first, second = (client.get("/sante/").headers["X-Request-ID"] for _ in range(2))

    assert DRAWN.fullmatch(first)
    assert first != second


@pytest.mark.parametrize(
    ("given", "proxies", "is_taken"),
    [
        ("7f3a-41c9-be02", 1, True),
        ("7f3a-41c9-be02", 0, False),
        ("court", 1, False),
        ("2550814168025", 1, False),
        ("<script>alert(1)</script>", 1, False),
        ("a" * 65, 1, False),
    ],
)
def test_sane_id_of_our_proxy_is_taken(client, settings, given, proxies, is_taken):
    settings.TRUSTED_PROXIES = proxies

    answer = client.get("/sante/", headers={"x-request-id": given})

    assert (answer.headers["X-Request-ID"] == given) is is_taken


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_failure_is_found_by_its_reference(client, monkeypatch, lines, error, status):
    def fail(*args, **kwargs):
        raise error("2 55 08 14 168 025")

    monkeypatch.setattr(views, "render", fail)
    client.raise_request_exception = False

    answer = client.get("/?nir=2550814168025")

    reference = answer.headers["X-Request-ID"]
    assert answer.status_code == status
    assert f"<strong>{reference}</strong>" in answer.content.decode()
    (line,) = [line for line in lines if line["level"] == "ERROR"]
    assert (line["request_id"], line["event"], line["actor"]) == (reference, "error", "")
    assert error.__name__ in line["exc_info"]
    assert "168" not in str(line)


def test_logs_name_a_person_by_a_pseudonym(client, lines, camille):
    client.force_login(camille)
    client.get("/mon-compte/")

    client.get("/nulle-part/")

    (line,) = [line for line in lines if line["message"].startswith("Not Found")]
    assert line["actor"] == pseudonym(camille.pk) != pseudonym(camille.pk + 1)
    assert camille.email not in str(lines)


def test_lines_of_the_trail_are_logged(lines, camille, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = record(kind=AuditKind.SIGNED_OUT, actor=camille, person=camille)

    (line,) = lines
    assert (line["event"], line["mac"], line["actor"]) == (
        "signed_out", event.mac, pseudonym(camille.pk),
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/\nINFO forged\x1b[2J", "/2550814168025/"])
def test_access_log_tells_neither_the_query_nor_who(monkeypatch, path):
    class Answer:
        status, sent = "200 OK", 1234
        headers = (("X-Request-ID", "7f3a41c9be02"),)

    config, entries = Config(), []
    config.set("accesslog", "-")
    server = PortalLogger(config)
    monkeypatch.setattr(server.access_log, "handle", entries.append)
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "quoi=zzcanari",
        "HTTP_USER_AGENT": "Zz\nINFO", "REMOTE_ADDR": "192.0.2.7", "RAW_URI": path,
    }  # fmt: skip

    server.access(Answer, None, environ, timedelta(milliseconds=12))

    text = JsonLineFormatter().format(entries[0])
    line = json.loads(text)
    assert all(isinstance(h.formatter, LineFormatter) for h in server.access_log.handlers)
    assert "\n" not in text
    assert (line["event"], line["status"], line["milliseconds"]) == ("request", 200, 12.0)
    assert line["request_id"] == "7f3a41c9be02"
    for secret in ("zzcanari", "Zz", "192.0.2.7", "2550814168025", "\x1b"):
        assert secret not in line["message"] + str(line)
