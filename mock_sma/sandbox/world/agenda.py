"""Things that will happen by themselves, by the world's clock: timeline, expiry, automatic answers."""

from __future__ import annotations

import heapq
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Agenda:
    """A queue of happenings; each happens once, in order of time and then of entry."""

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._count = 0
        self.due = inf
        """Time of the next happening [s since the epoch]; infinite when there is none."""

    def add(self, at: float, happen: Callable[[float], None]) -> None:
        """Let ``happen(at)`` be called when the clock has reached ``at``; a method or partial, for save points."""
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, happen))
        self.due = self._queue[0][0]

    def catch_up(self, now: float) -> None:
        """Call all that is due at ``now``, also what the called ones add, each with its own time."""
        while self._queue and self._queue[0][0] <= now:
            at, _, happen = heapq.heappop(self._queue)
            happen(at)
        self.due = self._queue[0][0] if self._queue else inf

    def __len__(self) -> int:
        return len(self._queue)
