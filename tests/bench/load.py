"""A bounded load on one address of the loopback: so many requests on so many connections."""

import itertools
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    per_second: float
    p50_ms: float
    p95_ms: float


def run(
    port: int,
    path: str | Sequence[str],
    *,
    requests: int,
    connections: int,
    cookie: str = "",
) -> Measure:
    """Send `requests` GET of `path`, or of each path in turn, shared by `connections`.

    Raises if an answer is not 200.
    """
    paths = [path] if isinstance(path, str) else path
    numbers = itertools.count()
    durations: list[float] = []
    failures: list[str] = []

    def worker() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            stream = connection.makefile("rb")
            while not failures and (number := next(numbers)) < requests:
                started = time.perf_counter()
                asked = paths[number % len(paths)]
                connection.sendall(request_bytes(port, asked, number, cookie))
                status = read_answer(stream)
                durations.append(time.perf_counter() - started)
                if status != 200:
                    failures.append(f"{asked}: {status}")

    threads = [threading.Thread(target=worker) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if failures or len(durations) < requests:
        raise RuntimeError(failures[0] if failures else f"{paths[0]}: answers are missing")
    durations.sort()
    return Measure(
        per_second=requests / elapsed,
        p50_ms=1000 * durations[len(durations) // 2],
        p95_ms=1000 * durations[int(len(durations) * 0.95)],
    )


def request_bytes(port: int, path: str, number: int, cookie: str) -> bytes:
    # Each request comes from another visitor, so that the limits do not answer in the page's place.
    visitor = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "X-Forwarded-Proto: https",
        f"X-Forwarded-For: {visitor}",
        *([f"Cookie: __Host-session={cookie}"] if cookie else []),
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def read_answer(stream) -> int:
    status = int(stream.readline().split()[1])
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)
    return status
