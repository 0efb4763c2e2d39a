"""The settings of gunicorn: `gunicorn -c python:cpf_portal.serving cpf_portal.wsgi`.

gunicorn reads this before Django is set up: what needs it is imported by the worker, once it is there.
"""

import datetime
import os
import socket
from typing import Any

from gunicorn import util
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from cpf_portal.logs import NoNirFilter, formatter_named

IS_PRODUCTION = os.environ.get("PORTAL_ENV", "production") == "production"
LOG_FORMAT = os.environ.get("LOG_FORMAT", "json" if IS_PRODUCTION else "line")

worker_class = "gthread"
accesslog = "-" if IS_PRODUCTION else None
# bytes, the most that gunicorn takes: the address of a search holds its filters
limit_request_line = 8190


class PortalLogger(Logger):
    """gunicorn's own logs in the format of the portal, as careful of personal data."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.addFilter(NoNirFilter())
                handler.setFormatter(formatter_named(LOG_FORMAT))

    def access(
        self, resp: Any, req: Any, environ: dict[str, Any], request_time: datetime.timedelta
    ) -> None:
        """Tell what was asked and how long it took: neither the address, nor the query, nor the browser."""
        if not self.access_log_enabled:
            return
        headers = {name.lower(): value for name, value in resp.headers}
        status = str(resp.status).partition(" ")[0]
        self.access_log.info(
            "%s %s %s", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"), status,
            extra={
                "event": "request",
                "status": int(status) if status.isdecimal() else 0,
                "bytes": getattr(resp, "sent", None),
                "milliseconds": round(request_time.total_seconds() * 1000, 1),
                "request_id": headers.get("x-request-id", ""),
            },
        )  # fmt: skip


logger_class = PortalLogger


def post_worker_init(worker: Worker) -> None:
    """Called in each worker once it can answer."""
    # gunicorn has no setting for the page of what it refuses before Django sees it
    util.write_error = write_error
    if os.environ.get("PORTAL_WELCOME") and worker.age == 1:
        say_welcome(*worker.sockets[0].getsockname()[:2])


def say_welcome(host: str, port: int) -> None:
    """Tell who started the portal where it is and how to enter, now that it answers."""
    from django.db import connections  # noqa: PLC0415 see above

    from cpf_portal.management.commands.prepare import welcome  # noqa: PLC0415 see above

    print(welcome(host, port), flush=True)  # noqa: T201 gunicorn has no other way to the terminal
    connections.close_all()


def write_error(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer what gunicorn cannot read in French, as the portal does; `mesg` repeats what was sent."""
    util.write_nonblock(sock, refusal(status_int, reason))


def refusal(status: int, reason: str) -> bytes:
    """Return the whole answer: 414 for too long an address, 431 for headers, 400, or 500."""
    from cpf_portal.errors import static_page  # noqa: PLC0415 see above
    from cpf_portal.middleware import CSP  # noqa: PLC0415 see above

    page = static_page("500.html" if status == 500 else "request_refused.html").encode()
    head = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        f"Content-Security-Policy: {CSP}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    ]
    return "\r\n".join([*head, "", ""]).encode() + page
