"""Slots of five minutes in UTC, and the local days they belong to (docs/simulation.md, Time and integers)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from mock_sma.simulation.arrays import Floats, Ints

Number = TypeVar("Number", np.int64, np.float64, np.bool_)

SLOT = 300
"""Length of a slot [s]."""

SLOTS_PER_DAY = 288

YEAR = 365.2425
"""[days]"""

UNIX_EPOCH = 719_163
"""Proleptic number of the first of January 1970."""


SHARES = (np.arange(SLOTS_PER_DAY) + 0.5) / SLOTS_PER_DAY
"""Middles of a UTC day's slots [days]."""


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the beginning of a local day [s since the epoch]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


class Run(NamedTuple):
    """Consecutive slots: number of the first, and how many."""

    first: int
    length: int

    @property
    def utc_days(self) -> Floats:
        """Numbers of the UTC days it touches, and of the one after them [days since the epoch]."""
        last = (self.first + max(self.length, 1) - 1) // SLOTS_PER_DAY
        return np.arange(self.first // SLOTS_PER_DAY, last + 2, dtype=np.float64)

    def between(self, midnights: Floats) -> Floats:
        """Return what goes in straight lines between the midnights of ``utc_days``, in each slot's middle."""
        whole = (midnights[1:] - midnights[:-1])[:, None] * SHARES
        whole += midnights[:-1, None]
        start = self.first % SLOTS_PER_DAY
        return np.asarray(whole.ravel()[start : start + self.length])

    def daily(self, pattern: Floats) -> Floats:
        """Return what is the same on each UTC day, given its 288 values."""
        start = self.first % SLOTS_PER_DAY
        days = -(-(start + self.length) // SLOTS_PER_DAY)
        return np.tile(pattern, max(days, 1))[start : start + self.length]


@dataclass(frozen=True)
class Days:
    """Consecutive local days and their slots.

    Attributes:
        first: first local date.
        edges: (days + 1,) slot numbers (unix // 300) of the local midnights.
    """

    first: date
    edges: Ints

    @cached_property
    def slots(self) -> Ints:
        """(n,) numbers of all slots."""
        return np.arange(self.edges[0], self.edges[-1], dtype=np.int64)

    @cached_property
    def offsets(self) -> Ints:
        """(days + 1,) place of each midnight in ``slots``."""
        return np.asarray(self.edges - self.edges[0])

    @cached_property
    def lengths(self) -> Ints:
        """(days,) slots of each day: 288, and 276, 282, 294 or 300 where the clock changes; 0 for a skipped date."""
        return np.diff(self.edges)

    @cached_property
    def are_regular(self) -> bool:
        """Tell whether each has 24 hours."""
        return bool((self.lengths == SLOTS_PER_DAY).all())

    @cached_property
    def number(self) -> Ints:
        """(n,) number of the day that each slot lies in."""
        return self.spread(np.arange(len(self.lengths), dtype=np.int64))

    @cached_property
    def run(self) -> Run:
        """Its slots."""
        return Run(int(self.edges[0]), int(self.edges[-1] - self.edges[0]))

    @property
    def dates(self) -> Ints:
        """(days,) proleptic number of each local date; modulo 7, 1 is Monday."""
        return np.arange(len(self.edges) - 1, dtype=np.int64) + self.first.toordinal()

    def since_new_year(self, day: float) -> Floats:
        """Return the time since a day of the year [years], whole years and all."""
        return np.asarray((self.dates - UNIX_EPOCH - day) / YEAR, dtype=np.float64)

    def spread(self, daily: NDArray[Number]) -> NDArray[Number]:
        """Return one value per slot of one per local day."""
        return np.asarray(np.repeat(daily, self.lengths))

    @cached_property
    def clock(self) -> Ints:
        """(n,) five minutes on the local clock, 0 to 287; the clock changes at three in the morning."""
        pattern = np.arange(SLOTS_PER_DAY, dtype=np.int64)
        if self.are_regular:
            return np.tile(pattern, len(self.lengths))
        since = self.slots - np.repeat(self.edges[:-1], self.lengths)
        change = np.repeat(SLOTS_PER_DAY - self.lengths, self.lengths)
        return np.asarray((since + np.where(since >= 36, change, 0)) % SLOTS_PER_DAY)


MONTH = 31
"""Most days that are kept with their slots for the next plant."""


def days_of(first: date, count: int, zone: ZoneInfo) -> Days:
    """Return local days, which many plants have in common."""
    return _kept_days(first, count, zone) if count <= MONTH else Days(first, _edges(first, count, zone))


@lru_cache(maxsize=16)
def _kept_days(first: date, count: int, zone: ZoneInfo) -> Days:
    return Days(first, _edges(first, count, zone))


@lru_cache(maxsize=16)
def _edges(first: date, count: int, zone: ZoneInfo) -> Ints:
    marks = [midnight(first + timedelta(days=number), zone) // SLOT for number in range(count + 1)]
    return np.array(marks, dtype=np.int64)
