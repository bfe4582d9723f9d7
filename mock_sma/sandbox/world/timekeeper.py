"""A world's time: its lock, its clock, and what is due."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.sandbox.world.agenda import Agenda

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import RLock

    from mock_sma.clock import Clock


class Timekeeper:
    """Holds a world still while something changes in it.

    Args:
        lock: the lock of the world.
        clock: the clock of the world.
        started: when the world began [s since the epoch].
    """

    def __init__(self, lock: RLock, clock: Clock, started: float) -> None:
        self.lock = lock
        self.clock = clock
        self.agenda = Agenda()
        self.started = started

    @property
    def start(self) -> datetime:
        """When the world began, as an aware instant; spans of a scenario count from it."""
        return datetime.fromtimestamp(self.started, UTC)

    def catch_up(self) -> float:
        """Let everything happen that the clock's time implies, and return that time [s since the epoch]."""
        with self.lock:
            now = self.clock.time()
            self.agenda.catch_up(now)
            return now

    @contextmanager
    def present(self) -> Iterator[float]:
        """Hold the world after all that is due has happened; gives the time [s since the epoch]."""
        with self.lock:
            # One reading: of a fast clock the next one is later, and what is due by then has not happened.
            yield self.catch_up()
