"""One connection: its bytes, its waits and its end.

Every wait has an end, and no end comes before what has arrived is read and answered: a closed connection whose bytes
nobody has read is reset by the kernel, and takes answers that are on their way with it (RFC 9112, section 9.6).
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, cast

from mock_sma.api.deadline import Deadline
from mock_sma.api.framing import Framer

if TYPE_CHECKING:
    from asyncio import BaseTransport, Transport
    from typing import Any

    from mock_sma.api.arrival import Arrival
    from mock_sma.api.cycle import Cycle
    from mock_sma.api.head import Refusal

REQUEST_TIME = 20.0
"""Longest time for a request to arrive, from its first byte to its last, and for the first byte of a connection [s]."""

KEEP_ALIVE = 75.0
"""Time that a connection is kept for the next request [s]; clients that poll once a minute keep theirs."""

FAREWELL = 0.5
"""Time that a client has to close its side once the server has closed its own [s]."""

LAST_LOOK = 0.1
"""Time in which a server that ends still takes requests that were sent [s]."""

UNREAD = 64 * 1024
"""Bytes of a body that wait for the application before no more are read."""


class Connection(asyncio.Protocol, ABC):
    """One connection, without what is asked and answered on it.

    Args:
        loop: that it lives in.
        connections: the server's, where it stands as long as it is open.

    Attributes:
        is_writable: unset while the client takes less than it is sent.
    """

    transport: Transport

    def __init__(self, loop: asyncio.AbstractEventLoop, connections: set[Any]) -> None:
        self.loop = loop
        self.connections = connections
        self.is_writable = asyncio.Event()
        self.is_writable.set()
        self._framer = Framer(self.begun)
        self._cycle: Cycle | None = None
        """The request that an application is answering."""
        self._deadline = Deadline(loop, self._overdue)
        self._timed = 0
        """Which request the deadline is for, by its number."""
        self._is_ending = self._is_parting = self._is_half = self._is_paused = False
        self._is_idle = True
        """Whether nothing has arrived that is not answered, and whatever arrives is read and answered at once."""

    @abstractmethod
    def begun(self, request: Arrival) -> Refusal | None:
        """Take note of a request whose head is there; a refusal where it is for somebody else."""

    @abstractmethod
    def go_on(self) -> None:
        """Answer what can be answered, then wait for what has to come."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request."""
        self.transport = cast("Transport", transport)
        self._scheme = "http" if transport.get_extra_info("sslcontext") is None else "https"
        self.connections.add(self)
        self._deadline.set(REQUEST_TIME)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """End."""
        self.release()
        self._framer.stop()
        self._is_parting, self._is_idle = True, False
        if self._cycle is not None:
            self._cycle.end()
        self.is_writable.set()

    def release(self) -> None:
        """Forget a connection that is somebody else's from now on, or nobody's."""
        self.connections.discard(self)
        self._deadline.cancel()

    def pause_writing(self) -> None:
        """Hold answers back that the client does not take."""
        self.is_writable.clear()
        self._is_idle = False

    def resume_writing(self) -> None:
        """Go on."""
        self.is_writable.set()
        self.go_on()

    def give_up(self) -> bool:
        """Close at once; tell whether a request was left unanswered."""
        is_held = not self._is_parting and not self.transport.is_closing()
        self.transport.abort()
        return is_held

    @property
    def _is_held(self) -> bool:
        """Whether the next request has to wait: for the answer before it, or for the client to take that."""
        return self._cycle is not None or not self.is_writable.is_set()

    def read_on(self) -> None:
        """Let more of a body arrive that has been read."""
        self._settle()

    def _settle(self) -> None:
        """Read on or not, and set the time of the next thing that has to come."""
        if self._is_parting:
            return
        if self._is_idle:
            self._rest()
            return
        if self._is_half and not self._is_held:
            self._part()
            return
        self._is_idle = not (self._is_held or self._framer.is_partial or self._framer.is_over or self._is_ending)
        self._pause(self._is_full)
        if self._is_paused:
            self._timed = 0
            self._deadline.put_off()
        elif self._framer.is_partial:
            if self._timed != self._framer.count:
                self._timed = self._framer.count
                self._deadline.set(REQUEST_TIME)
        elif self._is_held:
            self._deadline.put_off()
        else:
            self._rest()

    def _rest(self) -> None:
        """Wait for the next request."""
        self._deadline.set(LAST_LOOK if self._is_ending else KEEP_ALIVE)

    @property
    def _is_full(self) -> bool:
        """Whether nothing more is to be read for now."""
        cycle = self._cycle
        if cycle is not None and len(cycle.request.body) > UNREAD:
            return True
        return self._is_held and bool(self._framer.requests)

    def _pause(self, pause: bool) -> None:
        if pause is self._is_paused or self._is_half:
            return
        self._is_paused = pause
        if pause:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _overdue(self) -> None:
        """Close: an idle connection, one whose request does not arrive (slow loris), one whose client stays on."""
        if self._is_parting and self.transport.get_write_buffer_size():
            self._deadline.set(FAREWELL)
        elif self._is_parting or self._framer.is_partial:
            self.transport.abort()
        else:
            self._part()

    def _part(self) -> None:
        """Close without a reset: what is still on its way is read and thrown away (RFC 9112, section 9.6)."""
        self._is_parting, self._is_idle = True, False
        if self._is_half or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self._pause(False)
            self.transport.write_eof()
        self._deadline.set(FAREWELL)
