"""What instruments have reported: a plant knows only what arrived, and when (R20, R27).

Each row of a device passes through :meth:`Reports.report` before the columns of its plant are formed of it. While an
inverter or a meter is silent its counter stands still for the plant; the row that ends the silence brings all of it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation.block import CHARGE, DC, DISCHARGE, GRID, OWN_FEED, OWN_GRID, SOURCES, USE, day_sums
from mock_sma.simulation.counters import METERS, counted, spikes_of
from mock_sma.simulation.misread import misread, misreadings
from mock_sma.simulation.rows import View, mean_power
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from datetime import date

    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.rows import Rows

STORE = "store"
"""Batteries, as a kind of instruments."""

KINDS = (*SOURCES, STORE, GRID)
"""Kinds of instruments that the columns of a plant come from."""


class Report(NamedTuple):
    """The rows that one instrument sent of one channel.

    Attributes:
        marks: (n,) slot offset of each row's end in the block.
        energy: (n,) all since the row before [mWh].
        counted: (n,) the difference of the whole-Wh counter [Wh], junk included.
    """

    marks: Ints
    energy: Ints
    counted: Ints


def instruments(kind: str) -> str:
    """Return the kind of instruments that a kind of channel comes from."""
    return STORE if kind in (CHARGE, DISCHARGE) else GRID if kind in METERS else kind


class Reports:
    """What has been reported of a block by each of some rows, the plant's or a device's.

    Args:
        generator: the generator of the plant.
        block: the slots.
        view: the view whose rows are wanted.
        rows: they, of the whole block.
        owner: device of the channels of strings.
    """

    def __init__(self, generator: Generator, block: Block, view: View, rows: Rows, owner: str = "") -> None:
        self._generator = generator
        self._block = block
        self._view = view
        self.rows = rows
        self._owner = owner
        self._sent: dict[str, Rows] = {}

    def reporter(self, channel: Channel) -> str:
        """Return the device that reports a channel; none: the plant itself."""
        return self._owner if channel[0] == DC else channel[1]

    def sent(self, reporter: str) -> Rows:
        """Return the rows that a device has sent."""
        found = self._sent.get(reporter)
        if found is None:
            generator, view = self._generator, self._view
            if reporter in ("", view.device_id) or is_always_heard(generator, reporter, self._block):
                found = self.rows
            else:
                found = View(generator, reporter, view.seen).rows(self._block.days)
            self._sent[reporter] = found
        return found

    def report(self, channel: Channel) -> Report:
        """Return the rows that an instrument has sent of a channel."""
        owner = self.reporter(channel)
        rows, block = self.sent(owner), self._block
        energy, whole = rows.energy_mwh(block.metered[channel]), rows.energy_wh(block.counted(channel))
        energy, whole = misread(self._generator, self._block, rows, channel, owner, energy, whole)
        return Report(rows.marks, energy, counted(self._generator, rows, channel, whole))

    def energy_wh(self, channel: Channel) -> Ints:
        """Return what has become known of a channel with each row [Wh]."""
        report = self.report(channel)
        return self._gathered(report.marks, report.counted)

    def daily_wh(self, channel: Channel, extra: int) -> Ints:
        """Return what has become known of a channel with the rows of each day [Wh].

        Args:
            extra: days of the block that are left out.
        """
        days = self._block.days
        if self._is_plain(channel):
            return (day_sums(self._block.metered[channel], days) // 1_000)[extra:]
        total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(self.energy_wh(channel))))
        ends = np.searchsorted(self.rows.day, np.arange(extra, len(days.lengths) + 1, dtype=np.int64))
        return np.diff(total[ends])

    def _is_plain(self, channel: Channel) -> bool:
        """Tell whether all of a channel arrives as it is measured: then sums of days need no rows."""
        owner = self.reporter(channel)
        if owner in self._generator.silent:
            return False
        low, high = (float(edge) * SLOT for edge in (self._block.days.edges[0], self._block.days.edges[-1]))
        spikes = spikes_of(self._generator.plant, channel)
        odd = self._view.hides(low, high) or any(low <= item.start.timestamp() < high for item in spikes)
        odd = odd or any(
            item.start.timestamp() < high and (item.end is None or item.end.timestamp() > low)
            for _, item in misreadings(self._generator.plant, channel[0], owner)
        )
        return high <= self._view.seen.until and not odd

    def power_mw(self, channel: Channel) -> Ints:
        """Return it as the mean power since the last row that knew anything of such channels [mW]."""
        report = self.report(channel)
        return mean_power(self._gathered(report.marks, report.energy), self.spans(instruments(channel[0])))

    def any(self, reporter: str, values: Bools) -> Bools:
        """Tell in which rows something is known to have been so in at least one slot, a silence's slots included."""
        rows = self.sent(reporter)
        return self._gathered(rows.marks, rows.energy_mwh(values.astype(np.int64))) > 0

    def heard(self, kind: str) -> Bools | None:
        """Tell with which rows anything of a kind of instruments has arrived; None: with each."""
        names = self._reporters.get(kind, [])
        if any(self.sent(name) is self.rows for name in names):
            return None
        return sum((self.has_sent(name) for name in names), np.zeros(len(self.rows.ends), dtype=bool))

    def spans(self, kind: str) -> Ints:
        """Return the time since the last row in which anything of a kind of instruments has arrived [s]."""
        heard = self.heard(kind)
        if heard is None:
            return self.rows.spans
        spans, ends = np.array(self.rows.spans), self.rows.ends[heard]
        first = np.flatnonzero(heard)[:1]
        spans[heard] = np.diff(ends, prepend=ends[:1] - spans[first])
        return spans

    def heard_at_all(self) -> Bools | None:
        """Tell with which rows anything has arrived; None: with each."""
        found = [self.heard(kind) for kind in KINDS if kind in self._reporters]
        if not found or any(part is None for part in found):
            return None
        return sum((part for part in found if part is not None), np.zeros(len(self.rows.ends), dtype=bool))

    def whole(self, wanted: Bools) -> bool:
        """Tell whether some rows balance together: all is known at both ends, and a meter was there all the time."""
        places = np.flatnonzero(wanted)
        measured = self.measured is None or bool(self.measured[wanted].all())
        if self.level is None or not len(places):
            return measured
        return measured and bool(self.level[places[0]] and self.level[places[-1] + 1])

    @cached_property
    def level(self) -> Bools | None:
        """Tell after which rows, and (first) before all of them, the plant knows all; None: always.

        (n + 1,): where it is so at both ends of a row, its energies belong together and balance.
        """
        needed = [name for kind, names in self._reporters.items() if kind != USE for name in names]
        marks = np.concatenate((np.zeros(1, dtype=np.int64), self.rows.marks))
        result: Bools | None = None
        for name in dict.fromkeys(needed):
            if self.sent(name) is self.rows:
                continue
            known = self._is_known(name, marks)
            result = known if result is None else result & known
        return result

    @cached_property
    def measured(self) -> Bools | None:
        """Tell in which rows a meter was there all the time; None: in all (R24)."""
        masks = [self._inside(name) for name in self._generator.meter_ids]
        if any(mask is None for mask in masks):
            return None
        there = sum((mask for mask in masks if mask is not None), np.zeros(self._block.days.run.length, dtype=bool))
        return np.asarray(self.rows.energy_mwh((~there).astype(np.int64)) == 0)

    @cached_property
    def balanced(self) -> Bools | None:
        """Tell in which rows a balance can be drawn up: of the same time from every instrument; None: in all."""
        level, measured = self.level, self.measured
        if level is None:
            return measured
        both = level[1:] & level[:-1]
        return both if measured is None else both & measured

    @cached_property
    def _reporters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, name in self._generator.channels():
            if kind not in (OWN_FEED, OWN_GRID) and name not in found.setdefault(instruments(kind), []):
                found[instruments(kind)].append(name)
        return found

    def has_sent(self, name: str) -> Bools:
        """Tell with which rows anything of a device has arrived."""
        marks = self.sent(name).marks
        return self._gathered(marks, np.ones(len(marks), dtype=np.int64)) > 0

    def _gathered(self, marks: Ints, values: Ints) -> Ints:
        """Return what some sent rows bring with each row."""
        if marks is self.rows.marks:
            return values
        total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
        return np.diff(total[np.searchsorted(marks, self.rows.marks, side="right")], prepend=np.int64(0))

    def _is_known(self, name: str, marks: Ints) -> Bools:
        """Tell at which marks all is known of a device: it has just reported, or it is not there."""
        sent, life = self.sent(name), self._generator.lives[name]
        begin, end = (edge - int(self._block.days.edges[0]) for edge in life)
        place = np.searchsorted(sent.marks, marks, side="right")
        last = np.concatenate((np.zeros(1, dtype=np.int64), sent.marks))[place]
        known = (last == marks) & (place > 0)
        if begin < 0 and len(marks):
            at = int(self._block.days.edges[0]) * SLOT
            known[0] = bool(View(self._generator, name, self._view.seen).shown(np.array([at]))[0])
        return np.asarray(known | (marks <= begin) | (marks > end))

    def _inside(self, name: str) -> Bools | None:
        life, days = self._generator.lives.get(name), self._block.days
        if life is None:
            return None
        if life.first * SLOT <= self._generator.begin:  # what has been there as long as the plant is never missed
            life = life._replace(first=min(life.first, int(days.edges[0])))
        return life.inside(days)


def reports_of(generator: Generator, block: Block, view: View, owner: str = "") -> Reports:
    """Return what has been reported of a block by each row of a plant or device.

    A plant has no row where none of its instruments was heard.
    """
    reports = Reports(generator, block, view, view.rows(block.days), owner)
    heard = None if view.device_id else reports.heard_at_all()
    if heard is None or bool(heard.all()):
        return reports
    return Reports(generator, block, view, reports.rows.only(heard), owner)


def is_always_heard(generator: Generator, name: str, block: Block) -> bool:
    """Tell whether a device is there all the time and has no silence of its own, so that its rows are the plant's."""
    return name not in generator.silent and generator.lives[name].inside(block.days) is None


def lead(generator: Generator, view: View, first: date, count: int) -> date:
    """Return the day with which a block has to begin, so that every silence which ends in some days begins in it."""
    found = view.lead(first)
    if view.device_id:
        return found
    days = generator.days(first, count)
    for name in sorted(generator.silent):
        own = View(generator, name, view.seen)
        begun = own.lead(first)
        if begun < found and own.has_rows(days):
            found = begun
    return found
