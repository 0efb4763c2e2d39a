"""Logs without personal data: JSON lines in production, lines for people elsewhere.

Neither Django nor our applications are imported here: gunicorn reads this before they are there.
"""

import logging
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from cpf_portal.ui.redaction import redact

CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}
# In a traceback the ends of lines are kept: in JSON they are escaped, and people read it elsewhere.
CONTROL_IN_TEXT = {code: sign for code, sign in CONTROL.items() if code not in {9, 10}}
LONGEST = 20_000  # characters of one value
# Where PostgreSQL repeats the row that it refuses.
QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$", re.MULTILINE)
# Made by us, and never what somebody typed.
OURS = frozenset({"time", "level", "logger", "request_id", "actor", "person", "mac"})
SIMPLE = (str, int, float, bool, type(None))


@dataclass(slots=True)
class RequestContext:
    """The request that is being answered: its id, and the pseudonym of who is signed in ("": nobody)."""

    request_id: str
    actor: Callable[[], str]


current: ContextVar[RequestContext | None] = ContextVar("current", default=None)


def clean(value: object) -> Any:
    """Return `value` as it may stand in a log: without personal data, and with nothing but JSON in it."""
    if isinstance(value, Mapping):
        return {clean_line(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else str(value)
    cleaned = _redacted(text).translate(CONTROL_IN_TEXT)
    return value if cleaned == text and isinstance(value, int | float) else cleaned


def clean_line(text: str) -> str:
    return _redacted(text).translate(CONTROL)


def _redacted(text: str) -> str:
    return redact(QUOTED_ROW.sub(r"\1: [masqué]", text[:LONGEST]))


class NoNirFilter(logging.Filter):
    """Clean the message of every record, also for a handler whose formatter is not ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = clean_line(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True


class LineFormatter(logging.Formatter):
    """`date level logger message`; control characters are escaped, so nobody forges a line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = clean_line(record.message)
        return super().formatMessage(record).translate(CONTROL)

    def formatException(self, ei) -> str:
        return _set_back(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _set_back(stack_info)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has kept was not cleaned
        return super().format(record)


def _set_back(text: str) -> str:
    """Return a traceback behind a margin, so that none of its lines passes for one of the log."""
    return "\n".join(f"    | {line}" for line in clean(text).split("\n"))


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line: time (UTC), level, logger, event, message, request_id, actor, extras."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        extras: dict[str, Any] = {}
        super().add_fields(extras, record, message_dict)
        context = current.get()
        log_data |= {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": extras.pop("event", "error" if record.levelno >= logging.ERROR else "message"),
            "message": record.message,
            "request_id": context.request_id if context else "",
            "actor": context.actor() if context else "",
        }
        # the request itself, which Django gives to its loggers, tells too much
        told = {name: value for name, value in extras.items() if _is_told(value)}
        log_data |= {name: value for name, value in told.items() if name not in {"message"}}

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {
            clean_line(name): value if name in OURS else clean(value)
            for name, value in log_data.items()
        }


def _is_told(value: object) -> bool:
    return isinstance(value, (*SIMPLE, Mapping, list, tuple, set, frozenset, bytes))


def formatter_named(name: str) -> logging.Formatter:
    """Return the formatter of JSON lines ("json") or of lines for people ("line")."""
    return JsonLineFormatter() if name == "json" else LineFormatter()
