"""The time by which something has to have come on a connection."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mock_sma.clock import monotonic

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, TimerHandle
    from collections.abc import Callable

LATE = 0.05
"""How late a timer may be [s]. A later one means that the loop stood still: what came meanwhile is still unread."""


class Deadline:
    """Calls what is overdue, unless another time is set before.

    Most deadlines are put off long before they come: that moves a number, and no timer. One that comes while the loop
    stands still is put off, too, until the loop has read what has arrived.

    Args:
        loop: of the connection.
        overdue: what is called.
    """

    def __init__(self, loop: AbstractEventLoop, overdue: Callable[[], None]) -> None:
        self._loop = loop
        self._overdue = overdue
        self._at = self._timer_at = inf
        self._timer: TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Wait that long from now on."""
        self._at = monotonic() + seconds
        if self._timer is not None and self._timer_at > self._at:
            self.cancel()
        if self._timer is None:
            self._start(seconds)

    def put_off(self) -> None:
        """Wait for nothing."""
        self._at = inf

    def cancel(self) -> None:
        """Wait for nothing, and leave no timer behind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, seconds: float) -> None:
        self._timer_at = monotonic() + seconds
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        now = monotonic()
        if now < self._at < inf:
            self._start(self._at - now)
        elif now >= self._at and now > self._timer_at + LATE:
            self.set(LATE)
        elif now >= self._at:
            self._overdue()
