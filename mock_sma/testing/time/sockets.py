"""Reads of blocking sockets whose timeout runs by the world's clock: only of those that lead to the world's server.

Any other socket keeps its real timeout: who answers there lives by the real clock.
"""

from __future__ import annotations

import selectors
import socket
import ssl
from contextlib import suppress
from functools import wraps
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mock_sma.testing.time.virtual import VirtualTime

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def reading(virtual: VirtualTime, ports: Collection[int], real: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method of sockets that reads, and first waits by the world's clock until there is something to read."""

    @wraps(real)
    def read(self: socket.socket, *arguments: Any, **options: Any) -> Any:
        timeout = self.gettimeout()
        if timeout == 0.0 or not _leads_to(self, ports) or virtual.is_real():
            return real(self, *arguments, **options)
        found: list[Any] = []

        def look(seconds: float) -> bool:
            if not _is_readable(self, seconds):
                return False
            self.settimeout(0.0)
            # What has come under TLS may be a session's ticket, and nothing to read.
            with suppress(BlockingIOError, ssl.SSLWantReadError):
                try:
                    found.append(real(self, *arguments, **options))
                finally:
                    self.settimeout(timeout)
            return bool(found)

        deadline = inf if timeout is None else virtual.monotonic() + timeout
        if not virtual.wait(look, deadline, lambda: _has_come(self)):
            raise TimeoutError("The read operation timed out" if isinstance(self, ssl.SSLSocket) else "timed out")
        return found[0]

    return read


def _leads_to(sock: socket.socket, ports: Collection[int]) -> bool:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    try:
        host, port = sock.getpeername()[:2]
    except OSError:
        return False
    return port in ports and host in ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def _is_readable(sock: socket.socket, seconds: float) -> bool:
    return (isinstance(sock, ssl.SSLSocket) and bool(sock.pending())) or _has_come(sock, seconds)


def _has_come(sock: socket.socket, seconds: float = 0.0) -> bool:
    """Tell whether bytes have come that nobody has taken; this may be asked from any thread."""
    # Its own thread may close it just now.
    with suppress(ValueError, KeyError, OSError), _Selector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))
    return False
