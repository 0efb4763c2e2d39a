"""Write the audit trail: one chain, whoever writes at the same time."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial

from django.db import models, transaction
from django.utils import timezone

from accounts.audit_verifying import Verification
from accounts.crypto import audit_digest
from accounts.models import AuditEvent, AuditKind, AuditMark, Titulaire, User
from cpf_portal.ui.masking import mask_nir

__all__ = ["AuditKind", "BrokenTrail", "purge", "record", "recording"]

logger = logging.getLogger(__name__)

CODE = re.compile(r"[\w.:/-]{0,100}", re.ASCII)
PSEUDONYM_LENGTH = 16  # hexadecimal characters; enough to tell people apart
MAX_NUMBER = 10**12  # a social security number is longer

_recorded: ContextVar[list[AuditEvent] | None] = ContextVar("recorded", default=None)


class BrokenTrail(Exception):
    """The head of the trail is not the one that the portal sealed: nothing is done that leaves no trace."""


def record(
    *,
    kind: AuditKind,
    actor: User | None,
    person: User | None = None,
    titulaire: Titulaire | None = None,
    target: models.Model | None = None,
    reason: str = "",
    **facts: object,
) -> AuditEvent:
    """Add a line to the audit trail and return it, in the transaction of what it tells.

    Call it last: the other writers wait from here to the end of the transaction. `actor` did it to
    `person` (her account), `titulaire` or `target`. Facts are numbers and codes, or lists of them:
    ValueError for a text that could be a name, an address or a number. Of `reason` only a keyed digest
    is kept. Raises BrokenTrail when somebody has changed the head of the trail.
    """
    if titulaire is None and person is not None:
        titulaire_pk = person.titulaire_id
    else:
        titulaire_pk = titulaire.pk if titulaire else None
    event = AuditEvent(
        kind=AuditKind(kind),
        actor_pk=actor.pk if actor else None,
        person_pk=person.pk if person else None,
        titulaire_pk=titulaire_pk,
        target_label=target._meta.label_lower if target else "",
        target_pk=str(target.pk) if target else "",
        reason_digest=audit_digest(reason, purpose="reason") if reason else "",
        facts=_harmless(facts),
    )
    _append(event)
    return event


def pseudonym(user_pk: int | None) -> str:
    """Return what stands for an account in the logs: the same each time, worth the secrecy of AUDIT_KEY."""
    if user_pk is None:
        return ""
    return audit_digest(str(user_pk), purpose="actor")[:PSEUDONYM_LENGTH]


@contextmanager
def recording() -> Iterator[list[AuditEvent]]:
    """Gather the lines that are written inside."""
    events: list[AuditEvent] = []
    token = _recorded.set(events)
    try:
        yield events
    finally:
        _recorded.reset(token)


@transaction.atomic
def purge(*, before: datetime, is_dry_run: bool = False) -> int:
    """Remove the lines written before the moment `before`; return how many.

    The last of them becomes the sealed anchor from which the trail is verified, and a line tells it.
    Raises BrokenTrail, and keeps everything, when the lines to remove are not those that were written.
    """
    kept = AuditEvent.objects.filter(happened_at__gte=before).order_by("position").first()
    old = AuditEvent.objects.filter(position__lt=kept.position) if kept else AuditEvent.objects
    last = old.order_by("-position").first()
    if last is None or is_dry_run:
        return old.count()
    for fault in Verification().up_to(last.position):
        raise BrokenTrail(f"the audit trail was changed at line {fault.position}")
    AuditMark.at(AuditMark.ANCHOR, last.position, last.mac).save()
    count = AuditEvent.objects.forget_up_to(last.position)
    record(kind=AuditKind.PURGE, actor=None, last=last.position, lines=count)
    return count


def _append(event: AuditEvent) -> None:
    # No savepoint: if the line cannot be written, what it tells does not happen either.
    with transaction.atomic(savepoint=False):
        head = AuditMark.objects.locked_head()
        if not head.is_genuine:
            raise BrokenTrail(f"the head of the audit trail was changed near line {head.position}")
        event.position = head.position + 1
        event.happened_at = (
            timezone.now()
        )  # once the lock is held, so that moments follow positions
        event.mac = event.mac_after(head.mac)
        event.save()
        AuditMark.at(AuditMark.HEAD, event.position, event.mac).save(force_update=True)
    transaction.on_commit(partial(_log, event), robust=True)
    events = _recorded.get()
    if events is not None:
        events.append(event)


def _log(event: AuditEvent) -> None:
    """Let whoever gathers the logs elsewhere hold the chain too: the mac of a line seals all before."""
    logger.info(
        "%s n° %s", event.kind, event.position,
        extra={
            "event": event.kind,
            "actor": pseudonym(event.actor_pk),
            "person": pseudonym(event.person_pk),
            "mac": event.mac,
        },
    )  # fmt: skip


def _harmless(facts: Mapping[str, object]) -> dict[str, object]:
    for name, value in facts.items():
        values = value if isinstance(value, list | tuple) else [value]
        if not all(map(_is_harmless, values)):
            raise ValueError(
                f"{name} is neither a number nor a code"
            )  # the value itself is not told
    return {name: list(v) if isinstance(v, tuple) else v for name, v in facts.items()}


def _is_harmless(value: object) -> bool:
    if isinstance(value, str):
        return CODE.fullmatch(value) is not None and mask_nir(value) == value
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, int) and abs(value) < MAX_NUMBER
