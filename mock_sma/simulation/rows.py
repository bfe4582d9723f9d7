"""From slots to rows: a plant's intervals, gaps, and whole-Wh counters (R23; docs/decisions.md, Numbers)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.frozen import frozen
from mock_sma.simulation import chance
from mock_sma.simulation.lives import HIDING, slot_after
from mock_sma.simulation.slots import SLOT, midnight
from mock_sma.simulation.visibility import paces

if TYPE_CHECKING:
    from datetime import date

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.slots import Days
    from mock_sma.simulation.visibility import Visibility


@frozen
class Rows:
    """Intervals that reached the portal.

    Attributes:
        ends: (n,) end of each interval [s since the epoch].
        marks: (n,) slot offset of each end in the block.
        day: (n,) number of the block's day that each row lies in.
        spans: (n,) time since the row before [s]; after a gap longer than the resolution.
        steps: (n,) slots of each where it follows no gap.
    """

    ends: Ints
    marks: Ints
    day: Ints
    spans: Ints
    steps: Ints

    def only(self, wanted: Bools) -> Rows:
        """Return some of them; one that others fell out before lasts since the last one that is left."""
        ends = self.ends[wanted]
        begin = self.ends[:1] - self.spans[:1]
        return Rows(ends, self.marks[wanted], self.day[wanted], np.diff(ends, prepend=begin), self.steps[wanted])

    def energy_mwh(self, values: Ints) -> Ints:
        """Return each row's energy [mWh]: all since the row before."""
        return _steps(running(values)[self.marks])

    def energy_wh(self, values: Ints) -> Ints:
        """Return each row's difference of the whole-Wh counter [Wh]."""
        return _steps(running(values)[self.marks] // 1_000)

    def power_mw(self, values: Ints) -> Ints:
        """Return each row's mean power since the row before [mW]."""
        return mean_power(self.energy_mwh(values), self.spans)

    def mean(self, values: Ints) -> Ints:
        """Return the mean over each row's own interval of something measured in thousandths."""
        total = running(values)
        return np.asarray((total[self.marks] - total[self.marks - self.steps]) // self.steps)


def mean_power(energy: Ints, spans: Ints) -> Ints:
    """Return mean powers [mW] of energies [mWh] over some times [s]."""
    exact, rest = divmod(energy * 3_600, spans)
    return exact + (rest * 2 >= spans)


def running(values: Ints) -> Ints:
    """Return (n + 1,) sums of the first 0, 1, … n values."""
    total = np.empty(len(values) + 1, dtype=np.int64)
    total[0] = 0
    values.cumsum(out=total[1:])
    return total


def _steps(counter: Ints) -> Ints:
    """Return what a counter that began at 0 has gone on with each reading."""
    steps = counter.copy()
    steps[1:] -= counter[:-1]
    return steps


class View:
    """Which rows of a plant, or of one of its devices, reach the portal.

    Args:
        generator: the generator of the plant.
        device_id: None: the plant's own rows.
        seen: what can be seen by now.
    """

    def __init__(self, generator: Generator, device_id: str | None, seen: Visibility) -> None:
        self._generator = generator
        self.device_id = device_id or ""
        self.seen = seen
        self.life = generator.lives.get(self.device_id)
        self._paces = _Paces.of(generator.plant)
        self._missing = generator.plant.missing_rows
        self._missed = [(item.until.timestamp(), item.missing_rows) for item in generator.plant.earlier]
        self._hiding: list[tuple[int, PlantEvent]] = [
            (number, event)
            for number, event in enumerate(generator.plant.events)
            if event.kind in HIDING
            and event.device_id in (None, device_id)
            and not (event.kind is EventKind.LATE_DATA and number in seen.arrived)
        ]

    @property
    def misses(self) -> bool:
        """Whether rows are missing now and then, or were before the plant was changed."""
        return self._missing > 0.0 or any(share > 0.0 for _, share in self._missed)

    def hides(self, low: float, high: float) -> bool:
        """Tell whether anything may hide a row that ends after ``low`` and no later than ``high``."""
        return self.misses or any(
            event.start.timestamp() < high and (event.end is None or event.end.timestamp() > low)
            for _, event in self._hiding
        )

    def shown(self, ends: Ints) -> Bools:
        """Tell for each interval's end whether its row reached the portal."""
        result = np.ones(len(ends), dtype=bool)
        for number, event in self._hiding:
            end = event.end.timestamp() if event.end is not None else np.inf
            within = (ends > event.start.timestamp()) & (ends <= end)
            if event.kind is EventKind.MISSING_ROWS and within.any():
                share = 0.05 if event.value is None else event.value
                within &= chance.uniform(self._generator.keys["rows"] + number, ends // SLOT) < share
            result &= ~within
        if self.misses:
            shares = np.full(len(ends), self._missing)
            for until, before in reversed(self._missed):
                shares[ends <= slot_after(until) * SLOT] = before
            result &= chance.uniform(self._generator.keys["holes"], ends // SLOT) >= shares
        return result

    def lead(self, first: date) -> date:
        """Return the day of the last row at or before the midnight that begins ``first``."""
        generator = self._generator
        at = midnight(first, generator.zone)
        unborn = self.life is not None and self.life.first * SLOT >= at
        if unborn or not self.hides(at - 1, at) or bool(self.shown(np.array([at]))[0]):
            return first
        day = first
        while day > generator.plant.commissioned:
            # A long silence is passed over at once.
            day = min([day - timedelta(days=1), *self._begun(midnight(day, generator.zone))])
            day = max(day, generator.plant.commissioned)
            days = generator.days(day, 1)
            if bool(self.shown((days.edges[0] + self._paces.marks(days)) * SLOT).any()):
                break
        return day

    def _begun(self, at: int) -> list[date]:
        """Return the days on which the silences that cover a moment began."""
        return [
            event.start.astimezone(self._generator.zone).date()
            for _, event in self._hiding
            if event.kind is not EventKind.MISSING_ROWS
            and event.start.timestamp() < at
            and (event.end is None or at <= event.end.timestamp())
        ]

    def has_rows(self, days: Days) -> bool:
        """Tell whether any row of some days can be seen."""
        low, high = (int(edge) * SLOT for edge in (days.edges[0], days.edges[-1]))
        if self.life is not None or self.hides(low, high):
            return len(self.rows(days).ends) > 0
        return high > max(low, self._generator.begin) and low < self.seen.until

    def rows(self, days: Days) -> Rows:
        """Return the rows of some days that can be seen."""
        begin = self._generator.begin
        marks = self._paces.marks(days)
        ends = (days.edges[0] + marks) * SLOT
        visible = (ends > begin) & (ends <= self.seen.until)
        if self.life is not None:
            begin = self.life.first * SLOT
            # Its last row is that of the interval in which it went.
            visible &= (ends > begin) & (np.concatenate((days.edges[:1] * SLOT, ends[:-1])) < self.life.end)
        if len(ends) and self.hides(float(days.edges[0]) * SLOT, float(ends[-1])):
            visible &= self.shown(ends)
        if not visible.all():
            marks, ends = marks[visible], ends[visible]
        spans = ends.copy()
        spans[:1] -= max(int(days.edges[0]) * SLOT, begin)
        spans[1:] -= ends[:-1]
        day = days.number[marks - 1]
        return Rows(ends, marks, day, spans, self._paces.steps(ends))


class _Paces(NamedTuple):
    """How many slots a row takes, and how many it took before the plant was changed.

    Attributes:
        before: until when [s since the epoch], and how many, in order of time.
    """

    now: int
    before: tuple[tuple[float, int], ...]

    @classmethod
    def of(cls, plant: Plant) -> _Paces:
        return cls(plant.resolution * 60 // SLOT, tuple((end, length // SLOT) for end, length in paces(plant)))

    def steps(self, ends: Ints) -> Ints:
        """Return the slots that rows with these ends take."""
        found = np.full(len(ends), self.now, dtype=np.int64)
        for until, slots in reversed(self.before):
            found[ends <= until] = slots
        return found

    def marks(self, days: Days) -> Ints:
        """Return the slot offsets at which intervals end; each day begins anew, however long the one before was."""
        marks = np.arange(1, int(days.offsets[-1]) + 1, dtype=np.int64)
        if self.now == 1 and all(slots == 1 for _, slots in self.before):
            return marks
        day = days.number[marks - 1]
        since = marks - days.offsets[day]
        steps = self.steps((days.edges[0] + marks) * SLOT)
        return np.asarray(marks[(since % steps == 0) | (since == days.lengths[day])])
