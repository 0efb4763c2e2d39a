import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from rights import triggers
from rights.models import Movement, MovementKind, Pocket, RightsAccount
from tests.factories import TitulaireFactory
from tests.rights.ledger import give, give_abondement, give_dif

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    titulaire = TitulaireFactory()
    give(titulaire, 500_00)
    give_dif(titulaire, 360_00)
    give_abondement(titulaire, 200_00)
    return RightsAccount.objects.get()


def execute(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def execute_unguarded(statement, *parameters):
    """Damage the database as a broken restore would: no trigger, no foreign key."""
    if connection.vendor == "postgresql":
        execute("SET session_replication_role = replica")
        execute(statement, *parameters)
        execute("SET session_replication_role = DEFAULT")
        return
    with connection.constraint_checks_disabled():
        triggers.drop(connection)
        execute(statement, *parameters)
        triggers.create(connection)


def faults(capsys):
    with pytest.raises(CommandError) as raised:
        call_command("check_ledger")
    assert raised.value.returncode == 1
    lines = capsys.readouterr().err.splitlines()
    assert str(raised.value) == f"Anomalies dans le grand livre des droits\u00a0: {len(lines)}."
    return lines


def test_ledger_that_agrees_says_so(account, capsys):
    give(TitulaireFactory())

    call_command("check_ledger")

    output = capsys.readouterr()
    assert output.out == "2 comptes, 4 mouvements\u00a0: tout concorde\n"
    assert output.err == ""


def test_empty_ledger_agrees(capsys):
    call_command("check_ledger")

    assert capsys.readouterr().out == "0 comptes, 0 mouvements\u00a0: tout concorde\n"


@pytest.mark.parametrize(
    ("pocket", "right"), [("cpf", 500_00), ("dif", 360_00), ("abondement", 200_00)]
)
@pytest.mark.parametrize("change", [-1, 1])
def test_balance_that_was_tampered_with_is_named(account, capsys, pocket, right, change):
    give(TitulaireFactory())
    execute(f"UPDATE rights_rightsaccount SET {pocket}_cents = %s WHERE id = %s", right + change, account.pk)  # fmt: skip  # noqa: E501, S608

    assert faults(capsys) == [
        f"compte {account.pk}, poche {pocket}\u00a0: "
        f"solde {right + change}, somme des mouvements {right} (centimes)"
    ]


def test_account_without_its_movements_is_named(capsys):
    account = RightsAccount.objects.create(titulaire=TitulaireFactory(), cpf_cents=1)

    assert faults(capsys) == [
        f"compte {account.pk}, poche cpf\u00a0: solde 1, somme des mouvements 0 (centimes)"
    ]


def test_negative_sum_is_named(account, capsys):
    Movement(
        account=account,
        kind=MovementKind.CORRECTION,
        pocket=Pocket.DIF,
        amount_cents=-360_01,
        effective_on="2021-05-01",
        source="SQL",
        reason="à la main",
        idempotency_key="à la main",
    ).save()

    assert faults(capsys) == [
        f"compte {account.pk}, poche dif\u00a0: solde 36000, somme des mouvements -1 (centimes)",
        f"compte {account.pk}, poche dif\u00a0: somme des mouvements négative (-1 centimes)",
    ]


@pytest.mark.django_db(transaction=True)
def test_movement_that_was_removed_is_seen(account, capsys):
    execute_unguarded("DELETE FROM rights_movement WHERE pocket = 'dif'")

    assert faults(capsys) == [
        f"compte {account.pk}, poche dif\u00a0: solde 36000, somme des mouvements 0 (centimes)"
    ]


@pytest.mark.django_db(transaction=True)
def test_orphans_are_named(account, capsys):
    movement = give(TitulaireFactory())
    execute_unguarded("DELETE FROM rights_rightsaccount WHERE id = %s", movement.account_id)
    execute_unguarded("DELETE FROM accounts_titulaire WHERE id = %s", account.titulaire_id)

    assert faults(capsys) == [
        f"mouvement {movement.pk}\u00a0: son compte {movement.account_id} n’existe pas",
        f"compte {account.pk}\u00a0: son titulaire {account.titulaire_id} n’existe pas",
    ]


def test_missing_trigger_is_named(account, capsys):
    triggers.drop(connection)

    assert faults(capsys) == [
        f"déclencheur {name}\u00a0: absent, les mouvements ne sont pas protégés"
        for name in triggers.NAMES
    ]
    triggers.create(connection)


@pytest.mark.parametrize("people", [1, 20])
def test_check_costs_the_same_statements_for_any_number_of_accounts(
    people, django_assert_num_queries
):
    for titulaire in TitulaireFactory.create_batch(people):
        give(titulaire)

    with django_assert_num_queries(29):
        call_command("check_ledger")
