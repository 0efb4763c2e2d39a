"""What every page of the rights asks of its visitor."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import Titulaire

View = Callable[..., HttpResponse]


def titulaire_page(*methods: str) -> Callable[[View], View]:
    """Give the view the titulaire who is signed in; tell the staff, who hold no rights, whose page it is.

    >>> @titulaire_page("GET", "POST")
    ... def dif(request, titulaire): ...
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else [*methods]

    def decorate(view: View) -> View:
        @require_http_methods(allowed)
        @wraps(view)
        def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            titulaire: Titulaire | None = request.user.titulaire
            if titulaire is None:
                return render(request, "rights/staff.html")
            return view(request, titulaire, *args, **kwargs)

        return wrapper

    return decorate
