"""A member of the staff opens the file of a person with a reason, which the person reads in her history."""

from datetime import datetime, timedelta

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import audit, services
from accounts.audit import AuditKind
from accounts.models import EventKind, User
from accounts.own_person import refuse_own

OPEN_FOR = timedelta(minutes=30)  # a call to the support, and what is written after it
SESSION_KEY = "opened_files"


class OpenedFileAdmin:
    """Mixin: the page of a row shows nothing before the file of its person was opened with a reason."""

    def account_of(self, row) -> User | None:
        """Return the account of the person whose file this row belongs to, if she has one."""
        raise NotImplementedError

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied  # whoever may not look does not learn who is there
        row = self.get_object(request, unquote(object_id)) if object_id else None
        if row and (closed := still_closed(request, self.account_of(row))):
            return closed
        return super().changeform_view(request, object_id, form_url, extra_context)


def still_closed(request: HttpRequest, user: User | None) -> HttpResponse | None:
    """Return the way to the reason to give, or None when the file of `user` is open."""
    refuse_own(request, user)
    if user is None or _is_open(request, user):
        return None
    address = reverse("admin:accounts_user_open", args=[user.pk])
    return redirect(f"{address}?{urlencode({'next': request.path})}")


def open_file(request: HttpRequest, user: User, reason: str) -> None:
    """Note in the history of `user` who opens her file and why; it stays open for OPEN_FOR."""
    with transaction.atomic():
        services.record(
            user=user, kind=EventKind.OPENED_BY_STAFF, author=request.user, reason=reason
        )
        audit.record(kind=AuditKind.FILE_OPENED, actor=request.user, person=user, reason=reason)
    still_open = {pk: moment for pk, moment in _opened(request).items() if _is_recent(moment)}
    request.session[SESSION_KEY] = still_open | {str(user.pk): timezone.now().isoformat()}


def _is_open(request: HttpRequest, user: User) -> bool:
    if user.is_staff:
        return True  # no citizen's file
    moment = _opened(request).get(str(user.pk))
    return moment is not None and _is_recent(moment)


def _opened(request: HttpRequest) -> dict[str, str]:
    return request.session.get(SESSION_KEY, {})


def _is_recent(moment: str) -> bool:
    return timezone.now() - datetime.fromisoformat(moment) < OPEN_FOR
