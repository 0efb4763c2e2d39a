"""Nobody of the staff works on her own file: what she may do for others, somebody else does for her."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User


def is_own(agent: User, person: User | None) -> bool:
    """Whether `person`, a citizen's account, is that of `agent`: they have the same address."""
    return person is not None and _address(agent) == _address(person)


def refuse_own(request: HttpRequest, person: User | None) -> None:
    """Raise PermissionDenied when the file of `person` is that of the member of the staff who asks."""
    if is_own(request.user, person):
        raise PermissionDenied("Votre propre dossier est suivi par un autre agent.")


def of_others(agent: User, people: QuerySet[User]) -> QuerySet[User]:
    """Leave out of `people` the account of `agent` as a citizen."""
    return people.exclude(email__iexact=agent.email)


def _address(user: User) -> str:
    return user.email.strip().casefold()
