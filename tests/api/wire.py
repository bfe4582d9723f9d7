"""Bytes to a server and back: whole or in pieces, pipelined, half-closed, under TLS."""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from mock_sma.api.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.api.arrival import Arrival

HOST = b"Host: localhost\r\n"
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
"""What Java's HttpClient sends with its first request to an address without TLS."""


class OnlyAsgi(Protocol):
    """The protocol with one road: every request goes by ASGI."""

    def begun(self, request: Arrival) -> None:
        """Leave each request to the application."""


def pieces(data: bytes, cuts: Iterable[float]) -> list[bytes]:
    """Return data cut at these parts of the whole."""
    places = sorted({0, len(data), *(int(cut * len(data)) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def talk(port: int, *sent: bytes, half: bool = False, pause: float = 0.001) -> bytes:
    """Send pieces on one connection and return all that comes back until the server closes it.

    Args:
        half: whether the client's side is closed once all is sent.
        pause: time between two pieces, so that they arrive as pieces [s].
    """
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, piece in enumerate(sent):
            if number and pause:
                time.sleep(pause)
            sock.sendall(piece)
        if half:
            sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(1 << 16), b""))


class Secure:
    """A client under TLS that says itself when its bytes go out."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str = "localhost") -> None:
        self._sock = sock
        self._received, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._end = context.wrap_bio(self._received, self._outgoing, server_hostname=name)
        self._do(self._end.do_handshake)

    def _do(self, step: Callable[[], object]) -> object:
        """Do one step of TLS, with all that it sends and waits for; None where the connection has ended."""
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                if not self._exchange():
                    return None
            except ssl.SSLError:
                return None
            else:
                self._flush()
                return done

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._sock.sendall(self._outgoing.read())

    def _exchange(self) -> bool:
        self._flush()
        data = self._sock.recv(1 << 16)
        self._received.write(data) if data else self._received.write_eof()
        return bool(data)

    def send(self, piece: bytes) -> None:
        """Send one piece."""
        self._do(lambda: self._end.write(piece))

    def close_half(self) -> None:
        """Say that nothing more comes (``close_notify``), and go on reading."""
        with suppress(ssl.SSLError):
            self._end.unwrap()
        self._sock.sendall(self._outgoing.read())

    def read(self) -> bytes:
        """Return what comes next; nothing at the end."""
        return bytes(self._do(lambda: self._end.read(1 << 16)) or b"")  # type: ignore[call-overload]


def talk_tls(port: int, context: ssl.SSLContext, *sent: bytes, half: bool = False, pause: float = 0.001) -> bytes:
    """The same under TLS, where half closed means that ``close_notify`` has been sent, right behind the requests."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = Secure(sock, context)
        for piece in sent:
            secure.send(piece)
            if pause:
                time.sleep(pause)
        if half:
            secure.close_half()
        return b"".join(iter(secure.read, b""))
