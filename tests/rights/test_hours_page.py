"""A public agent turns hours into euros, once, within the cap."""

from datetime import date
from uuid import uuid4

import pytest

from rights.models import RightsAccount
from rights.services import credit_hours
from tests.factories import UserFactory
from tests.rights.ledger import give
from tests.rights.test_views import text_of

pytestmark = pytest.mark.django_db
PAGE = "/mes-droits/heures/"


@pytest.fixture
def agent():
    user = UserFactory()
    credit_hours(
        titulaire=user.titulaire, hours=75, year=2021, effective_on=date(2021, 12, 31),
        source="Ministère", legal_basis="Décret", idempotency_key="h",
    )  # fmt: skip
    return user


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def convert(desk, hours, key=None):
    return desk.post(PAGE, {"hours": hours, "key": key or uuid4()})


def balance() -> tuple[int, int]:
    account = RightsAccount.objects.get()
    return account.public_hours, account.available_cents


def test_hours_become_euros(desk):
    assert convert(desk, "20 h").url == "/mes-droits/"

    assert balance() == (55, 300_00)
    assert "20\u00a0heures sont converties\u00a0: 300,00\u00a0€" in text_of(
        desk.get("/mes-droits/")
    )


def test_second_click_converts_nothing_more(desk):
    key = uuid4()

    assert [convert(desk, "20", key).status_code for _ in range(2)] == [302, 302]
    assert balance() == (55, 300_00)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Saisissez le nombre d’heures à convertir."),
        ("76", "75\u00a0heures au plus"),
        ("0", "de 1 à 75"),
        ("-5", "de 1 à 75"),
        ("1,5", "donc 2"),
        ("NaN", "de 1 à 75"),
        ("1 e3", "de 1 à 75"),
    ],
)
def test_wrong_hours_are_answered_by_a_sentence(desk, typed, sentence):
    response = convert(desk, typed)

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert balance() == (75, 0)


def test_form_without_its_key_is_refused(desk):
    response = desk.post(PAGE, {"hours": "5", "key": "x"})

    assert response.status_code == 422
    assert "rouvrez la page" in text_of(response)


def test_cap_bounds_the_conversion(desk, agent):
    give(agent.titulaire, 4_900_00)

    assert "Nombre entier, 6 au plus" in text_of(desk.get(PAGE))
    assert convert(desk, "7").status_code == 422
    assert convert(desk, "6").status_code == 302
    assert balance() == (69, 4_990_00)


@pytest.mark.parametrize("has_account", [True, False])
def test_person_without_hours_reads_so(client, has_account):
    user = UserFactory()
    if has_account:
        give(user.titulaire)
    client.force_login(user)

    assert "Aucune heure ne peut être convertie" in text_of(client.get(PAGE))
    assert convert(client, "1").status_code in {200, 422}
