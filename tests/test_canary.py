"""Nothing secret is left anywhere: known values are walked through the portal, then looked for.

The number, the name, the telephone and the password of one person go through sign-up, errors, sign-in,
reset, the administration and every error page; then the database, sessions, logs, mails, cache, files,
addresses and pages are searched for them in every spelling.
"""

import base64
import logging
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.core import mail
from django.core.cache import cache
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.captcha.fields import ImageCaptchaField
from accounts.models import Titulaire, User
from accounts.nir import Nir
from cpf_portal import views
from rights.models import MovementKind, Pocket
from rights.services import credit
from tests.accounts.captcha.helpers import solve
from tests.desk import open_file
from tests.html import GuardedClient

# INSEE's own specimen, a telephone of the block kept for fiction.
NIR = Nir.parse("255081416802538")
NAME = "Zzcanarinom"
PHONE = "0199000001"
PHONE_STORED = "+33199000001"
PASSWORD = "Canari-Phrase-2031"
EMAIL = "essai@example.org"

SPACED = "2 55 08 14 168 025"
NIR_SPELLINGS = [
    NIR.value,
    SPACED,
    SPACED.replace(" ", "."),
    SPACED.replace(" ", "-"),
    quote(SPACED),
    NIR.value.encode().hex(),
    base64.b64encode(NIR.value.encode()).decode()[:16],
    base64.b64encode(b"x" + NIR.value.encode()).decode()[2:16],
    base64.b64encode(b"xx" + NIR.value.encode()).decode()[4:16],
]
PASSWORD_SPELLINGS = [PASSWORD, quote(PASSWORD), base64.b64encode(PASSWORD.encode()).decode()[:20]]
# The only columns where a name or a telephone stands in clear.
ALLOWED_COLUMNS = {
    NAME.lower(): {"accounts_titulaire.birth_name", "accounts_titulaire.birth_name_folded"},
    PHONE_STORED[1:]: {"accounts_user.phone_landline"},
}


class Traces:
    """All that the portal let out while the canary went through it."""

    def __init__(self):
        self.pages, self.addresses, self.log_lines = [], [], []

    def log(self, record):
        self.log_lines.append(logging.Formatter().format(record))


class TracedClient(GuardedClient):
    traces: Traces

    def request(self, **request):
        response = super().request(**request)
        query = request.get("QUERY_STRING", "")
        location = response.headers.get("Location", "")
        self.traces.addresses.append(f"{request['PATH_INFO']}?{query} {location}")
        headers = " ".join(f"{name}: {value}" for name, value in response.items())
        content = b"".join(response) if response.streaming else response.content
        self.traces.pages.append(
            (request["PATH_INFO"], headers + content.decode("utf-8", "replace"))
        )
        return response


@pytest.fixture
def traces(monkeypatch):
    traces = Traces()
    handler = logging.Handler()
    handler.emit = traces.log
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(handler)
    yield traces
    root.removeHandler(handler)


@pytest.fixture
def visitor(traces):
    client = TracedClient()
    client.traces = traces
    return client


def sign_up(client, **changes):
    page = client.get(reverse("accounts:signup"))
    return client.post(
        reverse("accounts:signup"),
        {
            "birth_name": NAME,
            "nir": SPACED,
            "nir_key": NIR.key,
            "phone_landline": PHONE,
            "email": EMAIL,
            "email_confirmation": EMAIL,
            "password": PASSWORD,
            "password_confirmation": PASSWORD,
            "cgu": "on",
            **solve(page),
            **changes,
        },
    )


def sign_in(client, **changes):
    return client.post(
        reverse("accounts:login"), {"nir": NIR.value, "password": PASSWORD, **changes}
    )


def walk(client, sasha, monkeypatch):
    """Take the canary through every page that could let it slip."""
    assert sign_up(client, cgu="").status_code == 422
    assert sign_up(client, nir_key="01").status_code == 422
    assert sign_up(client, captcha_1="", captcha_2="").status_code == 422
    assert sign_up(client, captcha_renew="1").status_code == 200
    assert sign_up(client).status_code == 302
    client.get("/")
    titulaire = Titulaire.objects.get()
    credit(
        titulaire=titulaire,
        kind=MovementKind.YEARLY_CREDIT,
        pocket=Pocket.CPF,
        amount_cents=50000,
        effective_on=timezone.localdate(),
        source="essai",
        idempotency_key="canari",
    )
    for name in ("home", "rights:summary", "rights:dossiers", "accounts:profile"):
        assert client.get(reverse(name)).status_code == 200
    client.post(reverse("accounts:logout"))
    assert sign_up(client).status_code == 422  # the number has an account
    assert sign_in(client, password="Faux-Passe-1").status_code == 422
    assert sign_in(client, nir=f"{SPACED} {NIR.key}").status_code == 302
    client.post(reverse("accounts:logout"))
    client.post(reverse("accounts:password_reset"), {"nir": SPACED})
    break_pages(client, monkeypatch)
    use_administration(client, sasha, titulaire)


def break_pages(client, monkeypatch):
    client.raise_request_exception = False
    data = {"nir": NIR.value, "password": PASSWORD, "birth_name": NAME, "phone_landline": PHONE}
    assert client.post("/", data).status_code == 405
    assert client.post("/nulle-part/", data).status_code == 404
    assert client.post(reverse("accounts:login"), data | {"x": "y" * 300_000}).status_code == 413
    assert (
        client.post(reverse("accounts:login"), data, headers={"host": "mal.invalid"}).status_code
        == 400
    )
    strict = TracedClient(enforce_csrf_checks=True)
    strict.traces = client.traces
    assert strict.post(reverse("accounts:login"), data).status_code == 403
    for error, status in ((RuntimeError("panne"), 500), (OperationalError("panne"), 503)):
        with monkeypatch.context() as patch:
            patch.setattr(ImageCaptchaField, "clean", raiser(error))
            patch.setattr(views, "render", raiser(error))
            page = client.get("/")
            assert page.status_code == status
            assert client.post(reverse("accounts:signup"), data).status_code == status
    for _ in range(6):
        last = sign_in(client, password="Faux-Passe-1")
    assert last.status_code == 429


def raiser(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def use_administration(client, sasha, titulaire):
    client.raise_request_exception = True
    client.force_login(sasha)
    for name in ("titulaire", "user", "outgoingmail", "ratelimit"):
        assert client.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200
    assert client.post(reverse("admin:desk_search"), {"term": SPACED}).status_code == 302
    nobody = client.post(reverse("admin:desk_search"), {"term": f"{SPACED} 99"})
    assert client.get(nobody.headers["Location"]).status_code == 200
    open_file(client, titulaire.user, reason=f"appel de {SPACED}")
    open_file(client, titulaire.user)
    file = reverse("admin:desk_file", args=[titulaire.pk])
    client.post(f"{file}note/", {"text": f"elle dit être {SPACED}"})
    client.post(f"{file}numero/", {"reason": SPACED})
    assert client.get(file).status_code == 200
    walk_tables(client)
    assert (
        client.get(reverse("admin:accounts_titulaire_change", args=[titulaire.pk])).status_code
        == 200
    )
    assert (
        client.get(reverse("admin:accounts_user_change", args=[titulaire.user.pk])).status_code
        == 200
    )
    client.logout()


def walk_tables(client):
    """Look at every list of the administration, and at the last row of each with its history."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        rows = model._base_manager.order_by("-pk")
        if row := (rows.filter(is_staff=True) if model._meta.proxy else rows).first():
            pages += [reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history")]
        assert {client.get(page).status_code for page in pages} <= {200, 302, 403}, name


def columns_holding(spellings):
    """Return the `table.column` where a spelling stands; sessions are decoded first."""
    held = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 our own table names
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if any(spelling.lower() in readable(value).lower() for spelling in spellings):
                        held.add(f"{table}.{name}")
    return held


def readable(value) -> str:
    """Return the text of a cell, with what a session or a signed value hides in base64."""
    text = (
        bytes(value).decode("utf-8", "replace")
        if isinstance(value, bytes | memoryview)
        else str(value)
    )
    from accounts.session_store import SessionStore  # noqa: PLC0415

    return text + str(SessionStore().decode(text) if ":" in text else "")


@pytest.fixture
def walked(visitor, sasha, monkeypatch, traces):
    walk(visitor, sasha, monkeypatch)
    return traces


@pytest.mark.django_db(transaction=True)
def test_canary_is_in_no_place_where_it_has_no_business(walked, var_dir):
    logs, addresses = "\n".join(walked.log_lines), "\n".join(walked.addresses)
    mails = "\n".join(message.message().as_string() for message in mail.outbox)
    pages = "\n".join(page for _, page in walked.pages)
    cached = str(getattr(cache, "_cache", ""))
    files = "\n".join(
        f"{path} {path.read_bytes().decode('utf-8', 'replace')}"
        for path in var_dir.rglob("*")
        if path.is_file()
    )

    for spelling in [*NIR_SPELLINGS, *PASSWORD_SPELLINGS]:
        for place in (logs, addresses, mails, pages, cached, files):
            assert spelling.lower() not in place.lower(), spelling
    for spelling in (NAME, PHONE, PHONE_STORED):
        for place in (logs, addresses, mails, cached, files):
            assert spelling.lower() not in place.lower(), spelling
    assert columns_holding(NIR_SPELLINGS) == set()
    assert columns_holding(PASSWORD_SPELLINGS) == set()
    for spelling, columns in ALLOWED_COLUMNS.items():
        assert columns_holding([spelling]) == columns


@pytest.mark.django_db(transaction=True)
def test_canary_went_through_the_portal(walked):
    assert User.objects.get(is_staff=False).titulaire.nir == NIR
    assert len(walked.pages) > 35
    assert len(mail.outbox) == 2
    assert walked.log_lines
    assert any(NAME in page for path, page in walked.pages if path == "/mon-compte/")


@pytest.mark.django_db
def test_scan_sees_what_it_looks_for(camille):
    """The positive twin: a value that does stand in the database is found."""
    assert columns_holding([camille.email]) >= {"accounts_user.email"}
