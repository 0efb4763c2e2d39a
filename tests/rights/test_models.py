from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.append_only import Immutable
from rights.models import Movement, MovementKind, Pocket, RightsAccount
from tests.factories import StaffFactory, TitulaireFactory
from tests.rights.ledger import give, give_abondement, give_dif

pytestmark = pytest.mark.django_db


def new_movement(account, **fields):
    content = {
        "kind": MovementKind.YEARLY_CREDIT,
        "pocket": Pocket.CPF,
        "amount_cents": 500_00,
        "effective_on": date(2021, 4, 15),
        "source": "DSN",
        "idempotency_key": "nouveau",
    }
    return Movement(account=account, **(content | fields))


def test_account_of_somebody_without_rights_is_empty_and_unsaved():
    titulaire = TitulaireFactory()

    account = RightsAccount.objects.held_by(titulaire)

    assert account.pk is None
    assert (account.available_cents, account.dif_share_cents) == (0, 0)
    assert account.titulaire == titulaire


def test_available_is_the_sum_of_the_pockets_and_the_dif_a_part_of_it():
    titulaire = TitulaireFactory()
    give(titulaire, 500_00)
    give_dif(titulaire, 360_00)
    give_abondement(titulaire, 200_00)

    account = RightsAccount.objects.held_by(titulaire)

    assert account.available_cents == 1060_00
    assert account.dif_share_cents == 360_00


def test_each_person_holds_her_own_account():
    camille, alix = TitulaireFactory(birth_name="Camille"), TitulaireFactory(birth_name="Alix")
    give(camille, 500_00)
    give(alix, 800_00)

    assert RightsAccount.objects.held_by(camille).available_cents == 500_00
    assert [m.amount_cents for m in Movement.objects.for_titulaire(alix)] == [800_00]


def test_balance_runs_over_the_account_by_day_then_by_order_of_arrival():
    titulaire = TitulaireFactory()
    give(titulaire, 300_00, effective_on=date(2022, 4, 1))
    give(titulaire, 500_00, effective_on=date(2020, 4, 1))
    give_dif(titulaire, 15_00, effective_on=date(2020, 4, 1))
    give(TitulaireFactory(), 999_00, effective_on=date(2019, 4, 1))

    movements = Movement.objects.for_titulaire(titulaire).with_balance().newest_first()

    assert [(m.amount_cents, m.balance_cents) for m in movements] == [
        (300_00, 815_00),
        (15_00, 515_00),
        (500_00, 500_00),
    ]
    assert all(type(movement.balance_cents) is int for movement in movements)


def test_movement_cannot_be_saved_twice():
    movement = give(TitulaireFactory())
    movement.amount_cents = 1

    with pytest.raises(Immutable):
        movement.save()

    assert Movement.objects.get().amount_cents == 500_00


def test_movement_cannot_take_the_place_of_another():
    movement = give(TitulaireFactory())

    with pytest.raises(IntegrityError), transaction.atomic():
        new_movement(movement.account, pk=movement.pk).save()

    assert Movement.objects.get().idempotency_key == movement.idempotency_key


def test_movement_cannot_be_deleted():
    movement = give(TitulaireFactory())

    with pytest.raises(Immutable):
        movement.delete()

    assert Movement.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda movements, movement: movements.update(amount_cents=1),
        lambda movements, movement: movements.delete(),
        lambda movements, movement: movements.bulk_update([movement], ["amount_cents"]),
        lambda movements, movement: movements.update_or_create(
            pk=movement.pk, defaults={"amount_cents": 1}
        ),
        lambda movements, movement: movements.bulk_create(
            [movement],
            update_conflicts=True,
            unique_fields=["idempotency_key"],
            update_fields=["amount_cents"],
        ),
    ],
    ids=["update", "delete", "bulk_update", "update_or_create", "upsert"],
)
@pytest.mark.parametrize("entry", [lambda: Movement.objects, lambda: Movement.objects.all()])
def test_movements_refuse_every_change(change, entry):
    movement = give(TitulaireFactory())
    movement.amount_cents = 1

    with pytest.raises(Immutable):
        change(entry(), movement)

    assert [m.amount_cents for m in Movement.objects.all()] == [500_00]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount_cents": 0}, "Un mouvement a un montant différent de zéro"),
        ({"amount_cents": 1_000_000_01}, "d’un million d’euros au plus"),
        ({"amount_cents": -1}, "La nature du mouvement dit s’il ajoute ou s’il retire."),
        ({"kind": MovementKind.CORRECTION}, "Une correction porte un motif."),
        ({"kind": MovementKind.DIF}, "La poche ne correspond pas à la nature du mouvement."),
        ({"kind": "cadeau"}, "La poche ne correspond pas à la nature du mouvement."),
        ({"pocket": "poche"}, "La poche ne correspond pas à la nature du mouvement."),
        ({"year": 2003}, "L’année va de 2004 à 2100."),
    ],
)
def test_movement_rules_are_told_in_french_and_held_by_the_database(fields, sentence):
    account = give(TitulaireFactory()).account
    movement = new_movement(account, **fields)

    with pytest.raises(ValidationError) as raised:
        movement.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        movement.save()

    assert any(sentence in message for message in raised.value.messages)


def test_movement_within_the_rules_is_written():
    account = give(TitulaireFactory()).account

    new_movement(account, amount_cents=1_000_000_00, year=2004).save()

    assert account.movements.count() == 2


@pytest.mark.parametrize("pocket", Pocket)
def test_balance_below_zero_is_refused_by_the_database(pocket):
    account = give(TitulaireFactory()).account

    with pytest.raises(IntegrityError), transaction.atomic():
        RightsAccount.objects.filter(pk=account.pk).update(**{pocket.balance_field: -1})

    assert RightsAccount.objects.filter(pk=account.pk).update(**{pocket.balance_field: 0}) == 1


def test_person_with_rights_cannot_be_deleted():
    titulaire = TitulaireFactory()
    give(titulaire)

    with pytest.raises(Exception, match="protected"):
        titulaire.delete()


def test_names_tell_nothing_of_the_person():
    movement = give(TitulaireFactory(birth_name="ZZCANARINOM"))
    StaffFactory()

    assert str(movement) == f"mouvement n° {movement.pk}"
    assert str(movement.account) == f"compte de droits n° {movement.account.pk}"
