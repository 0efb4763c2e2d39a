"""Nobody of the staff works on her own file: what she may do for others, somebody else does for her.

A person is known by her social security number, whatever address she signed up with: each agent gives
hers once, before the first file that she opens, and a keyed fingerprint of it stays, never the number.
Her professional address, used for an account of her own, tells her too.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Titulaire, User

OWN = "Votre propre dossier est suivi par un autre agent."


def is_own(agent: User, titulaire: Titulaire) -> bool:
    """Whether `titulaire` is `agent` herself: her number, or her address."""
    if agent.own_nir_index and agent.own_nir_index == titulaire.nir_index:
        return True
    user = getattr(titulaire, "user", None)
    return user is not None and is_own_address(agent, user.email)


def is_own_address(agent: User, email: str) -> bool:
    return agent.email.strip().casefold() == email.strip().casefold()


def refuse_own(request: HttpRequest, titulaire: Titulaire) -> None:
    """Raise PermissionDenied when `titulaire` is the member of the staff who asks."""
    if is_own(request.user, titulaire):
        raise PermissionDenied(OWN)


def own_titulaires(agent: User) -> list[int]:
    """Return the keys of the titulaires that are `agent`: one, more when a family shares her address."""
    hers = Q(user__in=User.objects.citizens().with_email(agent.email))
    if agent.own_nir_index:
        hers |= Q(nir_index=agent.own_nir_index)
    return list(Titulaire.objects.filter(hers).values_list("pk", flat=True))


def number_due(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the page where an agent says which person she is, or None once she has."""
    if request.user.own_nir_index:
        return None
    address = reverse("admin:own_number")
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
