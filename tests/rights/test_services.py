from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from rights.exceptions import IdempotencyConflict, InsufficientRights
from rights.models import Movement, MovementKind, Pocket, RightsAccount
from rights.services import correct, open_account, record_all
from tests.factories import StaffFactory, TitulaireFactory
from tests.rights.ledger import give, give_dif

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def balances(titulaire):
    account = RightsAccount.objects.get(titulaire=titulaire)
    return account.cpf_cents, account.dif_cents, account.abondement_cents


def correct_by(amount_cents, account, **fields):
    content = {
        "pocket": Pocket.CPF,
        "reason": "Année comptée deux fois",
        "author": StaffFactory(),
        "today": TODAY,
    }
    return correct(account=account, amount_cents=amount_cents, **(content | fields))


def test_open_account_gives_one_account_to_a_person():
    titulaire = TitulaireFactory()

    first, second = open_account(titulaire=titulaire), open_account(titulaire=titulaire)

    assert first == second
    assert balances(titulaire) == (0, 0, 0)


def test_credit_writes_the_movement_and_the_balance():
    titulaire = TitulaireFactory()

    movement = give(titulaire, 250_01, idempotency_key="dsn:2020")

    assert balances(titulaire) == (250_01, 0, 0)
    assert movement.account.available_cents == 250_01
    assert Movement.objects.values(
        "kind", "pocket", "amount_cents", "effective_on", "year", "source", "legal_basis", "reason",
        "idempotency_key", "author",
    ).get() == {
        "kind": "yearly_credit",
        "pocket": "cpf",
        "amount_cents": 250_01,
        "effective_on": date(2021, 4, 15),
        "year": 2020,
        "source": "DSN",
        "legal_basis": "Code du travail, art. R6323-1, I",
        "reason": "",
        "idempotency_key": "dsn:2020",
        "author": None,
    }  # fmt: skip


def test_credit_goes_to_its_own_pocket():
    titulaire = TitulaireFactory()

    give(titulaire, 500_00)
    give_dif(titulaire, 360_00)

    assert balances(titulaire) == (500_00, 360_00, 0)


def test_credit_twice_with_one_key_counts_once():
    titulaire = TitulaireFactory()

    first = give(titulaire, idempotency_key="dsn:2020")
    second = give(titulaire, idempotency_key="dsn:2020")

    assert second == first
    assert balances(titulaire) == (500_00, 0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"amount_cents": 500_01},
        {"year": 2019},
        {"source": "Région"},
        {"effective_on": date(2021, 4, 16)},
        {"reason": "autre"},
        {"kind": MovementKind.DIF, "pocket": Pocket.DIF},
    ],
)
def test_credit_refuses_a_known_key_with_another_content(other):
    titulaire = TitulaireFactory()
    give(titulaire, idempotency_key="dsn:2020")

    with pytest.raises(IdempotencyConflict):
        give(titulaire, idempotency_key="dsn:2020", **other)

    assert balances(titulaire) == (500_00, 0, 0)
    assert Movement.objects.count() == 1


def test_credit_refuses_the_key_of_somebody_else_and_opens_no_account():
    give(TitulaireFactory(), idempotency_key="dsn:2020")
    stranger = TitulaireFactory()

    with pytest.raises(IdempotencyConflict):
        give(stranger, idempotency_key="dsn:2020")

    assert not RightsAccount.objects.for_titulaire(stranger).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"amount_cents": 0},
        {"amount_cents": -1},
        {"amount_cents": 1_000_000_01},
        {"kind": "cadeau"},
        {"pocket": Pocket.DIF},
        {"source": ""},
        {"source": "x" * 121},
        {"year": 1999},
        {"idempotency_key": ""},
        {"idempotency_key": "x" * 121},
    ],
)
def test_credit_refuses_what_the_ledger_cannot_hold(fields):
    titulaire = TitulaireFactory()

    with pytest.raises(ValidationError):
        give(titulaire, **fields)

    assert not Movement.objects.exists()
    assert not RightsAccount.objects.exists()


def test_credit_that_fails_leaves_the_balance_alone(monkeypatch):
    titulaire = TitulaireFactory()
    give(titulaire)

    def fail(self, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Movement, "save", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        give(titulaire)

    assert balances(titulaire) == (500_00, 0, 0)


def test_correction_is_a_new_movement_with_its_reason_and_author():
    titulaire, agent = TitulaireFactory(), StaffFactory()
    account = give(titulaire, 500_00).account

    movement = correct_by(-120_50, account, author=agent, reason="  Année comptée deux fois ")

    assert movement.kind == MovementKind.CORRECTION
    assert movement.amount_cents == -120_50
    assert movement.reason == "Année comptée deux fois"
    assert movement.author == agent
    assert movement.effective_on == TODAY
    assert balances(titulaire) == (379_50, 0, 0)
    assert account.available_cents == 379_50
    assert Movement.objects.count() == 2


def test_correction_may_take_the_last_cent_and_not_one_more():
    titulaire = TitulaireFactory()
    account = give(titulaire, 500_00).account

    with pytest.raises(InsufficientRights):
        correct_by(-500_01, account)
    assert balances(titulaire) == (500_00, 0, 0)
    correct_by(-500_00, account)

    assert balances(titulaire) == (0, 0, 0)


def test_correction_never_takes_from_another_pocket():
    titulaire = TitulaireFactory()
    account = give(titulaire, 500_00).account

    with pytest.raises(InsufficientRights):
        correct_by(-1, account, pocket=Pocket.DIF)

    assert balances(titulaire) == (500_00, 0, 0)


def test_correction_may_give():
    titulaire = TitulaireFactory()

    correct_by(30_00, open_account(titulaire=titulaire), pocket=Pocket.ABONDEMENT)

    assert balances(titulaire) == (0, 0, 30_00)


@pytest.mark.parametrize("fields", [{"reason": " "}, {"amount_cents": 0}, {"reason": "x" * 301}])
def test_correction_needs_a_reason_and_an_amount(fields):
    account = give(TitulaireFactory(), 500_00).account

    with pytest.raises(ValidationError):
        correct_by(**({"amount_cents": -1, "account": account} | fields))

    assert Movement.objects.count() == 1


def test_two_corrections_alike_are_two_unless_a_form_names_them():
    titulaire, agent = TitulaireFactory(), StaffFactory()
    account = give(titulaire, 500_00).account

    correct_by(-200_00, account, author=agent)
    correct_by(-200_00, account, author=agent, idempotency_key="formulaire")
    again = correct_by(-200_00, account, author=agent, idempotency_key="formulaire")

    assert again.amount_cents == -200_00
    assert balances(titulaire) == (100_00, 0, 0)
    with pytest.raises(InsufficientRights):
        correct_by(-200_00, account, author=agent)


def test_record_all_adds_many_movements_to_many_balances():
    camille, alix = TitulaireFactory(), TitulaireFactory()
    give(camille, 100_00)
    accounts = [open_account(titulaire=camille), open_account(titulaire=alix)]

    record_all(
        [
            Movement(
                account=account,
                kind=kind,
                pocket=pocket,
                amount_cents=cents,
                effective_on=TODAY,
                source="DSN",
                idempotency_key=f"{account.pk}:{pocket}:{cents}",
            )
            for account in accounts
            for kind, pocket, cents in [
                (MovementKind.YEARLY_CREDIT, Pocket.CPF, 1_00),
                (MovementKind.YEARLY_CREDIT, Pocket.CPF, 2_00),
                (MovementKind.DIF, Pocket.DIF, 4_00),
                (MovementKind.ABONDEMENT, Pocket.ABONDEMENT, 8_00),
            ]
        ]
    )
    record_all([])

    assert balances(camille) == (103_00, 4_00, 8_00)
    assert balances(alix) == (3_00, 4_00, 8_00)
    assert not RightsAccount.objects.inconsistent().exists()
