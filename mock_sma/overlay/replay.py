"""Recorded rows in the place of simulated ones: exact where rows are fine, summed where they are coarse.

From its first row to its last a recording is all that there is: an interval that it has no row of is a gap (R28).
Before and behind it rows are simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.period import Period, Resolution, Span
from mock_sma.overlay.joined import RowCells, day_sums, joined, table_of_rows
from mock_sma.overlay.track import Track
from mock_sma.recorded.local_time import instants
from mock_sma.simulation.fold import fold_rows
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.stamps import fine_stamps
from mock_sma.simulation.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recording import Recording
    from mock_sma.domain.scenario import DstFold
    from mock_sma.simulation.arrays import Bools, Ints

    Simulate = Callable[[Span, bool], Table]

WORDS = {
    60: Resolution.ONE_MINUTE,
    300: Resolution.FIVE_MINUTES,
    900: Resolution.FIFTEEN_MINUTES,
    3_600: Resolution.ONE_HOUR,
}
"""Names of the intervals of recorded rows [s]."""


@dataclass(frozen=True, slots=True)
class ReplayQuery:
    """What is wanted of a set.

    Attributes:
        until: end of the last interval that can be seen [s since the epoch].
        energy: Wh instead of W in fine periods.
    """

    span: Span
    until: int
    energy: bool


class Replay:
    """The recorded rows of a plant's or device's set.

    Args:
        recordings: that hold the set's properties; they do not overlap.
        measurement_set: the set.
        plant: the plant.
        fold: what is sent for the repeated hour of an autumn day.
    """

    def __init__(
        self, recordings: Sequence[Recording], measurement_set: MeasurementSet, plant: Plant, fold: DstFold
    ) -> None:
        self._set = measurement_set
        self._zone = ZoneInfo(plant.timezone)
        self._commissioned = plant.commissioned
        self._fold = fold
        self._tracks = sorted((Track(item, measurement_set) for item in recordings), key=lambda track: track.begin)

    def touches(self, span: Span, until: int) -> bool:
        """Tell whether anything of a span may be recorded."""
        if span.period is Period.RECENT:
            return any(track.begin < until for track in self._tracks)
        begin, end = self._limits(span)
        return any(track.begin < min(end, until) and track.end > begin for track in self._tracks)

    def served(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        """Return the rows of a span as they are served; one without any recorded rows is simulated."""
        if not self.touches(asked.span, asked.until):
            return simulate(asked.span, asked.energy)
        table = self.table(asked, simulate)
        is_fine = asked.span.period.is_fine
        return fold_rows(table, self._set, self._fold, energy=asked.energy) if is_fine else table

    def table(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        """Return the rows of a span that :meth:`touches` recorded ones."""
        if asked.span.period is Period.RECENT:
            return self._recent(asked, simulate)
        if asked.span.period.is_fine:
            return self._fine(asked, simulate)
        return self._coarse(asked, simulate)

    # ---- Recent, Day, Week ----------------------------------------------------------------------------

    def _fine(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        begin, end = self._limits(asked.span)
        end = min(end, asked.until)
        tables, ends = [], []
        for track in self._tracks:
            places = track.places(begin, end)
            if places.start < places.stop:
                tables.append(self._recorded(track, places, energy=asked.energy))
                ends.append(track.ends[places])
        if not self._covers(begin, end):
            simulated, times = self._uncovered(simulate(asked.span, asked.energy))
            tables.append(simulated)
            ends.append(times)
        else:
            simulated = None
        if not tables:
            return Table(self._resolution(asked.span, begin, end))
        table = tables[0] if len(tables) == 1 else joined(tables, ends, self._set)
        hourly = self._set.hourly_week and asked.span.period is Period.WEEK
        return self._by_hour(table, ends) if hourly else table

    def _recorded(self, track: Track, places: slice, *, energy: bool) -> Table:
        ends = track.ends[places]
        opened = self._opened(ends)
        energy = energy or not self._set.has_power
        columns = {name: track.values(name, places, opened, energy=energy) for name in track.names}
        return table_of_rows(WORDS[track.step], fine_stamps(ends, self._zone), columns, self._set)

    def _opened(self, ends: Ints) -> Bools:
        """Tell which rows are the first ones of their local days."""
        if not len(ends):
            return np.zeros(0, dtype=bool)
        first = datetime.fromtimestamp(int(ends[0]) - 1, self._zone).date()
        last = datetime.fromtimestamp(int(ends[-1]) - 1, self._zone).date()
        edges = [midnight(first + timedelta(days=day), self._zone) for day in range((last - first).days + 2)]
        day = np.searchsorted(np.array(edges, dtype=np.int64), ends, side="left")
        return np.concatenate((np.ones(1, dtype=bool), day[1:] != day[:-1]))

    def _uncovered(self, table: Table) -> tuple[Table, Ints]:
        """Return the simulated rows that no recording covers, and their ends."""
        times = [int(datetime.fromisoformat(f"{stamp}+00:00").timestamp()) for stamp in table.stamps]
        ends = np.array(instants(times, self._zone), dtype=np.int64)
        covered = np.zeros(len(ends), dtype=bool)
        for track in self._tracks:
            covered |= (ends > track.begin) & (ends <= track.end)
        kept = np.flatnonzero(~covered)
        return picked(table, kept.tolist()), ends[kept]

    def _covers(self, begin: int, end: int) -> bool:
        return any(track.begin <= begin and track.end >= end for track in self._tracks)

    def _resolution(self, span: Span, begin: int, end: int) -> Resolution:
        if self._set.hourly_week and span.period is Period.WEEK:
            return Resolution.ONE_HOUR
        return next(WORDS[track.step] for track in self._tracks if track.begin < end and track.end > begin)

    def _by_hour(self, table: Table, ends: Sequence[Ints]) -> Table:
        """Return rows in whole watts for each full hour."""
        times = np.sort(np.concatenate(ends))
        hours = -(-times // 3_600) * 3_600
        cells = np.array([np.nan if cell is None else cell for cell in table.columns.get("pvGeneration", ())])
        starts = np.flatnonzero(np.concatenate((np.ones(1, dtype=bool), hours[1:] != hours[:-1])))
        stamps = fine_stamps(hours[starts], self._zone)
        means = [_whole_mean(part.tolist()) for part in np.split(cells, starts[1:])]
        return Table(Resolution.ONE_HOUR, stamps, {"pvGeneration": list(means)})

    def _recent(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        rows = [(track, track.places(track.begin, asked.until)) for track in self._tracks]
        rows = [(track, places) for track, places in rows if places.start < places.stop]
        latest = max(rows, key=lambda row: int(row[0].ends[row[1].stop - 1]), default=None)
        if latest is None or not self._covers(asked.until - 1, asked.until):
            simulated, ends = self._uncovered(simulate(asked.span, asked.energy))
            if latest is None or (len(ends) and int(ends[-1]) > latest[0].end):
                return simulated
        track, places = latest
        day = midnight(datetime.fromtimestamp(int(track.ends[places.stop - 1]) - 1, self._zone).date(), self._zone)
        # Its energy is a step of the day's counter, so the day is counted from its beginning.
        table = self._recorded(track, track.places(day, asked.until), energy=asked.energy)
        return picked(table, [len(table.stamps) - 1])

    # ---- Month, Year, Total ---------------------------------------------------------------------------

    def _coarse(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        """Return a coarse span: each row simulated, or made of the next finer period where a recording touches it."""
        begin, end = self._limits(asked.span)
        rows: dict[str, RowCells] = {}
        if not self._covers(begin, min(end, asked.until)):
            simulated = simulate(asked.span, asked.energy)
            rows = {stamp: RowCells.of(simulated, place) for place, stamp in enumerate(simulated.stamps)}
        known = self._whole_days(begin, min(end, asked.until)) if asked.span.period is Period.MONTH else {}
        for part in self._parts(asked):
            stamp = f"{part.first}T00:00:00"
            if stamp in known:
                rows[stamp] = known[stamp]
            elif self.touches(part, asked.until):
                rows.pop(stamp, None)
                table = self.table(ReplayQuery(part, asked.until, energy=True), simulate)
                if table.stamps:
                    rows[stamp] = RowCells.sum_of(table, self._set)
        return RowCells.table(asked.span.resolution(60), dict(sorted(rows.items())), self._set)

    def _whole_days(self, begin: int, end: int) -> dict[str, RowCells]:
        """Return the sums of the days between two midnights that have recorded rows only, by their stamps."""
        rows: dict[str, RowCells] = {}
        for track in self._tracks:
            places = track.places(begin, end)
            opened = self._opened(track.ends[places])
            firsts = np.flatnonzero(opened)
            if not len(firsts):
                continue
            sums = day_sums(track, places, opened, self._set)
            for number, at in enumerate((track.ends[places][firsts] - 1).tolist()):
                day = datetime.fromtimestamp(at, self._zone).date()
                midnights = (midnight(day + timedelta(days=more), self._zone) for more in (0, 1))
                if self._covers(*midnights):
                    rows[f"{day}T00:00:00"] = sums[number]
        return rows

    def _parts(self, asked: ReplayQuery) -> Sequence[Span]:
        """Return the spans that the rows of a coarse one are sums of, as far as any is recorded."""
        period, first = asked.span.period, asked.span.first
        if period is Period.TOTAL:
            last = datetime.fromtimestamp(asked.until - 1, self._zone).year
            years = {
                year for track in self._tracks for year in range(self._year(track.begin), self._year(track.end) + 1)
            }
            return [Span(Period.YEAR, date(year, 1, 1)) for year in sorted(years) if year <= last]
        assert first is not None
        if period is Period.YEAR:
            return [Span(Period.MONTH, date(first.year, month, 1)) for month in range(1, 13)]
        day = first.replace(day=1)
        stop = (day + timedelta(days=32)).replace(day=1)
        return [Span(Period.DAY, day + timedelta(days=number)) for number in range((stop - day).days)]

    def _year(self, at: int) -> int:
        return datetime.fromtimestamp(at, self._zone).year

    def _limits(self, span: Span) -> tuple[int, int]:
        """Return beginning and end of a span, no earlier than the plant [s since the epoch]."""
        first = span.first
        if first is None:
            return midnight(self._commissioned, self._zone), 1 << 62
        if span.period is Period.MONTH:
            first = first.replace(day=1)
            stop = (first + timedelta(days=32)).replace(day=1)
        elif span.period is Period.YEAR:
            first, stop = date(first.year, 1, 1), date(first.year + 1, 1, 1)
        else:
            stop = first + timedelta(days=span.days)
        return midnight(max(first, self._commissioned), self._zone), midnight(stop, self._zone)


def _whole_mean(cells: Sequence[float]) -> float | None:
    """Return the mean of an hour's cells that have a value, a whole number."""
    known = [cell for cell in cells if cell == cell]  # noqa: PLR0124 - NaN
    return float(round(sum(known) / len(known))) if known else None


def picked(table: Table, places: Sequence[int]) -> Table:
    """Return some rows of a table."""
    return replace(
        table,
        stamps=[table.stamps[place] for place in places],
        columns={name: [cells[place] for place in places] for name, cells in table.columns.items()},
        indexed={name: [lists[place] for place in places] for name, lists in table.indexed.items()},
    )
