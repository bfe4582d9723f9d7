"""Sums of consecutive local days, and what was heard of each: the stuff that coarse rows are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.frozen import frozen
from mock_sma.simulation.block import day_sums
from mock_sma.simulation.part import Part
from mock_sma.simulation.reports import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.reports import Reports

PLANT = ""
"""Name of the plant among those that send rows."""

OPENED, CLOSED, MEASURED = "opened", "closed", "measured"
"""Whether all was known as the first row of a day began and as its last one ended, and a meter was there throughout."""


@frozen
class DaySet:
    """Days of a plant.

    Attributes:
        channels: the rows of ``sums``.
        sums: (channels, days) [Wh].
        names: the rows of ``flags``: who sends rows, kinds of instruments, and what a balance hangs on.
        flags: (names, days).
    """

    channels: list[Channel]
    sums: Ints
    names: list[str]
    flags: Bools

    @classmethod
    def empty(cls, channels: list[Channel], generator: Generator, count: int) -> DaySet:
        """Return days of which nothing has been heard."""
        reporters = dict.fromkeys(name for _, name in generator.channels() if name != PLANT)
        names = [PLANT, *reporters, *KINDS, OPENED, CLOSED, MEASURED]
        sums = np.zeros((len(channels), count), dtype=np.int64)
        return cls(channels, sums, names, np.zeros((len(names), count), dtype=bool))

    @classmethod
    def joined(cls, parts: Sequence[DaySet]) -> DaySet:
        """Return days that follow one another as one."""
        sums = np.concatenate([part.sums for part in parts], axis=1)
        return cls(parts[0].channels, sums, parts[0].names, np.concatenate([part.flags for part in parts], axis=1))

    @property
    def size(self) -> int:
        """Bytes it takes, by and large."""
        return self.sums.nbytes + self.flags.nbytes

    def cut(self, low: int, high: int) -> DaySet:
        """Return some of the days."""
        return DaySet(self.channels, self.sums[:, low:high], self.names, self.flags[:, low:high])

    def put(self, low: int, days: DaySet) -> None:
        """Put other days in the place of some of these."""
        high = low + days.sums.shape[1]
        self.sums[:, low:high], self.flags[:, low:high] = days.sums, days.flags

    def shown(self, device: Device | None) -> Bools:
        """Tell of which days a plant or device has rows."""
        return self._flag(device.id if device is not None and device.id in self.names else PLANT)

    def take_whole(self, block: Block) -> None:
        """Add up slots of days whose rows all arrive as they are measured."""
        for number, channel in enumerate(self.channels):
            self.sums[number] = day_sums(block.metered[channel], block.days) // 1_000
        self.flags[:] = block.days.lengths > 0

    def take(self, reports: Reports, extra: int) -> None:
        """Add up rows.

        Args:
            extra: days before the first one, which do not count.
        """
        rows, count = reports.rows, self.sums.shape[1]
        wanted = rows.day >= extra
        day = rows.day[wanted] - extra
        for number, channel in enumerate(self.channels):
            self.sums[number] = reports.daily_wh(channel, extra)
        self._flag(PLANT)[:] = np.bincount(day, minlength=count) > 0
        whole = self._flag(PLANT)
        for name in self.names[1 : self.names.index(KINDS[0])]:
            own = None if reports.sent(name) is rows else reports.has_sent(name)
            self._flag(name)[:] = whole if own is None else _days(own[wanted], day, count)
        for kind in KINDS:
            heard = reports.heard(kind)
            self._flag(kind)[:] = whole if heard is None else _days(heard[wanted], day, count)
        self._close(reports, wanted, day)

    def _close(self, reports: Reports, wanted: Bools, day: Ints) -> None:
        level, measured, count = reports.level, reports.measured, self.sums.shape[1]
        first = np.concatenate((np.ones(min(len(day), 1), dtype=bool), day[1:] != day[:-1]))
        last = np.concatenate((first[1:], np.ones(min(len(day), 1), dtype=bool)))
        opened = first if level is None else first & level[:-1][wanted]
        closed = last if level is None else last & level[1:][wanted]
        self._flag(OPENED)[:], self._flag(CLOSED)[:] = _days(opened, day, count), _days(closed, day, count)
        whole = self._flag(PLANT)
        self._flag(MEASURED)[:] = whole if measured is None else whole & ~_days(~measured[wanted], day, count)

    def part(self, ends: Ints, shown: Bools, places: list[int]) -> Part:
        """Return coarse rows.

        Args:
            ends: (n,) start of each row [s since the epoch].
            shown: (days,) which of the days count.
            places: (n,) number of each row's first day among those.
        """
        metered = {channel: np.add.reduceat(self.sums[row][shown], places) for row, channel in enumerate(self.channels)}
        heard = {}
        for kind in KINDS:
            there = self._flag(kind)[shown]
            if not there.all():
                heard[kind] = np.add.reduceat(there.astype(np.int64), places) > 0
        whole = np.flatnonzero(shown)
        first, last = whole[places], whole[[place - 1 for place in [*places[1:], len(whole)]]]
        measured = np.add.reduceat((~self._flag(MEASURED)[shown]).astype(np.int64), places) == 0
        opened, closed = self._flag(OPENED)[first], self._flag(CLOSED)[last]
        balanced = measured & opened & closed
        together = bool(measured.all() and opened[0] and closed[-1])
        return Part(ends, metered, False, heard, None if balanced.all() else balanced, together)

    def _flag(self, name: str) -> Bools:
        return np.asarray(self.flags[self.names.index(name)])


def _days(rows: Bools, day: Ints, count: int) -> Bools:
    """Tell which days have at least one of some rows."""
    return np.asarray(np.bincount(day[rows], minlength=count) > 0)
