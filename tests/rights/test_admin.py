from uuid import uuid4

import pytest
from django.urls import reverse

from rights.models import CorrectionProposal, Movement, Parameter, RightsAccount
from tests.desk import open_file
from tests.factories import StaffFactory, TitulaireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, sasha):
    client.force_login(sasha)
    return client


@pytest.fixture
def account(camille):
    return RightsAccount.objects.get(titulaire=camille.titulaire)


def correct(desk, account, amount, **changes):
    open_file(desk, account.titulaire.user)
    return desk.post(
        reverse("admin:rights_rightsaccount_correct", args=[account.pk]),
        {
            "pocket": "cpf",
            "amount_cents": amount,
            "reason": "Erreur de l’employeur",
            "idempotency_key": str(uuid4()),
            **changes,
        },
    )


def test_correction_is_a_new_movement_with_its_reason_and_author(desk, account, sasha):
    before = account.movements.count()

    response = correct(desk, account, "-150,50")

    account.refresh_from_db()
    movement = account.movements.latest("pk")
    assert response.status_code == 302
    assert account.available_cents == 110500 - 15050
    assert account.movements.count() == before + 1
    assert (movement.amount_cents, movement.reason, movement.author) == (
        -15050,
        "Erreur de l’employeur",
        sasha,
    )


def test_correction_posted_twice_corrects_once(desk, account):
    key = str(uuid4())

    correct(desk, account, "10,00", idempotency_key=key)
    correct(desk, account, "10,00", idempotency_key=key)

    account.refresh_from_db()
    assert account.available_cents == 110500 + 1000


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount_cents": "-1105,01"}, "ne couvre pas ce retrait"),
        ({"amount_cents": "0"}, "différent de zéro"),
        ({"amount_cents": "1000000,01"}, "un million d’euros au plus"),
        ({"amount_cents": "-1000000,01"}, "un million d’euros au plus"),
        ({"amount_cents": "beaucoup"}, "par exemple -150,00"),
        ({"reason": ""}, "Expliquez la correction"),
        ({"pocket": "poche"}, "Sélectionnez un choix valide"),
        ({"idempotency_key": "x"}, "rouvrez la page"),
    ],
)
def test_wrong_correction_changes_nothing_and_says_why(desk, account, changes, sentence):
    response = correct(desk, account, **({"amount": "10,00"} | changes_of(changes)))

    account.refresh_from_db()
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert account.available_cents == 110500


def changes_of(changes):
    changes = dict(changes)
    if "amount_cents" in changes:
        changes["amount"] = changes.pop("amount_cents")
    return changes


def test_movement_cannot_be_changed_or_deleted(desk, account):
    movement = account.movements.first()
    open_file(desk, account.titulaire.user)

    changed = desk.post(
        reverse("admin:rights_movement_change", args=[movement.pk]), {"amount_cents": "1"}
    )
    deleted = desk.post(
        reverse("admin:rights_movement_delete", args=[movement.pk]), {"post": "yes"}
    )
    added = desk.get(reverse("admin:rights_movement_add"))

    assert [response.status_code for response in (changed, deleted, added)] == [403, 403, 403]
    assert Movement.objects.get(pk=movement.pk).amount_cents == movement.amount_cents


def test_staff_without_permission_cannot_correct(client, account):
    client.force_login(StaffFactory())

    assert correct(client, account, "10,00").status_code == 403


def test_account_page_shows_total_dif_and_movements(desk, alix):
    account = RightsAccount.objects.get(titulaire=alix.titulaire)
    open_file(desk, alix)

    page = desk.get(reverse("admin:rights_rightsaccount_change", args=[account.pk]))

    text = page.content.decode()
    assert "3300,00\xa0€" in text
    assert "360,00\xa0€" in text
    assert "Heures de DIF" in text


@pytest.mark.parametrize("model", ["rightsaccount", "movement"])
def test_account_is_not_searched_in_the_address(desk, alix, model):
    page = desk.get(reverse(f"admin:rights_{model}_changelist"), {"q": "N'Diaye"})

    assert 'name="q"' not in page.content.decode()
    assert "N’DIAYE" not in page.content.decode()


def test_correction_split_into_small_ones_asks_for_a_second_person(desk, account):
    said = []
    for amount in ("400,00", "400,00", "400,00", "-300,00"):
        response = correct(desk, account, amount)
        said.append("proposée" in desk.get(response.headers["Location"]).content.decode())

    account.refresh_from_db()
    assert said == [False, False, True, True]
    assert account.available_cents == 110500 + 80000
    assert CorrectionProposal.objects.count() == 2


def test_threshold_of_the_second_person_is_not_changed_by_hand(desk):
    fields = {"value": "99999999", "valid_from": "22/11/2026", "legal_basis": "Note"}
    address = reverse("admin:rights_parameter_add")

    refused = desk.post(address, fields | {"name": "second_person_above_cents"})
    taken = desk.post(address, fields | {"name": "rs_ceiling_cents"})

    assert "seule une nouvelle version du portail le change" in refused.content.decode()
    assert "second_person_above_cents" not in desk.get(address).content.decode()
    assert taken.status_code == 302
    assert not Parameter.objects.filter(name="second_person_above_cents", value=99999999).exists()


@pytest.mark.parametrize("model", ["rightsaccount", "movement"])
def test_list_asks_the_same_number_of_queries_for_one_row_and_for_many(
    desk, model, camille, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(30) as captured:
            assert desk.get(reverse(f"admin:rights_{model}_changelist")).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for _ in range(3):
        RightsAccount.objects.create(titulaire=TitulaireFactory())

    assert queries() == one
