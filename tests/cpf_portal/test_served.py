"""The real server with production settings, as its visitors meet it behind a TLS proxy."""

import http.client
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.net import free_port
from tests.serve import manage, serve_environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Start gunicorn on a database of its own, and stop it."""
    number = free_port()
    environment = serve_environment(number, tmp_path_factory.mktemp("serve"))
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CAPTCHA_TEST_MODE"):
        environment.pop(name, None)
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "-v", "0"]):
        subprocess.run(manage(*command), env=environment, check=True)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "-c", "python:cpf_portal.serving"),
            *("cpf_portal.wsgi", "--bind", f"127.0.0.1:{number}"),
        ],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    wait_until_answering(number)
    yield number
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0


def wait_until_answering(port):
    for _ in range(150):
        try:
            return ask(port, "/sante/")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not start")


def ask(port, path, *, proto="https", host="127.0.0.1", method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": host, "X-Forwarded-Proto": proto})
    response = connection.getresponse()
    response.text = response.read().decode("utf-8", "replace")
    connection.close()
    return response


def test_cookies_are_bound_to_the_host_and_to_tls(port):
    cookies = ask(port, "/inscription/").headers.get_all("Set-Cookie")

    assert sorted(cookie.split("=")[0] for cookie in cookies) == ["__Host-csrf", "__Host-session"]
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_page_without_a_form_sets_no_cookie(port):
    assert ask(port, "/").headers.get_all("Set-Cookie") is None


def test_plain_http_is_sent_to_https(port):
    response = ask(port, "/aide/", proto="http")

    assert response.status == 301
    assert response.headers["Location"] == "https://127.0.0.1/aide/"


def test_health_answers_without_tls(port):
    response = ask(port, "/sante/", proto="http")

    assert (response.status, response.text) == (200, '{"etat": "ok"}')


def test_transport_security_lasts_a_year(port):
    header = ask(port, "/").headers["Strict-Transport-Security"]

    assert header == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("path", ["/demo/", "/demo/courriels/"])
def test_demonstration_does_not_exist_in_production(port, path):
    assert ask(port, path).status == 404


def test_static_files_are_hashed_and_kept_for_good(port):
    page = ask(port, "/").text
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]

    response = ask(port, path)

    assert response.status == 200
    assert path != "/static/css/portal.css"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Security-Policy"]


def test_manifest_is_served_as_what_it_is(port):
    path = ask(port, "/").text.partition('rel="manifest" href="')[2].partition('"')[0]

    assert ask(port, path).headers["Content-Type"] == "application/manifest+json"


def test_style_of_the_plain_error_pages_is_served(port):
    assert ask(port, "/static/css/error.css").status == 200


def test_missing_index_gives_a_page_and_a_delay(port):
    response = ask(port, "/formations/?quoi=anglais")

    assert response.status == 503
    assert response.headers["Retry-After"]
    assert "<h1" in response.text


@pytest.mark.parametrize(("length", "status"), [(5000, 503), (9000, 414)])
def test_address_too_long_is_refused_in_french(port, length, status):
    """Five thousand characters are a search with many filters: the portal itself answers them."""
    response = ask(port, f"/formations/?quoi={'x' * length}")

    assert response.status == status
    assert ("Demande refusée" in response.text) is (status == 414)
    assert '<html lang="fr">' in response.text
    assert "x" * 100 not in response.text or status == 503
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_broken_request_is_refused_in_french(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b"")).decode()

    assert answer.startswith("HTTP/1.1 400 ")
    assert "Demande refusée" in answer


def test_unknown_host_is_refused(port):
    assert ask(port, "/", host="exemple.invalid").status == 400


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_other_verbs_are_refused(port, method):
    assert ask(port, "/", method=method).status in {403, 405}


def test_server_tells_no_version(port):
    headers = ask(port, "/").headers

    assert not any(character.isdigit() for character in headers.get("Server", ""))
    assert "X-Powered-By" not in headers


def test_site_without_an_operator_is_not_indexed(port):
    response = ask(port, "/")

    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text
    assert ask(port, "/robots.txt").text == "User-agent: *\nDisallow: /\n"
