"""What the pages of a dossier share: whose it is, what is refused and why, what must be proved first."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Titulaire
from accounts.sessions import has_fresh_password
from accounts.spending import SpendingRefused, passed_acr
from rights.dossiers import services
from rights.dossiers.actors import Actor
from rights.models import Dossier
from rights.views.common import View

RELATED = ("reservation", "rating", "provider", "offer__provider", "session", "titulaire")


def dossier_page(*methods: str) -> Callable[[View], View]:
    """Give the view the dossier of this reference, as it stands now; that of somebody else does not exist.

    It answers 404 to every verb, before the verb is looked at.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, reference: str, *args, **kwargs) -> HttpResponse:
            dossier = hers(request, reference)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            services.apply_deadline(dossier=dossier, at=timezone.now())
            return view(request, dossier, *args, **kwargs)

        return wrapper

    return decorate


def hers(request: HttpRequest, reference: str) -> Dossier:
    """Return the dossier of the person who is signed in. Raises Http404."""
    titulaire: Titulaire | None = request.user.titulaire
    if titulaire is None:
        raise Http404
    found = Dossier.objects.of(request.user).select_related(*RELATED)
    dossier = found.filter(reference=reference).first()
    if dossier is None:
        raise Http404
    return dossier


def actor(request: HttpRequest) -> Actor:
    return Actor.titulaire(request.user, acr=passed_acr(request.session))


def refused(request: HttpRequest, why: str, dossier: Dossier | None = None) -> HttpResponse:
    """Say that a step had no effect, and why: it came late, twice, or from an old tab."""
    if dossier is not None:
        dossier = Dossier.objects.filter(pk=dossier.pk).first()
    context = {"why": why, "dossier": dossier}
    return render(request, "rights/dossier_refused.html", context, status=409)


def unproved(request: HttpRequest, error: SpendingRefused, dossier: Dossier) -> HttpResponse:
    """Say what she must prove before her rights can be used, and how."""
    context = {"missing": error.missing.value, "dossier": dossier, "next": request.path}
    return render(request, "rights/dossier_unproved.html", context, status=403)


def password_asked(request: HttpRequest, page: str) -> HttpResponse | None:
    """Return the way to the password, then to `page`; None when it was given less than ten minutes ago."""
    if has_fresh_password(request):
        return None
    return redirect(f"{reverse('accounts:verify_password')}?{urlencode({'next': page})}")
