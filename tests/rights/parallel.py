"""Real threads, each with its own connection, that start together."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections


def in_parallel(function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    """Call `function` with each argument at once; return each result, or the exception raised."""
    arguments = list(arguments)
    start = Barrier(len(arguments), timeout=30)

    def call(argument):
        try:
            start.wait()
            return function(argument)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(call, arguments))
