"""Whole-Wh sums of local days, kept per plant and year: months, years and totals are made of them."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind
from mock_sma.domain.event_rules import COUNTERS
from mock_sma.simulation.days import DaySet
from mock_sma.simulation.lives import HIDING
from mock_sma.simulation.reports import lead, reports_of
from mock_sma.simulation.rows import View
from mock_sma.simulation.slots import SLOT, midnight
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.kept_blocks import KeptBlocks
    from mock_sma.simulation.slots import Days

MAX_YEARS = 250
"""Years kept per plant, all that one can have; a year of eight channels takes 24 kB."""

ODD = HIDING | COUNTERS | {EventKind.VALUE}
"""Kinds of events that let rows say something else than what was measured in their time."""

EVER = 1 << 62


MONTHS_AT_ONCE = 6
"""Most months that are worked out at once: a call of NumPy costs as much as a week's numbers, and half a year takes
some 15 MB while it is worked on."""


class YearSums:
    """Sums of one calendar year, filled by whole months.

    Args:
        days: the days of the whole year.

    Attributes:
        filled: months that are there.
    """

    def __init__(self, days: DaySet) -> None:
        self.days = days
        self.filled: set[int] = set()


class DaySums:
    """The day sums of one plant.

    Args:
        generator: the generator of the plant.
        blocks: its last days, of which the running one is asked for by its rows too.
    """

    def __init__(self, generator: Generator, blocks: KeptBlocks) -> None:
        self._generator = generator
        self._blocks = blocks
        self._years: OrderedDict[tuple[str, int, tuple[int, ...]], YearSums] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(year.days.size for year in self._years.values())

    def between(self, first: date, stop: date, view: View, strings: Device | None) -> DaySet:
        """Return the sums of the days from ``first`` to ``stop``, not included, as far as they are seen.

        Args:
            strings: a device with whose strings' channels.
        """
        parts: list[DaySet] = []
        for number in range(first.year, (stop - timedelta(days=1)).year + 1 if stop > first else first.year):
            begin = date(number, 1, 1)
            low, high = max(first, begin), min(stop, date(number + 1, 1, 1))
            year = self._year(number, view.seen.arrived, strings)
            for months in _stretches(range(low.month, (high - timedelta(days=1)).month + 1), year.filled):
                self._fill(year, number, months, view.seen.arrived, strings)
            parts.append(year.days.cut((low - begin).days, (high - begin).days))
        joined = DaySet.joined(parts) if parts else self._empty(0, strings)
        zone = self._generator.zone
        last = datetime.fromtimestamp(view.seen.until - 1, zone).date()
        if first < stop == last + timedelta(days=1) and midnight(stop, zone) > view.seen.until:
            # The running day counts as far as it is seen.
            joined.put((last - first).days, self._days(last, 1, view.seen, strings))
        return joined

    def _empty(self, count: int, strings: Device | None) -> DaySet:
        generator = self._generator
        channels = [*generator.channels(), *generator.string_channels(strings)]
        return DaySet.empty(channels, generator, count)

    def _year(self, number: int, arrived: tuple[int, ...], strings: Device | None) -> YearSums:
        key = (strings.id if strings is not None else "", number, arrived)
        year = self._years.get(key)
        if year is None:
            count = (date(number + 1, 1, 1) - date(number, 1, 1)).days
            year = self._years[key] = YearSums(self._empty(count, strings))
            if len(self._years) > MAX_YEARS:
                self._years.popitem(last=False)
        else:
            self._years.move_to_end(key)
        return year

    def _fill(
        self, year: YearSums, number: int, months: range, arrived: tuple[int, ...], strings: Device | None
    ) -> None:
        first, last = date(number, months[0], 1), months[-1]
        stop = date(number + last // 12, last % 12 + 1, 1)
        days = self._days(first, (stop - first).days, Visibility(EVER, arrived), strings)
        year.days.put((first - date(number, 1, 1)).days, days)
        year.filled.update(months)

    def _days(self, first: date, count: int, seen: Visibility, strings: Device | None) -> DaySet:
        """Return the sums of some days from their rows."""
        generator = self._generator
        found = self._empty(count, strings)
        view = View(generator, None, seen)
        if not view.has_rows(generator.days(first, count)):
            return found
        begun = lead(generator, view, first, count)
        extra = (first - begun).days
        block = self._blocks.at(begun, count + extra)
        if strings is not None:
            block = block.with_strings(strings)
        if not extra and is_plain(generator, view, block.days):
            found.take_whole(block)
        else:
            found.take(reports_of(generator, block, view, strings.id if strings is not None else ""), extra)
        return found


def is_plain(generator: Generator, view: View, days: Days) -> bool:
    """Tell whether all instruments of a plant are there throughout some days, and all arrives as they measure it.

    Then nobody needs the rows to know what they add up to.
    """
    low, high = (int(edge) * SLOT for edge in (days.edges[0], days.edges[-1]))
    return (
        generator.begin <= low
        and high <= view.seen.until
        and not view.misses
        and all(life.inside(days) is None for life in generator.lives.values())
        and not any(_touches(event, low, high) for event in generator.plant.events if event.kind in ODD)
    )


def _touches(event: PlantEvent, low: int, high: int) -> bool:
    return event.start.timestamp() < high and (event.end is None or event.end.timestamp() > low)


def _stretches(months: range, filled: AbstractSet[int]) -> list[range]:
    """Return the months that are not filled yet, in stretches that are worked out at once."""
    found: list[range] = []
    for month in months:
        if month in filled:
            continue
        if found and found[-1].stop == month and len(found[-1]) < MONTHS_AT_ONCE:
            found[-1] = range(found[-1].start, month + 1)
        else:
            found.append(range(month, month + 1))
    return found
