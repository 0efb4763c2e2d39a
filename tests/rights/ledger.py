"""Shorthands of the rights tests."""

from datetime import date
from itertools import count

from accounts.models import Titulaire
from rights.models import Movement, MovementKind, Pocket, Reservation, RightsAccount
from rights.services import credit, reserve, spend

_keys = count(1)


def give(titulaire: Titulaire, amount_cents: int = 500_00, **fields) -> Movement:
    """Credit a year of work by default; `fields` are those of `credit`."""
    content = {
        "kind": MovementKind.YEARLY_CREDIT,
        "pocket": Pocket.CPF,
        "effective_on": date(2021, 4, 15),
        "year": 2020,
        "source": "DSN",
        "legal_basis": "Code du travail, art. R6323-1, I",
        "idempotency_key": f"test:{next(_keys)}",
    }
    return credit(titulaire=titulaire, amount_cents=amount_cents, **(content | fields))


def give_dif(titulaire: Titulaire, amount_cents: int = 360_00, **fields) -> Movement:
    content = {"kind": MovementKind.DIF, "pocket": Pocket.DIF, "year": 2014}
    return give(titulaire, amount_cents, **(content | fields))


def give_abondement(titulaire: Titulaire, amount_cents: int = 200_00, **fields) -> Movement:
    content = {"kind": MovementKind.ABONDEMENT, "pocket": Pocket.ABONDEMENT}
    return give(titulaire, amount_cents, **(content | fields))


def spend_dif(
    account: RightsAccount, amount_cents: int, on: date = date(2021, 5, 2)
) -> Reservation:
    """Pay a training with the DIF, which is used first."""
    held = reserve(
        account=account,
        amount_cents=amount_cents,
        reference=f"test:{next(_keys)}",
        today=on,
    )
    return spend(reservation=held, amount_cents=amount_cents, today=on)
