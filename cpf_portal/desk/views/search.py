"""The home of the desk: a search, the work that waits, the figures of the day."""

import secrets

from django.contrib import admin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import audit, limits, services
from accounts.audit import AuditKind
from accounts.models import EventKind, Titulaire
from cpf_portal.desk import queues
from cpf_portal.desk.forms import SearchForm
from cpf_portal.desk.pages import page
from cpf_portal.desk.search import MAX_FOUND, Found, find, lines
from cpf_portal.desk.terms import TermKind, recognise
from cpf_portal.ui.admin import require

SESSION_KEY = "desk_searches"
KEPT = 5  # searches that a call goes back to


def home(request: HttpRequest, form: SearchForm | None = None) -> HttpResponse:
    now = timezone.now()
    return page(
        request, "home", status=422 if form and form.errors else 200, title="Bureau de l’assistance",
        form=form or SearchForm(), can_search=request.user.has_perm("accounts.search_people"),
        waiting=queues.waiting_for(request.user, now), figures=queues.figures_of_the_day(now),
        app_list=admin.site.get_app_list(request),
    )  # fmt: skip


def search(request: HttpRequest) -> HttpResponse:
    """Find who is meant; what was typed stands in no address, no session and no log."""
    require(request, "accounts.search_people")
    if request.method != "POST":
        return redirect("admin:index")  # as after a sign-in that the search led to
    form = SearchForm(request.POST)
    if not form.is_valid():
        return home(request, form)
    term = recognise(form.cleaned_data["term"])
    policy = "nir-search" if term.kind is TermKind.NIR else "desk-search"
    limits.hit(policy, person=f"staff:{request.user.pk}")
    found = find(term)
    _trace(request, term.kind, found)
    if len(found.people) == 1:
        return redirect("admin:desk_file", found.people[0])
    if found.request and request.user.has_perm("accounts.view_supportrequest"):
        return redirect("admin:accounts_supportrequest_change", found.request)
    return redirect("admin:desk_found", _keep(request, term.kind, found))


@transaction.atomic
def _trace(request: HttpRequest, kind: TermKind, found: Found) -> None:
    only = None
    if len(found.people) == 1:
        only = Titulaire.objects.select_related("user").get(pk=found.people[0])
    if user := getattr(only, "user", None):
        services.record(user=user, kind=EventKind.FOUND_BY_STAFF, author=request.user)
    audit.record(
        kind=AuditKind.SEARCHED,
        actor=request.user,
        person=user,
        titulaire=only,
        term=kind.value,
        found=len(found.people),
        has_more=found.has_more,
    )


def _keep(request: HttpRequest, kind: TermKind, found: Found) -> str:
    """Remember who was found under a key that reveals nothing; return it."""
    key = secrets.token_urlsafe(9)
    kept = list(request.session.get(SESSION_KEY, {}).items())[-(KEPT - 1) :]
    told = {"kind": kind.value, "people": found.people, "has_more": found.has_more}
    request.session[SESSION_KEY] = {**dict(kept), key: told}
    return key


def found(request: HttpRequest, key: str) -> HttpResponse:
    """Show several people, or nobody and what to try."""
    require(request, "accounts.search_people")
    kept = request.session.get(SESSION_KEY, {}).get(key)
    if kept is None:
        raise Http404
    return page(
        request, "found", title="Résultat de la recherche", form=SearchForm(), kind=kept["kind"],
        people=lines(kept["people"]), has_more=kept["has_more"], most=MAX_FOUND,
    )  # fmt: skip
