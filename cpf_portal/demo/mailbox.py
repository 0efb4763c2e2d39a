"""The mailbox of the demonstration: mails stay in `VAR_DIR/courriels`, where /demo/courriels/ reads them."""

import os
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

KEPT_MAILS = 200
MAIL_ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}", re.ASCII)
# A path of ours: « // » would lead to another host.
PATH = r"/(?!/)[\w./~%?=&#+:@-]*[\w/=-]|/(?!/)"


class MailboxBackend(BaseEmailBackend):
    """Keep each message in a file of its own instead of sending it; refused in production."""

    def __init__(self, fail_silently: bool = False, **kwargs) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        if not settings.DEMONSTRATION:
            raise ImproperlyConfigured(
                "EMAIL_URL doit nommer un serveur de courriels : "
                "la boîte de la démonstration n’existe pas en production."
            )

    def send_messages(self, messages: Iterable[EmailMessage]) -> int:
        sent = [_keep(message.message().as_bytes()) for message in messages if message.recipients()]
        for path in _newest_first()[KEPT_MAILS:]:
            path.unlink(missing_ok=True)
        return len(sent)


@dataclass(frozen=True, slots=True)
class Mail:
    id: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    text: str

    @property
    def html(self) -> SafeString:
        """The text, escaped; addresses of our own pages become links, no other does."""
        pattern = re.compile(rf"(?P<site>{re.escape(settings.SITE_URL)})(?P<path>{PATH})")
        pieces, end = [], 0
        for link in pattern.finditer(self.text):
            pieces += [escape(self.text[end : link.start()]), _link(link)]
            end = link.end()
        return mark_safe("".join([*pieces, escape(self.text[end:])]))  # noqa: S308 all escaped above


def mails() -> list[Mail]:
    """Return the mails that are kept, the newest first."""
    return [mail for path in _newest_first() if (mail := _read(path))]


def find(mail_id: str) -> Mail | None:
    """Return the mail named `mail_id`, or None; no text reaches another folder."""
    return _read(_folder() / f"{mail_id}.eml") if MAIL_ID.fullmatch(mail_id) else None


def _folder() -> Path:
    return settings.VAR_DIR / "courriels"


def _newest_first() -> list[Path]:
    paths = (path for path in _folder().glob("*.eml") if MAIL_ID.fullmatch(path.stem))
    return sorted(paths, reverse=True)


def _keep(content: bytes) -> Path:
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.eml"
    half_written = path.with_suffix(".part")
    half_written.write_bytes(content)
    os.replace(half_written, path)  # a reader never sees half a mail
    return path


def _read(path: Path) -> Mail | None:
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    except FileNotFoundError:  # removed since by another worker
        return None
    return Mail(
        id=path.stem,
        sent_at=datetime.fromtimestamp(int(path.stem[:20]) / 10**9, tz=UTC),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_text(message),
    )


def _text(message: ParsedMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content().strip()
    return strip_tags(content) if body.get_content_subtype() == "html" else content


def _link(match: re.Match[str]) -> SafeString:
    # Relative, so that it works whatever the host and port the portal is read on.
    return format_html('<a href="{}">{}</a>', match["path"], match[0])
