"""Close an account in every room of the portal: the only place that may know them all."""

from datetime import datetime

from django.db import transaction

from accounts import services
from accounts.models import User


@transaction.atomic
def close(*, user: User, now: datetime) -> None:
    """Erase the account of a citizen; the ledger of her rights stays, under a pseudonym."""
    services.close_account(user=user, now=now)


def close_inactive(*, now: datetime, is_dry_run: bool = False) -> int:
    """Close the accounts idle for 24 months whose holder was told; return how many."""
    idle = services.inactive_to_close(now=now)
    if not is_dry_run:
        for user in idle:
            close(user=user, now=now)
    return len(idle)
