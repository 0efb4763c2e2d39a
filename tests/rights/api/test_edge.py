"""Who enters, and what is answered to a request that is not as it should be: always JSON, in French."""

import logging

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts import limits
from rights import services
from rights.api import reading
from rights.dossiers.states import State as S
from rights.models import ProviderCall, Scope
from rights.services import revoke_provider_key
from tests.factories import ProviderFactory, StaffFactory
from tests.rights.api.software import ROOT, Software, problem
from tests.rights.dossiers.steps import bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(db):
    return bring_to(S.REQUESTED)


@pytest.fixture
def own(dossier):
    """The software of the provider of `dossier`."""
    return Software(dossier.provider)


@pytest.fixture
def software(db):
    """The software of a provider without any dossier: what is refused before a dossier is looked for."""
    return Software(ProviderFactory())


# --- The key -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        None, "", "Bearer", "Bearer ", "Bearer mcf_abcdefgh_faux", "Basic bWNmOg==", "Bearer é",
        "bearer\tmcf_", f"Bearer {'a' * 5000}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post"])
def test_call_without_a_good_key_is_refused(header, method):
    headers = {"Authorization": header} if header is not None else {}
    path = "dossiers" if method == "get" else "dossiers/X/acceptation"

    response = getattr(Client(), method)(
        ROOT + path, headers=headers, content_type="application/json"
    )

    assert response.status_code == 401
    assert problem(response) == "cle-refusee"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_revoked_key_is_refused_at_once(software):
    assert software.get("dossiers").status_code == 200

    revoke_provider_key(key=software.key, author=StaffFactory(), now=timezone.now())

    assert problem(software.get("dossiers")) == "cle-refusee"


def test_expired_key_is_refused(software, time_machine):
    time_machine.move_to("2022-06-01T10:00:00Z")

    assert problem(software.get("dossiers")) == "cle-refusee"


def test_session_of_the_staff_opens_nothing(client, sasha, dossier):
    client.force_login(sasha)

    response = client.get(f"{ROOT}dossiers/{dossier.reference}")

    assert problem(response) == "cle-refusee"


def test_dossier_of_another_provider_is_unknown(dossier):
    other = Software(ProviderFactory())

    answers = [
        other.get(f"dossiers/{dossier.reference}"),
        other.get("dossiers/2222222222222222"),
        other.order(dossier, "refus", {"motif": "À nous."}),
    ]

    assert [problem(answer) for answer in answers] == ["dossier-inconnu"] * 3
    assert answers[0].content == answers[1].content
    assert other.get("dossiers").json() == {"dossiers": [], "suite": None}
    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [(Scope.READ, "lire"), (Scope.ANSWER, "acceptation"), (Scope.DECLARE, "entree")],
)
def test_key_does_only_what_it_allows(dossier, scope, allowed):
    software = Software(dossier.provider, scope)

    answers = {
        "lire": software.get(f"dossiers/{dossier.reference}"),
        "entree": software.order(dossier, "entree"),
        "acceptation": software.order(dossier, "acceptation"),
    }

    refused = {name for name, answer in answers.items() if answer.status_code == 403}
    assert refused == set(answers) - {allowed}
    assert all(problem(answers[name]) == "usage-non-permis" for name in refused)


def test_calls_are_limited_by_key(software):
    for _ in range(120):
        limits.hit("provider-api", person=software.key.prefix)

    response = software.get("dossiers")

    assert problem(response) == "trop-d-appels"
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert Software(software.key.provider).get("dossiers").status_code == 200


def test_wrong_keys_are_limited_by_address(software):
    for _ in range(60):
        limits.hit("provider-key", ip="127.0.0.1")

    wrong = Client().get(f"{ROOT}dossiers", headers={"Authorization": "Bearer mcf_faux"})

    assert problem(wrong) == "trop-d-appels"
    assert software.get("dossiers").status_code == 200


# --- The request -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("", 422), ("null", 422), ("[]", 422), ('"motif"', 422), ("{}", 422),
        (b"\xff\xfe", 400), ("[" * 15_000, 400), ('{"motif": NaN}', 422),
        ('{"motif": ""}', 422), ('{"motif": "  "}', 422), ('{"motif": "a\\u0000b"}', 422),
        ('{"motif": "\\ud800"}', 422), ('{"motif": 7}', 422), ('{"motif": "ok", "etat": "x"}', 422),
        ('{"motif": "' + "a" * 1001 + '"}', 422), ('{"motif": "' + "a" * 17_000 + '"}', 413),
    ],
)  # fmt: skip
def test_wrong_body_is_refused_in_french(software, body, status):
    response = software.post("dossiers/X/refus", body, headers={"If-Match": '"1"'})

    assert response.status_code == status, response.content
    assert problem(response)
    assert not {"Input", "Field", "should"} & set(response.content.decode().split())


def test_wrong_proposal_names_what_to_correct_and_does_nothing(own, dossier):
    wrong = [
        ({"debut_le": "demain"}, "debut_le"),
        ({"debut_le": "0001-01-01"}, "debut_le"),
        ({"debut_le": "9999-12-31"}, "debut_le"),
        ({"fin_le": "2021-03-04"}, "fin_le"),
        ({"heures": 0}, "heures"),
        ({"heures": "12"}, "heures"),
        ({"heures": 10**30}, "heures"),
        ({"prix_centimes": 10.5}, "prix_centimes"),
        ({"prix_centimes": -1}, "prix_centimes"),
        ({"prix_centimes": True}, "prix_centimes"),
        ({"note": "Rien ne change."}, "debut_le"),
    ]
    for body, field in wrong:
        response = own.order(dossier, "proposition", body)

        assert problem(response) == "donnees-invalides", body
        (fault,) = response.json()["errors"]
        assert fault["champ"] == f"body.{field}"
        assert fault["detail"].endswith(".")
    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_other_kinds_of_body_are_refused(software, media_type):
    body = '{"motif": "Complet."}'

    response = software.post("dossiers/X/refus", body, content_type=media_type)

    assert problem(response) == "type-refuse"


@pytest.mark.parametrize("path", ["dossiers", "dossiers/X/acceptation", "openapi.json"])
def test_other_methods_are_refused_and_named(software, path):
    for method in ("put", "patch", "delete", "options"):
        response = getattr(software.client, method)(ROOT + path)

        assert problem(response) == "methode-refusee", method
        assert response.headers["Allow"] in {"GET, HEAD", "POST"}


@pytest.mark.parametrize("path", ["dossiers", "openapi.json", "problemes.json", "inconnue"])
def test_head_answers_as_get_without_the_body(software, path):
    read, asked = software.get(path), software.head(path)

    assert asked.content == b""
    assert int(asked.headers["Content-Length"]) == len(read.content)
    names = {"Content-Type", "Cache-Control"}
    assert asked.status_code == read.status_code
    assert {n: asked.headers[n] for n in names} == {n: read.headers[n] for n in names}


def test_head_of_one_dossier_gives_its_etag_and_of_another_none(own, dossier, software):
    path = f"dossiers/{dossier.reference}"

    assert own.head(path).headers["ETag"] == own.get(path).headers["ETag"]
    assert software.head(path).status_code == 404
    assert Client().head(ROOT + path).status_code == 401
    assert software.head(f"{path}/acceptation").headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["", "dossier", "dossiers/", "dossiers/X/Y", "../v2/"])
def test_unknown_address_is_json_too(software, path):
    assert problem(software.get(path)) == "adresse-inconnue"
    assert problem(software.post(path)) == "adresse-inconnue"


@pytest.mark.parametrize("reference", ["%00", "%C3%A9", "a" * 300, "%2e%2e", "'--", "%F0%9F%92%A9"])
def test_text_that_is_no_reference_is_an_unknown_dossier(software, reference):
    assert problem(software.get(f"dossiers/{reference}")) == "dossier-inconnu"


# --- The answer --------------------------------------------------------------------------------


def test_answers_set_no_cookie_and_are_kept_nowhere(own, dossier):
    answers = [
        own.get("dossiers"),
        own.get(f"dossiers/{dossier.reference}"),
        own.order(dossier, "acceptation"),
        own.get("nulle-part"),
        Client().get(f"{ROOT}openapi.json"),
        Client().get(f"{ROOT}problemes.json"),
        Client(enforce_csrf_checks=True).post(
            f"{ROOT}dossiers/X/refus", "{}", content_type="application/json"
        ),
    ]

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 200, 200, 401]


def test_database_that_is_away_is_told_as_json(software, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(reading, "find", away)

    response = software.get("dossiers/X")

    assert problem(response) == "indisponible"
    assert response.headers["Retry-After"] == "30"


def test_fault_of_ours_tells_nothing_of_itself(software, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("un secret")

    monkeypatch.setattr(reading, "find", broken)

    response = software.get("dossiers/X")

    assert problem(response) == "erreur-interne"
    assert "secret" not in response.content.decode()
    assert "An operation of the API failed." in caplog.text


def test_each_call_is_noted_without_any_person(own, dossier, caplog):
    with caplog.at_level(logging.DEBUG):
        own.get("dossiers")
        own.get(f"dossiers/{dossier.reference}")
        own.order(dossier, "refus", {"motif": "Le groupe est complet."})
        own.order(dossier, "acceptation")

    noted = ProviderCall.objects.order_by("pk").values_list("key", "operation", "status")
    assert list(noted) == [
        (own.key.pk, "list", 200),
        (own.key.pk, "read", 200),
        (own.key.pk, "refus", 200),
        (own.key.pk, "acceptation", 409),
    ]
    written = "\n".join(record.getMessage() for record in caplog.records)
    ours = "\n".join(line for line in written.splitlines() if "SELECT" not in line)
    for secret in (own.text, dossier.titulaire.nir.value, dossier.user.email):
        assert secret not in ours


def test_note_that_fails_does_not_change_the_answer(software, monkeypatch):
    def full(**kwargs):
        raise OperationalError("disk full")

    monkeypatch.setattr(services, "record_provider_call", full)

    assert software.get("dossiers").status_code == 200
