"""What a signed-in person sees of her rights and of her requests."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Titulaire
from rights.models import Movement, RightsAccount

MOVEMENTS_PER_PAGE = 25


def titulaire_page(view: Callable[[HttpRequest, Titulaire], HttpResponse]):
    """Give `view` the titulaire who is signed in; tell the staff, who hold no rights, whose page it is."""

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponse:
        if request.user.titulaire is None:
            return render(request, "rights/staff.html")
        return view(request, request.user.titulaire)

    return wrapper


@titulaire_page
def summary(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    movements = Movement.objects.for_titulaire(titulaire).with_balance().newest_first()
    page_obj = Paginator(movements, MOVEMENTS_PER_PAGE).get_page(request.GET.get("page"))
    account = RightsAccount.objects.held_by(titulaire)
    return render(request, "rights/summary.html", {"account": account, "page_obj": page_obj})


@titulaire_page
def dossiers(request: HttpRequest, titulaire: Titulaire) -> HttpResponse:
    return render(request, "rights/dossiers.html")
