"""The home page, made of the two panels of the seed, and the health check."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.views import search_page
from rights.models import RightsAccount


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    titulaire = getattr(request.user, "titulaire", None)
    rights = titulaire and RightsAccount.objects.held_by(titulaire)
    return render(request, "home.html", {"rights": rights})


@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    """The search of the catalogue, with the rights of the person signed in to compare the prices to."""
    titulaire = getattr(request.user, "titulaire", None)
    budget_cents = RightsAccount.objects.held_by(titulaire).available_cents if titulaire else None
    return search_page(request, budget_cents=budget_cents)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Say whether the portal can serve: 200, or 503 while the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"etat": "base de données indisponible"}, status=503)
    return JsonResponse({"etat": "ok"})
