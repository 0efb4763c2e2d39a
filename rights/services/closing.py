"""The end of an account: a full-rate pension, or death; and its return when that was an error."""

from datetime import date

from django.db import transaction

from rights.models import ClosingReason, RightsAccount
from rights.services.ledger import locked


@transaction.atomic
def close_account(
    *, account: RightsAccount, reason: ClosingReason, closed_on: date
) -> RightsAccount:
    """Stop the credits and the use of the rights from `closed_on`; what was reserved goes on.

    The first closing stands (Code du travail, art. L5151-2, L6323-3 and L5421-4).
    """
    current = locked(account)
    if current.closed_on is None:
        current.closed_on, current.closing_reason = closed_on, reason
        current.save(update_fields=["closed_on", "closing_reason"])
    return current


@transaction.atomic
def reopen_account(*, account: RightsAccount) -> RightsAccount:
    """Undo a closing that was an error; nothing more when the account is open."""
    current = locked(account)
    current.closed_on, current.closing_reason = None, ""
    current.save(update_fields=["closed_on", "closing_reason"])
    return current
