import pytest
from django.db import OperationalError
from django.urls import reverse

from cpf_portal import views
from cpf_portal.ui.errors import ServiceBusy, TooManyRequests

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/formations/lieux/?q=nantes", 200),
        ("/mes-droits/", 302),
        ("/nulle-part/", 404),
        ("/admin/login/", 200),
        ("/static/css/portal.css", 200),
        ("/sante/", 200),
    ],
)
def test_every_answer_carries_the_security_headers(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "camera=()" in response.headers["Permissions-Policy"]
    response.close()


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_not_stored(client, camille):
    client.force_login(camille)

    for name in ("home", "rights:summary", "pages:help", "accounts:profile"):
        assert client.get(reverse(name)).headers["Cache-Control"] == "no-store", name


@pytest.mark.django_db
def test_pages_of_a_visitor_may_be_stored(client):
    assert "Cache-Control" not in client.get("/").headers


@pytest.mark.django_db
def test_wrong_verb_gets_a_page_and_the_verbs_allowed(client):
    response = client.post("/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert "<h1" in response.content.decode()


def failing_home(monkeypatch, error):
    def fail(titulaire):
        raise error

    monkeypatch.setattr(views.RightsAccount.objects, "held_by", fail)


@pytest.mark.django_db
def test_too_many_requests_gets_a_page_and_the_delay(client, camille, monkeypatch):
    client.force_login(camille)
    failing_home(monkeypatch, TooManyRequests(retry_after=600))

    response = client.get("/")

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert "10\xa0minutes" in response.content.decode().replace("&nbsp;", "\xa0")


@pytest.mark.django_db
def test_busy_service_gets_a_plain_page_and_the_delay(client, camille, monkeypatch):
    client.force_login(camille)
    failing_home(monkeypatch, ServiceBusy(retry_after=5))

    response = client.get("/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"


@pytest.mark.django_db
def test_database_outage_gets_a_plain_page(client, camille, monkeypatch):
    client.force_login(camille)
    client.raise_request_exception = False
    failing_home(monkeypatch, OperationalError("perdue"))

    response = client.get("/")

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert response.headers["Content-Security-Policy"] == CSP
    assert "perdue" not in response.content.decode()


@pytest.mark.django_db
def test_unforeseen_error_gets_a_plain_page_without_its_text(client, camille, monkeypatch):
    client.force_login(camille)
    client.raise_request_exception = False
    failing_home(monkeypatch, RuntimeError("secret 2550814168025"))

    response = client.get("/")

    assert response.status_code == 500
    assert "secret" not in response.content.decode()
