"""Killed with -9 at each point of sending, cancelling and paying: nothing of the step stays, or all of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.models import OutgoingMail
from rights.audit import find_faults
from rights.dossiers.states import Action as A
from rights.dossiers.states import State as S
from rights.models import Dossier, DossierEvent, Movement, Payment, Reservation, RightsAccount
from tests.processes import database_url
from tests.rights.dossiers.steps import PRICE, bring_to, do, given_for, make_session
from tests.rights.dossiers.worker import notify

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.concurrency,
]
ROOT = Path(__file__).parents[3]
KILLED = -9
WITHOUT_MAIL = (
    "rights.dossiers.effects:move_place",
    "rights.models:Dossier.save",
    "rights.dossiers.services:_write_event",
)
EVERYWHERE = (*WITHOUT_MAIL, "rights.dossiers.mails:queue")
FAILPOINTS = {
    A.SEND: (
        "rights.services.reservations:_open",
        "rights.services.ledger:_add",
        "rights.services.reservations:_move",
        "rights.dossiers.effects:apply",
        *EVERYWHERE,
    ),
    A.CANCEL: (
        "rights.services.reservations:_give_back",
        "rights.dossiers.payments:owe_back",
        "rights.dossiers.effects:apply",
        *EVERYWHERE,
    ),
    A.CONFIRM: ("rights.dossiers.changes:prepare", "rights.dossiers.effects:apply", *EVERYWHERE),
    # at a new price: what was kept aside is given back, then kept again
    A.ACCEPT_PROPOSAL: (
        "rights.services:release",
        "rights.services.reservations:_open",
        "rights.services:reserve",
        "rights.dossiers.effects:apply",
        *EVERYWHERE,
    ),
    A.PAY: ("rights.dossiers.payments:start", *WITHOUT_MAIL),
    "notify": ("rights.dossiers.payments:resolve", *EVERYWHERE),
}
# killed once the transaction is over: all of the step stays
COMMITTED = "rights.dossiers.services:_take"
LED_TO = {
    A.SEND: S.REQUESTED,
    A.CANCEL: S.CANCELLED,
    A.CONFIRM: S.VALIDATED,
    A.ACCEPT_PROPOSAL: S.VALIDATED,
    A.PAY: S.PAYING,
}


def ready_for(action: str) -> Dossier:
    place = make_session(places=1)
    if action == A.ACCEPT_PROPOSAL:
        return do(bring_to(S.REQUESTED, session=place), A.PROPOSE, price_cents=PRICE - 100_00)
    if action == "notify":
        return do(bring_to(S.PAYING, session=place), A.PAY)
    return bring_to(READY[action], session=place)


READY = {A.SEND: S.DRAFT, A.CANCEL: S.VALIDATED, A.CONFIRM: S.TO_VALIDATE, A.PAY: S.PAYING}


def kill(orders: list[list[str]]) -> list[int]:
    """Take each step in a process that dies at its failpoint; return how each of them ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rights.dossiers.worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "TEST_DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        input=json.dumps(orders),
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    return json.loads(done.stdout)


def everything(dossiers: list[Dossier]) -> list:
    people = [dossier.titulaire_id for dossier in dossiers]
    paths = {
        Dossier: "titulaire",
        DossierEvent: "dossier__titulaire",
        Movement: "account__titulaire",
        Reservation: "account__titulaire",
        RightsAccount: "titulaire",
        Payment: "dossier__titulaire",
        OutgoingMail: "user__titulaire",
    }
    return [
        list(model.objects.filter(**{f"{path}__in": people}).order_by("pk").values())
        for model, path in paths.items()
    ]


def take(action: str, dossier: Dossier) -> None:
    if action == "notify":
        notify(dossier)
    else:
        do(dossier, action, **given_for(dossier, action))


def test_a_killed_step_leaves_nothing_or_all_of_it():
    orders = [(point, action) for action, points in FAILPOINTS.items() for point in points]
    dossiers = [ready_for(action) for _, action in orders]
    committed = {action: ready_for(action) for action in LED_TO}
    before = everything(dossiers)

    ends = kill(
        [[*order, d.reference] for order, d in zip(orders, dossiers, strict=True)]
        + [[COMMITTED, action, dossier.reference] for action, dossier in committed.items()]
    )

    assert ends == [KILLED] * (len(orders) + len(committed))
    assert everything(dossiers) == before
    assert list(find_faults()) == []
    for (_, action), dossier in zip(orders, dossiers, strict=True):
        take(action, dossier)
    for action, state in LED_TO.items():
        committed[action].refresh_from_db()
        assert committed[action].state == state
    assert list(find_faults()) == []
