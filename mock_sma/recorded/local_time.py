"""Naive local times of a zone, and the instants that they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

QUARTER = 900
"""No zone's clock changes within a quarter of an hour of its own [s]."""

DAY = 86_400

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchTimeError(ValueError):
    """A local time that the clock of its zone skips in spring.

    Attributes:
        place: which of the times.
    """

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def instants(times: Iterable[int], zone: ZoneInfo, before: int | None = None) -> list[int]:
    """Return the instants [s since the epoch] of local times that follow one another.

    Of a time that comes twice in autumn the first one is meant, unless the time before it is not earlier.

    Args:
        times: naive local times, each as if it were one of UTC [s since the epoch].
        before: the instant that comes before them.

    Raises:
        NoSuchTimeError: the clock never shows one of them.
    """
    known: dict[int, tuple[int, int] | None] = {}
    steady: dict[int, tuple[int, int] | None] = {}
    found: list[int] = []
    first = second = 0
    last = before
    quarter = None
    for place, time in enumerate(times):
        if time // QUARTER != quarter:
            quarter = time // QUARTER
            day = time // DAY
            if day not in steady:
                steady[day] = steady_offset(day, zone)
            offsets = steady[day]
            if offsets is None:
                if quarter not in known:
                    known[quarter] = _offsets(quarter * QUARTER, zone)
                offsets = known[quarter]
            if offsets is None:
                raise NoSuchTimeError(place)
            first, second = offsets
        at = time - first
        if second != first and last is not None and at <= last:
            at = time - second
        found.append(at)
        last = at
    return found


@lru_cache(maxsize=4_096)
def steady_offset(day: int, zone: ZoneInfo) -> tuple[int, int] | None:
    """Return what all times of a local day are ahead of UTC [s], twice; None: the clock changes around it.

    Args:
        day: number of the date [days since the epoch].
    """
    offsets = {_offsets(day * DAY + hours * 3_600, zone) for hours in (-6, 0, 6, 12, 18, 24, 30)}
    found = offsets.pop()
    return found if not offsets and found is not None and found[0] == found[1] else None


def _offsets(time: int, zone: ZoneInfo) -> tuple[int, int] | None:
    """Return what a local time is ahead of UTC [s], the first and the second time it comes; None: it never does."""
    naive = (EPOCH + timedelta(seconds=time)).replace(tzinfo=zone)
    offsets = [naive.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1)]
    first, second = (int(offset.total_seconds()) for offset in offsets)
    return None if second > first else (first, second)  # the later offset is the larger one only around a skipped hour
