"""Writers at the same time keep one chain, whatever becomes of their transactions."""

import pytest
from django.db import transaction

from accounts.audit import record
from accounts.audit_verifying import Verification
from accounts.models import AuditEvent, AuditKind
from tests.parallel import in_parallel

WRITERS = 60


def write(number: int) -> None:
    """One line, or two of one transaction; each fifth transaction is rolled back."""
    with transaction.atomic():
        for _ in range(1 + number % 2):
            record(kind=AuditKind.SEARCHED, actor=None, writer=number)
        if number % 5 == 0:
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_one_chain_without_a_hole():
    kept = [number for number in range(WRITERS) if number % 5]

    assert in_parallel(write, range(WRITERS)) == [None] * WRITERS

    told = AuditEvent.objects.order_by("position").values_list("position", "facts")
    writers = [facts["writer"] for _, facts in told]
    assert [position for position, _ in told] == list(range(1, len(told) + 1))
    assert sorted(writers) == sorted(n for n in kept for _ in range(1 + n % 2))
    assert list(Verification().faults()) == []
