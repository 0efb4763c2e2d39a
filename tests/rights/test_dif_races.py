"""Twenty declarations at once by real requests: one DIF; and the fault is seen when the guards are off."""

from threading import Barrier

import pytest
from django.db import connection

from rights.models import DifDeclaration, Movement, MovementKind, RightsAccount
from rights.services import dif as service
from tests.factories import UserFactory
from tests.html import GuardedClient
from tests.parallel import in_parallel
from tests.rights.dif import DIF_PAGE, leave_dif_open, upload
from tests.rights.ledger import give, spend_dif

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 20


def post_all(user, count: int = AT_ONCE) -> list[int]:
    """Send `count` declarations of this person at once; return the statuses."""
    clients = [GuardedClient() for _ in range(count)]
    for client in clients:
        client.force_login(user)

    def post(client):
        return client.post(DIF_PAGE, {"hours": "24", "proof": upload()}).status_code

    return in_parallel(post, clients)


def credited() -> int:
    return Movement.objects.filter(kind=MovementKind.DIF).count()


def test_twenty_declarations_at_once_make_one_dif(var_dir):
    leave_dif_open()
    user = UserFactory()

    statuses = post_all(user)

    assert statuses == [302] * AT_ONCE
    assert DifDeclaration.objects.count() == credited() == 1
    assert RightsAccount.objects.get().dif_cents == 360_00
    assert len(list((var_dir / "pieces").iterdir())) == 1


def test_without_its_guards_the_same_run_shows_the_fault(monkeypatch):
    """All have passed what the page asks before one writes: on SQLite too, which writes one by one."""
    leave_dif_open()
    user = UserFactory()
    all_have_asked = Barrier(AT_ONCE, timeout=30)
    monkeypatch.setattr(service, "_refuse_impossible_hours", lambda *_: all_have_asked.wait())
    monkeypatch.setattr(service, "_refuse_second_declaration", lambda account: None)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX dif_one_standing_declaration")
    try:
        post_all(user)
        faults = credited()
    finally:
        DifDeclaration.objects.all().delete()
        constraint = next(
            c for c in DifDeclaration._meta.constraints if c.name == "dif_one_standing_declaration"
        )
        with connection.schema_editor() as editor:
            editor.add_constraint(DifDeclaration, constraint)

    assert faults == AT_ONCE


def test_declaration_beside_a_payment_keeps_every_cent():
    leave_dif_open()
    user = UserFactory()
    account = give(user.titulaire, 1000_00).account
    client = GuardedClient()
    client.force_login(user)

    def declare(_):
        return client.post(DIF_PAGE, {"hours": "24", "proof": upload()}).status_code

    results = in_parallel(
        lambda action: action(None), [declare, *[lambda _: spend_dif(account, 50_00)] * 4]
    )

    assert results[0] == 302
    assert not [result for result in results if isinstance(result, Exception)]
    account.refresh_from_db()
    assert account.available_cents == 1000_00 + 360_00 - 4 * 50_00
