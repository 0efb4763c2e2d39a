"""Nobody of the staff works on her own file: what she may do for others, somebody else does for her.

A person is known by her social security number, whatever address she signed up with: each agent gives
hers once, before the first file that she opens, and a keyed fingerprint of it stays, never the number.
Her professional address, used for an account of her own, tells her too.
"""

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Titulaire, User


def is_own(agent: User, titulaire: Titulaire) -> bool:
    """Whether `titulaire` is `agent` herself: her number, or her address."""
    if agent.own_nir_index and agent.own_nir_index == titulaire.nir_index:
        return True
    user = getattr(titulaire, "user", None)
    return user is not None and is_own_address(agent, user.email)


def is_own_address(agent: User, email: str) -> bool:
    return agent.email.strip().casefold() == email.strip().casefold()


def refused(request: HttpRequest, titulaire: Titulaire) -> HttpResponse | None:
    """Return the refusal when `titulaire` is the member of the staff who asks, else None.

    Who has not said yet which person she is says it first.
    """
    if not request.user.own_nir_index:
        address = reverse("admin:own_number")
        return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
    return refusal(request) if is_own(request.user, titulaire) else None


def refusal(request: HttpRequest) -> HttpResponse:
    """Return the page that leaves to a colleague what is one's own."""
    values = {**admin.site.each_context(request), "title": "Votre propre dossier"}
    return render(request, "admin/staff/own_person.html", values, status=403)


def own_titulaires(agent: User) -> list[int]:
    """Return the keys of the titulaires that are `agent`: one, more when a family shares her address."""
    hers = Q(user__in=User.objects.citizens().with_email(agent.email))
    if agent.own_nir_index:
        hers |= Q(nir_index=agent.own_nir_index)
    return list(Titulaire.objects.filter(hers).values_list("pk", flat=True))
