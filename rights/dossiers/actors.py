"""Who takes a step of a dossier."""

from dataclasses import dataclass
from typing import Self

from accounts.models import User
from rights.dossiers.states import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """`user` is the account that acts, when one does; `acr` what FranceConnect said of its session."""

    kind: ActorKind
    user: User | None = None
    name: str = ""
    acr: str = ""

    @classmethod
    def titulaire(cls, user: User, *, acr: str = "") -> Self:
        """The person herself; `acr` is `accounts.spending.passed_acr(request.session)`."""
        return cls(ActorKind.TITULAIRE, user, acr=acr)

    @classmethod
    def provider(cls, *, staff: User | None = None, name: str = "") -> Self:
        """The provider: by the staff that types its answer, or by its software, whose key is `name`."""
        return cls(ActorKind.PROVIDER, staff, name)

    @classmethod
    def staff(cls, user: User) -> Self:
        return cls(ActorKind.STAFF, user)


CLOCK = Actor(ActorKind.CLOCK)
PAYMENT = Actor(ActorKind.PAYMENT)
