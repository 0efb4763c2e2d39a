"""Answers of somebody else's server: five seconds in all and a bounded size, however slowly they drip.

The time-out of `requests` begins anew with each piece that comes. Here a watch, started with the request,
shuts the connection when the whole of it lasts too long.
"""

import socket
import time
from contextlib import suppress
from contextvars import ContextVar
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

SECONDS = 5.0  # from the first packet to the last
CONNECT_SECONDS = (
    2.5  # for each address of the server, of which there are two at most: IPv6 and IPv4
)
MAX_BYTES = 256 * 1024


class BoundedAdapter(HTTPAdapter):
    """For a session of requests: each answer comes whole, within SECONDS and MAX_BYTES, or as an error."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        request.headers["Accept-Encoding"] = "identity"  # what was compressed has no bound
        request.headers["Connection"] = "close"
        watch = _Watch()
        token = _watching.set(watch)
        try:
            kwargs |= {"stream": True, "timeout": (CONNECT_SECONDS, SECONDS)}
            return _read_whole(super().send(request, **kwargs))
        except (requests.RequestException, HTTPError) as error:
            if watch.is_over:
                raise requests.Timeout("too long") from None
            raise requests.ConnectionError(type(error).__name__) from None
        finally:
            _watching.reset(token)
            watch.stop()


def bound(session: requests.Session) -> None:
    """Bound every request of `session` from now on."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter())


class _Watch:
    """Shuts the connections that it follows once SECONDS have passed."""

    def __init__(self) -> None:
        self.ends_at = time.monotonic() + SECONDS
        self.is_over = False
        self._followed: list[tuple[Timer, socket.socket]] = []

    def follow(self, connection: socket.socket) -> None:
        # A second handle on the same connection: TLS takes the first one away from us.
        handle = connection.dup()
        timer = Timer(max(0.0, self.ends_at - time.monotonic()), self._shut, [handle])
        timer.daemon = True
        self._followed.append((timer, handle))
        timer.start()

    def stop(self) -> None:
        for timer, handle in self._followed:
            timer.cancel()
            timer.join()
            handle.close()

    def _shut(self, handle: socket.socket) -> None:
        self.is_over = True
        with suppress(OSError):  # it ended by itself at this very moment
            handle.shutdown(socket.SHUT_RDWR)


_watching: ContextVar[_Watch] = ContextVar("watching")


class _Watched:
    """Mixin: a connection of urllib3 that the watch follows from its first packet."""

    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()  # type: ignore[misc]
        _watching.get().follow(connection)
        return connection


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


def _read_whole(answer: requests.Response) -> requests.Response:
    """Read the body. One that was cut, even where nothing says how long it is, is an error."""
    with answer.raw as raw:
        body = raw.read(MAX_BYTES + 1, decode_content=False)
    if len(body) > MAX_BYTES:
        raise requests.ConnectionError("too big")
    if _watching.get().is_over:
        raise requests.Timeout
    answer._content = body
    answer._content_consumed = True
    return answer
