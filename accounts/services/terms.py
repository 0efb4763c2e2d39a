"""The terms that a person has accepted: her account keeps the version in force for her and its date."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.audit import AuditKind
from accounts.models import EventKind, User
from accounts.services.events import record


def must_accept_terms(user: User) -> bool:
    """Tell whether `user` holds an account under terms other than those of settings.CGU_VERSION."""
    return user.titulaire_id is not None and user.cgu_version != settings.CGU_VERSION


@transaction.atomic
def accept_terms(*, user: User, now: datetime) -> None:
    """Note that `user` accepts the terms in force, in the account and in its history; once is enough."""
    stale = User.objects.filter(pk=user.pk).exclude(cgu_version=settings.CGU_VERSION)
    if stale.update(cgu_version=settings.CGU_VERSION, cgu_accepted_at=now):
        record(user=user, kind=EventKind.TERMS_ACCEPTED, detail=f"version {settings.CGU_VERSION}")
        version = settings.CGU_VERSION
        audit.record(kind=AuditKind.TERMS_ACCEPTED, actor=user, person=user, version=version)
