"""Orders sent again, late or at the same time as somebody else’s."""

import pytest

from rights.dossiers.states import State as S
from rights.models import ProviderOrder
from tests.rights.api.software import Software, problem
from tests.rights.dossiers.steps import bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(db):
    return bring_to(S.REQUESTED)


@pytest.fixture
def software(dossier):
    return Software(dossier.provider)


def accept(software, dossier, body=None, **headers):
    return software.post(f"dossiers/{dossier.reference}/acceptation", body, headers=headers)


def test_version_that_was_read_opens_the_way(software, dossier):
    read = software.get(f"dossiers/{dossier.reference}")

    done = accept(software, dossier, **{"If-Match": read.headers["ETag"]})

    assert done.status_code == 200
    assert done.headers["ETag"] != read.headers["ETag"]
    assert f'"{done.json()["version"]}"' == done.headers["ETag"]


def test_any_other_version_is_refused_without_effect(software, dossier):
    assert problem(accept(software, dossier)) == "version-requise"

    for other in ("", '"0"', '"99"', "*", 'W/"1"', f'"{"9" * 40}"', '"²"', "un"):
        assert problem(accept(software, dossier, **{"If-Match": other})) == "version-perimee", other

    dossier.refresh_from_db()
    assert dossier.state == S.REQUESTED


def test_order_sent_again_does_nothing_more(software, dossier):
    headers = {"If-Match": f'"{dossier.version}"', "Idempotency-Key": "ordre-2021-0001"}

    first, again = (accept(software, dossier, **headers) for _ in range(2))

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert dossier.events.filter(action="accept").count() == 1
    assert ProviderOrder.objects.get().digest not in first.content.decode()


def test_order_sent_again_without_a_key_is_told_that_it_was_done(software, dossier):
    headers = {"If-Match": f'"{dossier.version}"'}
    accept(software, dossier, **headers)

    again = accept(software, dossier, **headers)

    assert problem(again) == "version-perimee"
    assert dossier.events.filter(action="accept").count() == 1


def test_key_of_an_order_serves_no_other(software, dossier):
    headers = {"If-Match": f'"{dossier.version}"', "Idempotency-Key": "ordre-2021-0001"}
    accept(software, dossier, **headers)

    other = software.order(dossier, "refus", {"motif": "Non."}, **headers)

    assert problem(other) == "cle-idempotence-prise"
    # another software has keys of its own
    assert problem(software_of(dossier).order(dossier, "acceptation", **headers)) == (
        "version-perimee"
    )


def software_of(dossier):
    return Software(dossier.provider)


def test_refused_order_may_be_sent_again_with_its_key(software, dossier):
    key = {"Idempotency-Key": "ordre-2021-0001"}
    assert problem(accept(software, dossier, **key, **{"If-Match": '"99"'})) == "version-perimee"

    again = accept(software, dossier, **key, **{"If-Match": f'"{dossier.version}"'})

    assert again.status_code == 200
    assert "Idempotency-Replayed" not in again.headers


def test_wrong_idempotency_key_is_named(software, dossier):
    for key in ("court", "a" * 101, "avec une espace", "é" * 10):
        response = software.order(dossier, "acceptation", **{"Idempotency-Key": key})

        assert problem(response) == "donnees-invalides", key
        assert response.json()["errors"][0]["champ"] == "header.Idempotency-Key"
