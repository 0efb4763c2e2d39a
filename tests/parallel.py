"""Real threads, each with its own connection, that start together."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

MAX_THREADS = 20


def in_parallel(function: Callable[[Any], Any], arguments: Iterable[Any]) -> list[Any]:
    """Call `function` with each argument, up to MAX_THREADS at once.

    Returns each result, or the exception raised, in the order of the arguments.
    """
    arguments = list(arguments)
    threads = min(MAX_THREADS, len(arguments))
    results: list[Any] = [None] * len(arguments)
    start = Barrier(threads, timeout=60)

    def share(first: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            for number in range(first, len(arguments), threads):
                results[number] = attempt(function, arguments[number])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(share, range(threads)))
    return results


def attempt(function: Callable[[Any], Any], argument: Any) -> Any:
    try:
        return function(argument)
    except Exception as error:
        return error
