"""Write the history of an account."""

from accounts.models import AccountEvent, EventKind, User


def record(
    *, user: User, kind: EventKind, detail: str = "", author: User | None = None, reason: str = ""
) -> AccountEvent:
    """Add a line to the history of `user` and return it, in the transaction of what it tells.

    `detail` and `reason` are read by the person: neither a number nor an address stands in them.
    `author` is a member of the staff.
    """
    return AccountEvent.objects.create(
        user=user, kind=kind, detail=detail, author=author, reason=reason
    )
