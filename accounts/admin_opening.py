"""A member of the staff opens the file of a person with a reason, which she reads in her history."""

from datetime import datetime, timedelta

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.models import EventKind, Titulaire
from accounts.own_person import refused

OPEN_FOR = timedelta(
    minutes=30
)  # without a use: a call to the support, and what is written after it
NOTED_EVERY = timedelta(minutes=1)  # so that a page does not write the session each time
SESSION_KEY = "opened_files"
PERSON_LINKS = ("titulaire", "user", "account")  # how the rows of a list belong to somebody
OF_ONE = "__id__exact"
MAX_DIGITS = 18  # what a key can have


class OpenedFileAdmin:
    """Mixin: the page of a row shows nothing before the file of its person was opened with a reason."""

    def titulaire_of(self, row) -> Titulaire | None:
        """Return the person whose file this row belongs to, if it belongs to one."""
        raise NotImplementedError

    def changelist_view(self, request, extra_context=None):
        if closed := self.closed_list_of(request):
            return closed
        return super().changelist_view(request, extra_context)

    def _person_filters(self) -> dict[str, type[models.Model]]:
        """Return the parameters that narrow the list to one person, each with what its number names."""
        return {
            field.name + OF_ONE: field.related_model
            for field in self.opts.get_fields()
            if field.name in PERSON_LINKS and field.many_to_one
        }

    def closed_list_of(self, request: HttpRequest) -> HttpResponse | None:
        """Return the way to the reason to give when the list is asked for a person whose file is closed."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        for parameter, model in self._person_filters().items():
            numbers = filter(_is_number, request.GET.getlist(parameter))  # no other is allowed
            for row in model._base_manager.filter(pk__in=numbers):
                if closed := still_closed(request, _holder(row)):
                    return closed
        return None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if closed := self.closed_file_of(request, object_id):
            return closed
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_view(self, request, object_id, extra_context=None):
        if closed := self.closed_file_of(request, object_id):
            return closed
        return super().history_view(request, object_id, extra_context)

    def closed_file_of(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Return the way to the reason to give for the row `object_id`, or None when nothing closes it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied  # whoever may not look does not learn who is there
        row = self.get_object(request, unquote(object_id)) if object_id else None
        return still_closed(request, self.titulaire_of(row)) if row else None


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS


def _holder(row: models.Model) -> Titulaire | None:
    return row if isinstance(row, Titulaire) else row.titulaire


def still_closed(request: HttpRequest, titulaire: Titulaire | None) -> HttpResponse | None:
    """Return the way to the reason to give, or None when the file of `titulaire` is open.

    An agent's own file is refused; who has not said which one it is says it first.
    """
    if titulaire is None:
        return None  # a row of nobody, or of a colleague
    if refusal := refused(request, titulaire):
        return refusal
    if _is_open(request, titulaire):
        _keep_open(request, titulaire)
        return None
    address = reverse("admin:accounts_titulaire_open", args=[titulaire.pk])
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


@transaction.atomic
def open_file(request: HttpRequest, titulaire: Titulaire, reason: str) -> None:
    """Note in the history of `titulaire` who opens her file and why; it stays open for OPEN_FOR.

    Who has no account has no history to read: the audit trail alone knows.
    """
    user = getattr(titulaire, "user", None)
    if user:
        services.record(
            user=user, kind=EventKind.OPENED_BY_STAFF, author=request.user, reason=reason
        )
    audit.record(
        kind=AuditKind.FILE_OPENED,
        actor=request.user,
        person=user,
        titulaire=titulaire,
        reason=reason,
    )
    still_open = {pk: moment for pk, moment in _opened(request).items() if _is_recent(moment)}
    request.session[SESSION_KEY] = still_open | {str(titulaire.pk): timezone.now().isoformat()}


def _keep_open(request: HttpRequest, titulaire: Titulaire) -> None:
    """A file in use stays open, so that what is being typed is not lost."""
    opened, key, now = _opened(request), str(titulaire.pk), timezone.now()
    if key in opened and now - datetime.fromisoformat(opened[key]) >= NOTED_EVERY:
        request.session[SESSION_KEY] = opened | {key: now.isoformat()}


def _is_open(request: HttpRequest, titulaire: Titulaire) -> bool:
    moment = _opened(request).get(str(titulaire.pk))
    return moment is not None and _is_recent(moment)


def _opened(request: HttpRequest) -> dict[str, str]:
    return request.session.get(SESSION_KEY, {})


def _is_recent(moment: str) -> bool:
    return timezone.now() - datetime.fromisoformat(moment) < OPEN_FOR
