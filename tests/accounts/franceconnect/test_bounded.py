"""A provider that drips or floods is cut: five seconds in all and a bounded size, whatever it sends."""

import socket
import threading
import time

import pytest

from accounts.franceconnect import bounded
from accounts.franceconnect.exceptions import FranceConnectError, Reason
from accounts.franceconnect.http import fetch_json, fetch_text

SECONDS = 0.2
OK = b"HTTP/1.1 200 OK\r\n"
LONG = 10  # seconds after which a server of these tests gives up by itself


class Server:
    """One connection: sends `first` at once, then `piece` again and again until the other side is gone."""

    def __init__(self, first: bytes, piece: bytes = b"", every: float = 0.05):
        self.first, self.piece, self.every = first, piece, every
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(LONG)
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/"
        self.sent = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        try:
            connection, _ = self.listening.accept()
            with connection:
                connection.settimeout(LONG)
                connection.recv(65536)
                connection.sendall(self.first)
                end = time.monotonic() + LONG
                while self.piece and time.monotonic() < end:
                    connection.sendall(self.piece)
                    self.sent += len(self.piece)
                    time.sleep(self.every)
        except OSError:
            pass  # it was cut: that is what is tested

    def close(self):
        self.listening.close()
        self.thread.join(LONG)


@pytest.fixture
def serve(monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", SECONDS)
    servers = []

    def start(*args, **fields):
        servers.append(Server(*args, **fields))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"", b"H"),
        (OK, b"X-Goutte: 1\r\n"),
        (OK + b"X-Long: ", b"a"),
        (OK + b"Content-Length: 100000\r\n\r\n", b"a"),
        (OK + b"\r\n", b"a"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
    ids=["status", "headers", "one header", "length told", "no length", "chunks"],
)
def test_answer_that_drips_is_cut_in_all(serve, first, piece):
    server = serve(first, piece)
    start = time.monotonic()

    with pytest.raises(FranceConnectError) as error:
        fetch_text(server.url)

    assert error.value.reason is Reason.UNAVAILABLE
    assert time.monotonic() - start < LONG / 2  # it would have dripped for LONG


def test_answer_that_floods_is_cut_by_its_size(serve):
    server = serve(OK + b"\r\n", b"a" * 65536, every=0)

    with pytest.raises(FranceConnectError) as error:
        fetch_text(server.url)

    assert error.value.reason is Reason.UNAVAILABLE
    server.close()
    assert server.sent < 50 * bounded.MAX_BYTES  # what the system keeps for a reader is not read


def test_answer_of_the_right_size_in_time_is_read(serve):
    body = b'{"a": "%b"}' % (b"b" * 100_000)
    head = OK + b"Content-Length: %d\r\n\r\n" % len(body)

    assert fetch_json(serve(head + body).url)["a"] == "b" * 100_000


def test_compressed_answer_is_not_opened(serve):
    """Nothing of ours asks for compression, and what is small then may be huge."""
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n"

    assert fetch_text(serve(head + b"\x1f\x8b\x08\x00").url) != ""


def test_five_seconds_in_all():
    assert bounded.SECONDS == 5
    assert 2 * bounded.CONNECT_SECONDS <= bounded.SECONDS
