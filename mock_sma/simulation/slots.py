"""Slots of five minutes in UTC, and the local days they belong to (SIMULATION 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mock_sma.simulation.chance import Floats, Ints

SLOT = 300
"""Length of a slot [s]."""

SLOTS_PER_DAY = 288


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the beginning of a local day [s since the epoch]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


@dataclass(frozen=True)
class Days:
    """Consecutive local days and their slots.

    Attributes:
        first: first local date.
        edges: (days + 1,) slot numbers (unix // 300) of the local midnights.
    """

    first: date
    edges: Ints

    @classmethod
    def of(cls, first: date, count: int, zone: ZoneInfo) -> Days:
        """Return ``count`` days from ``first`` on."""
        marks = [midnight(first + timedelta(days=number), zone) // SLOT for number in range(count + 1)]
        return cls(first, np.array(marks, dtype=np.int64))

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
    def ordinal(self) -> Ints:
        """(n,) proleptic number of each slot's local date; modulo 7, 1 is Monday."""
        numbers = np.arange(len(self.edges) - 1, dtype=np.int64) + self.first.toordinal()
        return np.repeat(numbers, self.lengths)

    @cached_property
    def hour(self) -> Floats:
        """(n,) hour on the local clock at each slot's middle [h]; the clock changes at three in the morning."""
        since = self.slots - np.repeat(self.edges[:-1], self.lengths)
        change = np.repeat(SLOTS_PER_DAY - self.lengths, self.lengths)
        return np.asarray((since + np.where(since >= 36, change, 0) + 0.5) / 12.0)
