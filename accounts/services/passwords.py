"""A forgotten password, from the request to the new one."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import audit, limits
from accounts.audit import AuditKind
from accounts.exceptions import LinkUsed
from accounts.models import EmailChange, EventKind, User
from accounts.models.mail import MailKind
from accounts.nir import Nir
from accounts.services.events import record
from accounts.services.mails import post_mail, post_reset_mail
from accounts.services.sessions import close_other_sessions, end_sessions


@transaction.atomic
def request_password_reset(*, nir: Nir) -> None:
    """Promise a link to the address on file, confirmed or not.

    A number without account gets nothing, and the caller is not told. The same work is done for it: a
    mail to nobody is written, and thrown away by the task that would send it.
    """
    pk = User.objects.with_nir(nir).filter(is_active=True).values_list("pk", flat=True).first()
    post_reset_mail(user_pk=pk)


def reset_password(*, user: User, password: str) -> None:
    """Give `user` a new password, which ends all its sessions and links, and tell her by mail.

    She proved that she reads her mails: the tries counted against her are forgotten. Raises LinkUsed
    when her password changed since `user` was read, as when a link is used twice at the same time.
    """
    hashed = make_password(password)
    with transaction.atomic():
        unchanged = User.objects.filter(pk=user.pk, password=user.password)
        if not unchanged.update(password=hashed):
            raise LinkUsed
        _told(user, EventKind.PASSWORD_RESET)
        # They would end by their next request, and be listed until then.
        end_sessions(users=[user.pk])
        if user.titulaire:
            limits.unlock(user.titulaire)
        audit.record(kind=AuditKind.PASSWORD_RESET, actor=user, person=user, way="link")


def change_password(*, user: User, password: str, session_key: str) -> None:
    """Give `user`, who has given the old one, a new password; end the other sessions, tell her by mail.

    A link to a new password or a new address that is under way dies with the old one. Raises LinkUsed
    when the password changed since `user` was read.
    """
    hashed = make_password(password)
    with transaction.atomic():
        unchanged = User.objects.filter(pk=user.pk, password=user.password)
        if not unchanged.update(password=hashed):
            raise LinkUsed
        user.password = hashed
        _told(user, EventKind.PASSWORD_CHANGED)
        close_other_sessions(user=user, kept_key=session_key)
        audit.record(kind=AuditKind.PASSWORD_RESET, actor=user, person=user, way="old_password")


def _told(user: User, kind: EventKind) -> None:
    record(user=user, kind=kind)
    EmailChange.objects.filter(user=user).delete()
    post_mail(user=user, kind=MailKind.PASSWORD_CHANGED)
