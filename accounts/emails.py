"""From a row of the outbox to a mail that left. The text holds nothing that the user typed, but for the
names of her own searches, which go to the address that she confirmed.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import OutgoingMail, User
from accounts.models.mail import MailKind
from accounts.tokens import (
    make_confirmation_token,
    make_email_change_token,
    make_news_token,
    make_not_me_token,
)

logger = logging.getLogger(__name__)

# The wait after each failure; then the mail is given up.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
DELIVERY_ERRORS = (smtplib.SMTPException, OSError, ValueError)


def deliver(mail_pk: int) -> bool:
    """Send a mail of the outbox if it is due; tell whether it left.

    A failure of the mail server is noted on the row, which becomes due again after a while. Two calls
    at the same time send once. May send twice only if the process dies between the two.
    """
    mail = _claim(mail_pk, timezone.now())
    if mail is None:
        return False
    if _is_unwanted(mail):
        mail.delete()
        return False
    try:
        build(mail).send()
    except DELIVERY_ERRORS as error:
        _note(mail, error)
        return False
    OutgoingMail.objects.filter(pk=mail.pk).update(
        sent_at=timezone.now(), last_error="", recipient="", facts={}
    )
    return True


def due(now: datetime) -> list[int]:
    """Return the pk of the mails to be sent at `now`, oldest first."""
    waiting = OutgoingMail.objects.due(now).filter(attempts__lt=len(BACK_OFF))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _claim(mail_pk: int, now: datetime) -> OutgoingMail | None:
    """Take the mail for this process: the conditional UPDATE has one winner."""
    mail = OutgoingMail.objects.select_related("user").filter(pk=mail_pk).first()
    if mail is None or mail.attempts >= len(BACK_OFF):
        return None
    is_won = (
        OutgoingMail.objects.due(now)
        .filter(pk=mail.pk, attempts=mail.attempts)
        .update(attempts=F("attempts") + 1, next_attempt_at=now + BACK_OFF[mail.attempts])
    )
    return mail if is_won else None


def _is_unwanted(mail: OutgoingMail) -> bool:
    """Whether it goes to nobody, or the person has refused, lost or closed what this mail of news is for."""
    if mail.user is None and not mail.recipient:
        return True  # written for a number without account, which must cost the same
    if mail.kind != MailKind.SEARCH_NEWS:
        return False
    return not User.objects.wanting_news().filter(pk=mail.user_id).exists()


def _note(mail: OutgoingMail, error: Exception) -> None:
    # Servers repeat the address in their answers: only the kind of error and its code are kept.
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None) or ""
    reason = f"{type(error).__name__} {code}".strip()
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error=reason)
    logger.warning("Le courriel n° %s n’est pas parti : %s", mail.pk, reason)


def build(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Return the message, in text and HTML, with its links made now."""
    link = settings.SITE_URL + _LINKS[MailKind(mail.kind)](mail)
    context = mail.facts | {
        "link": link,
        "site": settings.SITE_URL,
        "deadline": mail.user.confirmation_deadline if mail.user else None,
        "site_name": settings.SITE_NAME,
        "operator": settings.PORTAL_OPERATOR,
    }
    if mail.kind == MailKind.DOSSIER:
        token = make_not_me_token(_user(mail))
        context["not_me_link"] = settings.SITE_URL + reverse("accounts:not_me", args=[token])
    message = EmailMultiAlternatives(
        subject=render_to_string(f"emails/{mail.kind}_subject.txt", context).strip(),
        body=render_to_string(f"emails/{mail.kind}.txt", context),
        to=[_address(mail)],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
            **_ways_out(mail, link),
        },
    )
    message.attach_alternative(render_to_string(f"emails/{mail.kind}.html", context), "text/html")
    return message


def _ways_out(mail: OutgoingMail, link: str) -> dict[str, str]:
    """Return what gives a mail program its « Se désabonner » button (RFC 8058), for a mail that stops."""
    if mail.kind != MailKind.SEARCH_NEWS:
        return {}
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _address(mail: OutgoingMail) -> str:
    if mail.recipient or mail.user is None:
        return mail.recipient
    return mail.user.email


def _confirmation_link(mail: OutgoingMail) -> str:
    return reverse("accounts:confirm_email", args=[make_confirmation_token(_user(mail))])


def _new_password_link(mail: OutgoingMail) -> str:
    user = _user(mail)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse(
        "accounts:password_reset_confirm", args=[uid, default_token_generator.make_token(user)]
    )


def _email_change_link(mail: OutgoingMail) -> str:
    token = make_email_change_token(_user(mail), mail.recipient)
    return reverse("accounts:email_change_confirm", args=[token])


def _stop_news_link(mail: OutgoingMail) -> str:
    return reverse("accounts:news_stop", args=[make_news_token(_user(mail))])


def _dossier_link(mail: OutgoingMail) -> str:
    return reverse("rights:dossier", args=[mail.facts["reference"]])


def _user(mail: OutgoingMail) -> User:
    if mail.user is None:
        raise ValueError("this kind of mail goes to an account")
    return mail.user


def _to(route: str) -> Callable[[OutgoingMail], str]:
    return lambda mail: reverse(route)


_LINKS: dict[MailKind, Callable[[OutgoingMail], str]] = {
    MailKind.CONFIRMATION: _confirmation_link,
    MailKind.PASSWORD_RESET: _new_password_link,
    MailKind.STAFF_INVITATION: _new_password_link,
    MailKind.PASSWORD_CHANGED: _to("accounts:password_reset"),
    MailKind.EMAIL_CHANGE: _email_change_link,
    MailKind.EMAIL_CHANGE_ASKED: _to("accounts:password_reset"),
    MailKind.EMAIL_CHANGED: _to("accounts:support_ask"),
    MailKind.CONTACT_CHANGED: _to("accounts:profile"),
    MailKind.NEW_BROWSER: _to("accounts:sessions"),
    MailKind.RECOVERY_CODES: _to("accounts:password_reset"),
    MailKind.SUPPORT_RECEIVED: _to("accounts:support_follow"),
    MailKind.SUPPORT_ANSWERED: _to("accounts:support_follow"),
    MailKind.SUPPORT_MESSAGE: _to("accounts:contact"),
    MailKind.ACCOUNT_TRANSFERRED: _to("accounts:support_ask"),
    MailKind.ACCOUNT_BLOCKED: _to("accounts:blocked"),
    MailKind.ACCOUNT_UNBLOCKED: _to("accounts:login"),
    MailKind.INACTIVITY: _to("accounts:login"),
    MailKind.ACCOUNT_CLOSED: _to("accounts:signup"),
    MailKind.ACCOUNT_TAKEN_OVER: _to("pages:help"),
    MailKind.SEARCH_NEWS: _stop_news_link,
    MailKind.DOSSIER: _dossier_link,
    MailKind.DIF_ACCEPTED: _to("rights:dif"),
    MailKind.DIF_REFUSED: _to("rights:dif"),
}
