"""What each answer costs the server, one line of JSON each: a middleware of the bench and of nobody else.

The file is that of the variable DESK_LOG. No address and nothing that was typed stands in it.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.clock import own_time

HEADER = "X-Desk-Answer"  # joins a line to what the browser saw
BOUNDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")  # they read and write nothing


class Cost:
    """Counts the statements of one answer and the time it takes, from now on."""

    def __init__(self) -> None:
        self.queries = 0
        self.answer = uuid4().hex
        connection.ensure_connection()
        # what a busy machine makes the database wait is left out too
        is_server = connection.vendor == "postgresql"
        self.database = [connection.connection.info.backend_pid] if is_server else []
        self.clock, self.started = time.perf_counter(), own_time(*self.database)

    def __call__(self, execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(BOUNDS):
            self.queries += 1
        if os.environ.get("DESK_SQL"):
            print(self.queries, sql[:3000], flush=True)  # noqa: T201 for who looks for the slow one
        return execute(sql, params, many, context)

    def noted(self) -> dict:
        return {
            "queries": self.queries,
            "milliseconds": max(0.0, (own_time(*self.database) - self.started) * 1000),
            "waited": (time.perf_counter() - self.clock) * 1000,
        }


class MeasuringMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = Path(os.environ["DESK_LOG"])

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cost = Cost()
        with connection.execute_wrapper(cost):
            response = self.get_response(request)
        match = request.resolver_match
        if match is None:  # a static file
            return response
        response.headers[HEADER] = cost.answer
        line = {
            "answer": cost.answer,
            "page": f"{request.method} {match.view_name}",
            "status": response.status_code,
            **cost.noted(),
        }
        if response.streaming:
            response.streaming_content = self._streamed(response.streaming_content, cost, line)
        else:
            self._write(line)
        return response

    def _streamed(self, content: Iterator[bytes], cost: Cost, line: dict) -> Iterator[bytes]:
        """A file is read while it leaves: its statements count, its time stands apart."""
        with connection.execute_wrapper(cost):
            yield from content
        self._write(line | {"queries": cost.queries, "streamed": cost.noted()["milliseconds"]})

    def _write(self, line: dict) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
