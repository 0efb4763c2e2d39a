"""What the audit trail is told by the rooms that may not write it: the administration, the catalogue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.models import EventKind, Titulaire, User

# A post that is sent there has done nothing yet: the reason is asked first.
DETOURS = {"accounts_titulaire_open"}
MOST_ROWS = 100  # chosen in a list, that are named one by one


@contextmanager
def staff_action(
    request: HttpRequest, view: Callable
) -> Iterator[Callable[[HttpResponse], HttpResponse]]:
    """Give what the view answers to what is yielded: a post that succeeded and told nothing is told here.

    The line follows the transaction of the view, which may be durable and takes no other around it.
    """
    actor = request.user
    target = _target(view, request)  # before the view, which may delete it
    with audit.recording() as told:

        def done(response: HttpResponse) -> HttpResponse:
            if not told and actor.is_authenticated and actor.is_staff and _is_done(response):
                _tell(request, actor, target, _chosen(view, request))
            return response

        yield done


def note_catalogue(kind: str, *, target: models.Model, **facts: object) -> None:
    """Tell the trail what the catalogue did (settings.CATALOGUE_OBSERVER)."""
    audit.record(kind=AuditKind(kind), actor=None, target=target, **facts)


@transaction.atomic
def _tell(
    request: HttpRequest, actor: User, target: models.Model | None, chosen: dict[str, object]
) -> None:
    titulaire = _titulaire_of(target)
    person = target if isinstance(target, User) else getattr(titulaire, "user", None)
    if target is not None and person is not None and not person.is_staff:
        about = str(target._meta.verbose_name)
        services.record(user=person, kind=EventKind.STAFF_ACTION, author=actor, detail=about)
    route = request.resolver_match.view_name if request.resolver_match else ""
    audit.record(
        kind=AuditKind.STAFF_ACTION,
        actor=actor,
        person=person,
        titulaire=titulaire,
        target=target,
        route=route,
        **chosen,
    )


def _is_done(response: HttpResponse) -> bool:
    """A form with errors is shown again, a page that asks for a confirmation has done nothing."""
    if response.status_code == 200:
        return response.has_header("Content-Disposition")
    if not 300 <= response.status_code < 400:
        return False
    try:
        return resolve(urlsplit(response.headers["Location"]).path).url_name not in DETOURS
    except Resolver404:
        return True


def _model(view: Callable) -> type[models.Model] | None:
    return getattr(getattr(view, "__self__", None), "model", None)


def _target(view: Callable, request: HttpRequest) -> models.Model | None:
    model, match = _model(view), request.resolver_match
    kwargs = match.kwargs if match else {}
    pk = kwargs.get("object_id", kwargs.get("pk"))
    if model is None or pk is None:
        return None
    try:
        return model._base_manager.filter(pk=pk).first()
    except (TypeError, ValueError, OverflowError):  # no key of this model
        return None


def _chosen(view: Callable, request: HttpRequest) -> dict[str, object]:
    """Return the action of a list and the rows it was done to; nothing else of what was posted."""
    name = request.POST.get("action", "")
    owner = getattr(view, "__self__", None)
    if not name or not hasattr(owner, "get_actions") or name not in owner.get_actions(request):
        return {}
    rows = [int(pk) for pk in request.POST.getlist("_selected_action") if pk.isdecimal()]
    rows = [pk for pk in rows if pk < audit.MAX_NUMBER]
    return {"action": name, "count": len(rows), "rows": rows[:MOST_ROWS]}


def _titulaire_of(target: models.Model | None) -> Titulaire | None:
    if isinstance(target, Titulaire):
        return target
    holder = getattr(target, "account", target)
    found = getattr(holder, "titulaire", None)
    return found if isinstance(found, Titulaire) else None
