"""Things that happen again and again: how often, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from math import floor
from typing import TYPE_CHECKING

from mock_sma.domain.moment import is_from_start
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

DAY = timedelta(days=1)

SHORTEST = timedelta(minutes=1)
"""Shortest time from one to the next; a clock that jumps over years then still arrives in seconds."""


@frozen(kw_only=True)
class Repeat:
    """How something that has a first time goes on (RFC 5545 calls these INTERVAL, UNTIL and COUNT).

    Attributes:
        every: from one beginning to the next.
        until: the last moment at which one may begin; None: no end.
        times: how many there are, the first one included; None: no end.
    """

    every: timedelta
    until: datetime | None = None
    times: int | None = None

    def start(self, first: datetime, number: int, zone: tzinfo | None = None) -> datetime | None:
        """Return when the one with this number begins (0: the first one), or None: there are not so many.

        Args:
            zone: whole days keep its time of day when the clocks change; None: days have 24 hours.
        """
        if self.times is not None and number >= self.times:
            return None
        try:
            begins = moved(first, number * self.every, zone)
        except OverflowError:
            return None
        return None if self.until is not None and begins > self.until else begins

    def number(self, first: datetime) -> int:
        """Return how many there are: without an end, or where it cannot be known yet, none."""
        if self.times is not None:
            return self.times
        if self.until is None or is_from_start(self.until) != is_from_start(first):
            return 0
        return max(0, (self.until - first) // self.every + 1)

    def starts(
        self, first: datetime, low: float, high: float, zone: tzinfo | None = None
    ) -> Iterator[tuple[int, datetime]]:
        """Yield number and beginning of those that begin from ``low`` on and before ``high`` [s since the epoch]."""
        # Two earlier, since a day in a zone may have an hour more or less.
        number = max(0, floor((low - first.timestamp()) / self.every.total_seconds()) - 2)
        for at in count(number):
            begins = self.start(first, at, zone)
            if begins is None or begins.timestamp() >= high:
                return
            if begins.timestamp() >= low:
                yield at, begins


def moved(first: datetime, span: timedelta, zone: tzinfo | None) -> datetime:
    """Return a time later by a span; whole days keep the zone's time of day when the clocks change."""
    if zone is None or not span or span % DAY:  # of an hour that comes twice, the first one may be the second
        return first.astimezone(UTC) + span
    return (first.astimezone(zone) + span).astimezone(UTC)
