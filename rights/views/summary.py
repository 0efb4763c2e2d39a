"""What a signed-in person sees of her rights and of her requests."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Titulaire
from rights.models import Movement, RightsAccount
from rights.views.common import titulaire_page

MOVEMENTS_PER_PAGE = 25


@titulaire_page("GET")
def summary(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    movements = Movement.objects.for_titulaire(titulaire).with_balance().newest_first()
    page_obj = Paginator(movements, MOVEMENTS_PER_PAGE).get_page(request.GET.get("page"))
    account = RightsAccount.objects.held_by(titulaire)
    return render(request, "rights/summary.html", {"account": account, "page_obj": page_obj})


@titulaire_page("GET")
def dossiers(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    return render(request, "rights/dossiers.html")
