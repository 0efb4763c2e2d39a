"""Prove that the audit trail is the one that was written: each fault names its line.

The lines are read page by page, so that a million of them take no more memory than a thousand, and
the portal may write meanwhile.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, models

from accounts import triggers
from accounts.crypto import audit_digest
from accounts.models import AuditEvent, AuditMark
from accounts.models.audit import GENESIS

PAGE = 2000
UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first line concerned, and a French sentence about it."""

    position: int
    what: str


@dataclass(frozen=True, slots=True)
class ExportedHead:
    """The last line of the trail at a moment, sealed, to be kept out of reach of this machine."""

    position: int
    mac: str
    exported_at: str
    seal: str

    @classmethod
    def of(cls, mark: AuditMark, *, now: datetime) -> "ExportedHead":
        moment = now.isoformat(timespec="seconds")
        return cls(mark.position, mark.mac, moment, cls._seal(mark.position, mark.mac, moment))

    @classmethod
    def parse(cls, text: str) -> "ExportedHead":
        """Return the head written in `text`. Raises ValueError when it is not one that we sealed."""
        try:
            values = json.loads(text)
            head = cls(**values)
            genuine = cls._seal(head.position, head.mac, head.exported_at)
            if hmac.compare_digest(head.seal, genuine):
                return head
        except UNREADABLE:
            pass
        raise ValueError("not a head that this portal has sealed")

    def dump(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    @staticmethod
    def _seal(position: int, mac: str, moment: str) -> str:
        return audit_digest(f"{position}\0{mac}\0{moment}", purpose="export")


class Verification:
    """One walk along the trail; `faults` is read to its end before `head` is asked for."""

    def __init__(self) -> None:
        self.anchor = AuditMark.objects.filter(name=AuditMark.ANCHOR).first()
        self.position, self.mac = 0, GENESIS
        if self.anchor:
            self.position, self.mac = self.anchor.position, self.anchor.mac
        self.count = 0

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the triggers, the marks and the lines, first line first."""
        for name in triggers.missing(connection):
            yield Fault(0, f"le déclencheur {name} a été retiré")
        yield from self._start_faults()
        yield from self._line_faults(_lines(after=self.position))
        yield from self._head_faults()

    def head_faults(self, exported: ExportedHead) -> Iterator[Fault]:
        """Yield what no longer agrees with a head exported earlier. Call it once `faults` was read."""
        if exported.position > self.position:
            yield _removed(self.position + 1, exported.position)
            return
        line = AuditEvent.objects.filter(position=exported.position).values_list("mac", flat=True)
        known = line.first()
        if self.anchor and exported.position == self.anchor.position:
            known = self.anchor.mac
        is_purged = self.anchor is not None and exported.position < self.anchor.position
        if exported.position and not is_purged and known != exported.mac:
            yield Fault(exported.position, "réécrite depuis l’export de la tête")

    def up_to(self, last: int) -> Iterator[Fault]:
        """Yield the faults of the lines up to `last` only: those that are about to be purged."""
        yield from self._start_faults()
        yield from self._line_faults(_lines(after=self.position, last=last))

    def _start_faults(self) -> Iterator[Fault]:
        if self.anchor and not self.anchor.is_genuine:
            yield Fault(self.position, "le repère de purge a été modifié")
        before = AuditEvent.objects.filter(position__lte=self.position).order_by("position")
        if (found := before.values_list("position", flat=True).first()) is not None:
            yield Fault(found, "ajoutée avant la première ligne qui est conservée")

    def _line_faults(self, lines: "Iterable[AuditEvent | int]") -> Iterator[Fault]:
        for line in lines:
            self.count += 1
            if isinstance(line, AuditEvent):
                yield from self._step(line)
            else:
                yield Fault(line, "illisible")
                self.position = line
                self.mac = _stored_mac(line)

    def _step(self, event: AuditEvent) -> Iterator[Fault]:
        if event.position > self.position + 1:
            yield _removed(self.position + 1, event.position - 1)
        elif event.position <= self.position:
            yield Fault(event.position, "en double")
        elif not _is_sealed(event, self.mac):
            yield Fault(event.position, "modifiée, ajoutée ou déplacée (le sceau ne concorde pas)")
        self.position, self.mac = event.position, event.mac

    def _head_faults(self) -> Iterator[Fault]:
        head, last = _head_and_last()
        while last > self.position:  # written meanwhile
            yield from self._line_faults(_lines(after=self.position))
            head, last = _head_and_last()
        if head is None:
            if self.position:
                yield Fault(self.position, "le repère de la dernière ligne a été retiré")
        elif not head.is_genuine:
            yield Fault(head.position, "le repère de la dernière ligne a été modifié")
        elif head.position > self.position:
            yield _removed(self.position + 1, head.position)
        elif head.position < self.position:
            yield Fault(head.position + 1, "ajoutée après la dernière ligne")
        elif head.mac != self.mac:
            yield Fault(head.position, "le sceau n’est plus celui de la dernière ligne")


def _removed(first: int, last: int) -> Fault:
    lines = "retirée" if first == last else f"et suivantes retirées, jusqu’à la n° {last}"
    return Fault(first, lines)


def _is_sealed(event: AuditEvent, former: str) -> bool:
    try:
        return hmac.compare_digest(event.mac, event.mac_after(former))
    except UNREADABLE:
        return False


def _head_and_last() -> tuple[AuditMark | None, int]:
    """Return the head and the last position, both as one statement saw them."""
    last = AuditEvent.objects.order_by("-position").values("position")[:1]
    heads = AuditMark.objects.filter(name=AuditMark.HEAD)
    head = heads.annotate(last=models.Subquery(last)).first()
    return head, getattr(head, "last", None) or 0


def _lines(*, after: int, last: int | None = None) -> Iterator[AuditEvent | int]:
    """Yield the lines in order; the position alone of one that cannot be read."""
    lines = AuditEvent.objects.order_by("position")
    if last is not None:
        lines = lines.filter(position__lte=last)
    while page := _page(lines.filter(position__gt=after)[:PAGE]):
        yield from page
        end = page[-1]
        after = end.position if isinstance(end, AuditEvent) else end


def _page(lines: models.QuerySet[AuditEvent]) -> list[AuditEvent | int]:
    try:
        return list(lines)
    except UNREADABLE:
        return [_read(position) for position in list(lines.values_list("position", flat=True))]


def _read(position: int) -> AuditEvent | int:
    try:
        return AuditEvent.objects.get(position=position)
    except UNREADABLE:
        return position


def _stored_mac(position: int) -> str:
    return AuditEvent.objects.values_list("mac", flat=True).get(position=position)
