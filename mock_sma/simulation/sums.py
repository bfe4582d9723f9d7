"""Whole-Wh sums of local days, kept per plant and year (SIMULATION 2): months, years and totals are made of them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.simulation.block import PV, day_sums
from mock_sma.simulation.rows import Rows, View
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.generator import Generator

MAX_YEARS = 40
"""Years kept per plant; one of eight channels takes 24 kB."""

EVER = 1 << 62


@dataclass(slots=True)
class YearSums:
    """Sums of one calendar year, filled month by month.

    Attributes:
        channels: the rows of ``sums``.
        sums: (channels, days) [Wh].
        shown: (days,) whether any row of the day reached the portal.
        filled: months that are there.
    """

    channels: list[Channel]
    sums: Ints
    shown: Bools
    filled: set[int]


class DaySums:
    """The day sums of one plant.

    Args:
        generator: of the plant.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._years: OrderedDict[tuple[str, str, int, tuple[int, ...]], YearSums] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(year.sums.nbytes + year.shown.nbytes for year in self._years.values())

    def between(
        self, first: date, stop: date, view: View, device: Device | None, *, strings: bool
    ) -> tuple[Bools, dict[Channel, Ints]]:
        """Return for each day of ``first`` to ``stop``, not included, whether it has rows, and its sums.

        Args:
            view: whose rows count.
            device: of ``strings``: with a channel per string.
        """
        shown: list[Bools] = []
        parts: list[tuple[list[Channel], Ints]] = []
        for number in range(first.year, (stop - timedelta(days=1)).year + 1 if stop > first else first.year):
            begin = date(number, 1, 1)
            low, high = max(first, begin), min(stop, date(number + 1, 1, 1))
            year = self._year(number, view, device if strings else None)
            for month in range(low.month, (high - timedelta(days=1)).month + 1):
                if month not in year.filled:
                    self._fill(year, number, month, view, device if strings else None)
            days = slice((low - begin).days, (high - begin).days)
            shown.append(year.shown[days])
            parts.append((year.channels, year.sums[:, days]))
        if not parts:
            return np.zeros(0, dtype=bool), {}
        channels = next((names for names, _ in parts if names), [])
        joined = np.concatenate([sums for _, sums in parts], axis=1)
        return np.concatenate(shown), {channel: joined[row] for row, channel in enumerate(channels)}

    def _year(self, number: int, view: View, strings: Device | None) -> YearSums:
        key = (view.device_id if view.own else "", strings.id if strings is not None else "", number, view.seen.arrived)
        year = self._years.get(key)
        if year is None:
            count = (date(number + 1, 1, 1) - date(number, 1, 1)).days
            channels = [*self._generator.channels(), *self._generator.string_channels(strings)]
            sums = np.zeros((len(channels), count), dtype=np.int64)
            year = self._years[key] = YearSums(channels, sums, np.zeros(count, dtype=bool), set())
            if len(self._years) > MAX_YEARS:
                self._years.popitem(last=False)
        else:
            self._years.move_to_end(key)
        return year

    def _fill(self, year: YearSums, number: int, month: int, view: View, strings: Device | None) -> None:
        first = date(number, month, 1)
        stop = date(number + month // 12, month % 12 + 1, 1)
        count = (stop - first).days
        low = (first - date(number, 1, 1)).days
        shown, sums = self._month(first, count, view, strings, year.channels)
        year.shown[low : low + count] = shown
        for row, channel in enumerate(year.channels):
            year.sums[row, low : low + count] = sums[channel]
        year.filled.add(month)

    def _month(
        self, first: date, count: int, view: View, strings: Device | None, channels: list[Channel]
    ) -> tuple[Bools, dict[Channel, Ints]]:
        generator = self._generator
        whole = View(generator, view.device_id, Visibility(EVER, view.seen.arrived))
        if not len(whole.rows(generator.days(first, count)).ends):
            return np.zeros(count, dtype=bool), {channel: np.zeros(count, dtype=np.int64) for channel in channels}
        lead = whole.lead(first)
        extra = (first - lead).days
        block = generator.block(lead, count + extra)
        if strings is not None:
            block = block.with_strings(strings)
        rows = whole.rows(block.days)
        day = rows.day - extra
        wanted = day >= 0
        shown = np.bincount(day[wanted], minlength=count) > 0
        if not extra and not self._needs_rows(whole, block):
            return shown, {channel: day_sums(values, block.days) // 1_000 for channel, values in block.metered.items()}
        sums = {
            channel: _binned(day[wanted], counted(generator, rows, channel, values)[wanted], count)
            for channel, values in block.metered.items()
        }
        return shown, sums

    def _needs_rows(self, view: View, block: Block) -> bool:
        low, high = (float(edge) * 300.0 for edge in (block.days.edges[0], block.days.edges[-1]))
        spikes = (event for event in self._generator.plant.events if event.kind is EventKind.FIRST_READING_SPIKE)
        return view.hides(low, high) or any(low <= event.start.timestamp() < high for event in spikes)


def _binned(day: Ints, values: Ints, count: int) -> Ints:
    result = np.zeros(count, dtype=np.int64)
    np.add.at(result, day, values)
    return result


def counted(generator: Generator, rows: Rows, channel: Channel, values: Ints) -> Ints:
    """Return each row's Wh, with the junk that a new device's first reading may hold (MONITORING 3.3)."""
    result = rows.energy_wh(values)
    if channel[0] != PV:
        return result
    for event in generator.plant.events:
        if event.kind is not EventKind.FIRST_READING_SPIKE or event.device_id not in (None, channel[1]):
            continue
        # Only on the day itself, so that a day means the same whatever it is asked along with.
        begun = event.start.timestamp()
        after = midnight(event.start.astimezone(generator.zone).date() + timedelta(days=1), generator.zone)
        places = np.flatnonzero((rows.ends > begun) & (rows.ends <= after) & (result > 0))
        if len(places):
            result[places[0]] += round(event.value or 0.0)
    return result
