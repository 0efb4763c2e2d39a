"""The settings of gunicorn: `gunicorn -c python:cpf_portal.serving cpf_portal.wsgi`.

gunicorn reads this before Django is set up: what is ours is imported by the worker, once it is there.
"""

import os
import socket

from gunicorn import util
from gunicorn.workers.base import Worker

worker_class = "gthread"
# bytes, the most that gunicorn takes: the address of a search holds its filters
limit_request_line = 8190


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
