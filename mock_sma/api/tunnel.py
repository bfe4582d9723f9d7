"""A connection that a client asks for with ``CONNECT``: TLS and HTTP of our own, or bytes to another host."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.api.framing import MAX_HEAD
from mock_sma.api.head import Refusal
from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import HTTPS, Goal
from mock_sma.api.relay import Relay
from mock_sma.api.secure import Secure

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from mock_sma.api.arrival import Arrival
    from mock_sma.api.proxy import Proxy

CONNECT = b"CONNECT "
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
WAIT = 20.0
"""Longest time to connect to another host [s]."""

_log = logging.getLogger("mock_sma.proxy")


class ProxyProtocol(Protocol):
    """One connection of a server that is a proxy too.

    Args:
        proxy: the rule of who is connected where.
        settings: the settings of uvicorn.
    """

    def __init__(self, *, proxy: Proxy, **settings: Any) -> None:
        super().__init__(**settings)
        self._settings = settings
        self._proxy = proxy
        self._begun: bytes | None = b""
        """What has arrived while it may become a CONNECT; None: it is something else, or is one."""

    def data_received(self, data: bytes) -> None:
        """Take bytes; a connection that begins with CONNECT becomes a tunnel."""
        if self._begun is None:
            super().data_received(data)
            return
        begun, self._begun = self._begun + data, None
        head, end, rest = begun.partition(b"\r\n\r\n")
        if begun.startswith(CONNECT) and end:
            self._asked(head, rest)
        elif len(begun) > MAX_HEAD and begun.startswith(CONNECT):
            self._refuse(Refusal(431, "a request line and headers together have 32 KiB at most"))
        elif begun.startswith(CONNECT) or CONNECT.startswith(begun):
            self._begun = begun
        else:
            super().data_received(begun)

    def begun(self, request: Arrival) -> Refusal | None:
        """Refuse a request whose line names another server, as clients send it to a proxy (RFC 9112, section 3.2.2)."""
        refusal = self._astray(request) if request.scheme else None
        return refusal or super().begun(request)

    def _astray(self, request: Arrival) -> Refusal | None:
        url = urlsplit(request.target.decode("ascii"))
        try:
            port = url.port or (HTTPS if url.scheme == "https" else 80)
        except ValueError:
            return Refusal(400, "the address has no port that can be")
        goal = Goal.of(f"{url.hostname}:{port}")
        if goal is None or not (goal.is_served or self._is_here(goal)):
            return Refusal(403, f"{url.hostname} is not answered here; for https a proxy is asked with CONNECT")
        return None

    def _is_here(self, goal: Goal) -> bool:
        place = self.transport.get_extra_info("sockname")
        return goal.port == place[1] and goal.host in ("localhost", place[0])

    def _asked(self, head: bytes, rest: bytes) -> None:
        """Answer a CONNECT."""
        line, *fields = head.split(b"\r\n")
        pairs = [field.partition(b":") for field in fields]
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        goal = Goal.of(line.split(b" ")[1].decode("latin-1"))
        peer = self.transport.get_extra_info("peername")
        refusal = self._proxy.refusal(goal, headers, peer[0])
        if refusal is None and rest:
            refusal = Refusal(400, "a tunnel is used after it has been granted (RFC 9110, section 9.3.6)")
        if refusal is not None or goal is None:
            self._refuse(refusal or Refusal(400, "CONNECT names no host"))
            return
        # From here on the connection is the tunnel's.
        self.release()
        if goal.is_served:
            self._serve(goal)
        else:
            self._keep(self._pass(goal))

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _serve(self, goal: Goal) -> None:
        """Answer within the tunnel, under TLS."""
        told = "%s: the client ended the TLS handshake (%s); does it trust the authority?"
        secure = Secure(
            self._proxy.within(**self._settings),
            self._proxy.context,
            lambda error: _log.warning(told, goal.host, error),
        )
        self.transport.write(ESTABLISHED)
        self.transport.set_protocol(secure)
        secure.connection_made(self.transport)

    async def _pass(self, goal: Goal) -> None:
        """Connect to another host."""
        transport = self.transport
        transport.pause_reading()
        try:
            async with asyncio.timeout(WAIT):
                beyond, other = await self.loop.create_connection(lambda: Relay(self.connections), goal.host, goal.port)
        except (OSError, TimeoutError) as error:
            # It is a connection of ours again, and what it sends and its end are read.
            self.connections.add(self)
            transport.resume_reading()
            self._refuse(Refusal(502, f"no connection to {goal.host}:{goal.port}: {error or 'it does not answer'}"))
            return
        if transport.is_closing():
            beyond.close()
            return
        transport.write(ESTABLISHED)
        Relay(self.connections).join(transport, other)
        transport.resume_reading()
