"""Time: the only module that reads the system clock (docs/architecture.md, Rules of the house).

Everything that expires, waits, uploads, processes or refills asks a :class:`Clock`. It is a line through
an anchor: emulated time = anchor + (system time since the anchor) x rate. Rate 0 is a frozen clock.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_BERLIN = ZoneInfo("Europe/Berlin")

MAX_RATE = 1_000_000.0
"""Fastest allowed rate [emulated seconds per second]: a year in half a minute."""

YEARS = range(1990, 2200)
"""What a clock covers."""

EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS.start, YEARS.stop))


def system_time() -> float:
    """Return the system's wall clock [s since the epoch]."""
    return time.time()  # noqa: TID251 - this is the one place


def monotonic() -> float:
    """Return a clock that never goes back [s]."""
    return time.monotonic()


def seconds_of(delta: timedelta | float | None, seconds: float, minutes: float, hours: float, days: float) -> float:
    """Return the sum of what a clock is to advance by [s]; ``delta`` may be seconds.

    Raises:
        UsageError: it is a text, such as ``"5m"``.
    """
    if isinstance(delta, str):
        raise UsageError(f"a clock advances by a timedelta, by seconds, or as in advance(minutes=5), not by {delta!r}")
    base = delta.total_seconds() if isinstance(delta, timedelta) else float(delta or 0.0)
    return base + seconds + 60.0 * minutes + 3600.0 * hours + 86400.0 * days


class Clock:
    """One world's time.

    Args:
        now: emulated start as an aware datetime, an ISO 8601 text with offset, or None for the system's time.
        rate: emulated seconds per real second; 0 freezes.
        source: monotonic seconds; injected by tests.
        on_move: called after each jump, when the new time is in force.
    """

    __slots__ = ("_anchor_now", "_anchor_real", "_frozen", "_on_move", "_rate", "_source")

    def __init__(
        self,
        now: datetime | str | None = None,
        *,
        rate: float = 1.0,
        source: Callable[[], float] = monotonic,
        on_move: Callable[[], object] | None = None,
    ) -> None:
        self._source = source
        self._on_move: Callable[[], object] | None = None
        self.start(now, rate)
        self._on_move = on_move

    def start(self, now: datetime | str | None, rate: float) -> float:
        """Begin anew at ``now`` (None: the system's time) with ``rate``, without calling ``on_move``.

        Returns:
            The start [s since the epoch]; a clock that runs is later already.
        """
        start = system_time() if now is None else _epoch(now)
        self._check(start)
        self._rate = _checked_rate(rate)
        self._anchor_now = start
        self._anchor_real = self._source()
        self._frozen = self._rate == 0.0
        return start

    def copy(self) -> Clock:
        """Return a clock that shows the same time and calls nobody."""
        twin = Clock(rate=0.0, source=self._source)
        twin._anchor_now, twin._anchor_real = self.time(), self._source()
        twin._rate, twin._frozen = self._rate, self._frozen
        return twin

    def follow(self, source: Callable[[], float]) -> None:
        """Go on from the time that it shows, by another source of seconds."""
        self._anchor_now, self._source = self.time(), source
        self._anchor_real = source()

    @property
    def source(self) -> Callable[[], float]:
        """The seconds that it goes by."""
        return self._source

    @property
    def anchors(self) -> tuple[float, float, float, bool]:
        """The line that it follows: emulated time, the source's at that moment, rate, and whether it stands."""
        return self._anchor_now, self._anchor_real, self._rate, self._frozen

    @anchors.setter
    def anchors(self, line: tuple[float, float, float, bool]) -> None:
        self._anchor_now, self._anchor_real, self._rate, self._frozen = line

    def restore(self, other: Clock) -> None:
        """Show what another clock shows, without calling ``on_move``."""
        self._rate, self._frozen = other._rate, other._frozen
        self._anchor_now, self._anchor_real = other._anchor_now, other._anchor_real

    def rewind(self, copied: Clock) -> None:
        """Go on from the time that a clock showed when it was copied, without calling ``on_move``."""
        self.restore(copied)
        self._anchor_real = self._source()

    def time(self) -> float:
        """Return the emulated time [s since the epoch]."""
        if self._frozen:
            return self._anchor_now
        return self._anchor_now + (self._source() - self._anchor_real) * self._rate

    def now(self) -> datetime:
        """Return the emulated time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def isoformat(self) -> str:
        """Return the emulated time as ISO 8601 text with the offset of Europe/Berlin, SMA's home."""
        return self.now().astimezone(_BERLIN).isoformat(timespec="milliseconds")

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen

    @property
    def rate(self) -> float:
        """Emulated seconds per real second while not frozen."""
        return self._rate

    def freeze(self, now: datetime | str | None = None) -> None:
        """Stop the clock, at ``now`` when given."""
        to = self.time() if now is None else _epoch(now)
        self._check(to)
        self._frozen = True
        self._move(to)

    def unfreeze(self) -> None:
        """Let the clock run on, at the rate it had (1 when that was 0)."""
        to = self.time()
        self._rate = self._rate or 1.0
        self._frozen = False
        self._move(to)

    def set(self, now: datetime | str) -> None:
        """Jump to ``now``, forward or back; a frozen clock stays frozen."""
        self._move(_epoch(now))

    def set_rate(self, rate: float) -> None:
        """Run at ``rate`` emulated seconds per second from here on; 0 freezes."""
        rate = _checked_rate(rate)
        to = self.time()
        self._rate = rate
        self._frozen = rate == 0.0
        self._move(to)

    def advance(
        self,
        delta: timedelta | float | None = None,
        *,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
    ) -> None:
        """Move forward.

        Args:
            delta: a timedelta, or seconds.
            seconds: added to ``delta`` [s].
            minutes: added [min].
            hours: added [h].
            days: added [d of 24 h].

        Raises:
            UsageError: the sum is negative, or leads outside the years 1990 to 2199.
        """
        total = seconds_of(delta, seconds, minutes, hours, days)
        if not total >= 0.0:
            raise UsageError(f"a clock advances by 0 seconds or more, not {total:g}; use set() to go back")
        self._move(self.time() + total)

    def _move(self, to: float) -> None:
        self._check(to)
        self._anchor_now = to
        self._anchor_real = self._source()
        if self._on_move is not None:
            self._on_move()

    @staticmethod
    def _check(to: float) -> None:
        if not EARLIEST <= to < LATEST:
            raise UsageError("the clock covers the years 1990 to 2199; choose a time in them")


def parse_instant(text: str) -> datetime:
    """Parse an ISO 8601 instant.

    Raises:
        UsageError: not ISO 8601, or without an offset, so that it names no instant.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not an ISO 8601 date and time such as 2025-06-15T12:00:00+02:00") from None
    if value.tzinfo is None:
        raise UsageError(f"{text!r} needs an offset, such as {value.isoformat()}+02:00 or {value.isoformat()}Z")
    return value


def _epoch(value: datetime | str) -> float:
    if isinstance(value, str):
        return _epoch_of(value)
    if value.tzinfo is None:
        raise UsageError("a time needs a time zone: datetime(..., tzinfo=...)")
    return value.timestamp()


@lru_cache(maxsize=64)
def _epoch_of(text: str) -> float:
    # The worlds of tests begin at the same few instants, and a world asks twice for its own.
    return parse_instant(text).timestamp()


def _checked_rate(rate: float) -> float:
    value = float(rate)
    if not 0.0 <= value <= MAX_RATE:
        raise UsageError(f"a clock's rate is between 0 (frozen) and {MAX_RATE:g}, not {rate}")
    return value
