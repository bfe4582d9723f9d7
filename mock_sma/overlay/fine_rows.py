"""Recorded rows of a few minutes: those of Recent, Day and Week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.period import Period, Resolution, Span
from mock_sma.frozen import frozen
from mock_sma.overlay.joined import RowCells, day_sums, joined, table_of_rows
from mock_sma.overlay.track import tracks_of
from mock_sma.recorded.local_time import instants
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.stamps import fine_stamps
from mock_sma.simulation.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.recording import Recording
    from mock_sma.overlay.track import Track
    from mock_sma.simulation.arrays import Bools, Ints

    Simulate = Callable[[Span, bool], Table]

WORDS = {
    60: Resolution.ONE_MINUTE,
    300: Resolution.FIVE_MINUTES,
    900: Resolution.FIFTEEN_MINUTES,
    3_600: Resolution.ONE_HOUR,
}
"""Names of the intervals of recorded rows [s]."""


@frozen
class ReplayQuery:
    """What is wanted of a set.

    Attributes:
        until: end of the last interval that can be seen [s since the epoch].
        energy: Wh instead of W in fine periods.
    """

    span: Span
    until: int
    energy: bool


class FineRows:
    """The recorded rows of a set, simulated ones around them.

    Args:
        recordings: of a few minutes; those of one unit do not overlap.
        measurement_set: the set.
        zone: of the plant.

    Attributes:
        tracks: they, energies where there are both.
    """

    def __init__(self, recordings: Sequence[Recording], measurement_set: MeasurementSet, zone: ZoneInfo) -> None:
        self._set = measurement_set
        self._zone = zone
        self._by_unit = {energy: tracks_of(recordings, measurement_set, energy=energy) for energy in (False, True)}
        self.tracks = self._by_unit[True]

    def touch(self, begin: int, end: int) -> bool:
        """Tell whether any of a time is recorded [s since the epoch]."""
        return any(track.begin < end and track.end > begin for track in self.tracks)

    def rows(self, asked: ReplayQuery, limits: tuple[int, int], simulate: Simulate) -> Table:
        """Return the rows of a Day or Week, between its ``limits`` [s since the epoch]."""
        begin, end = limits
        end = min(end, asked.until)
        tables, ends = [], []
        for track in self._by_unit[asked.energy]:
            places = track.places(begin, end)
            if places.start < places.stop:
                tables.append(self._recorded(track, places, energy=asked.energy))
                ends.append(track.ends[places])
        if not self.covers(begin, end):
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
        ends = self.ends(table)
        covered = np.zeros(len(ends), dtype=bool)
        for track in self.tracks:
            covered |= (ends > track.begin) & (ends <= track.end)
        kept = np.flatnonzero(~covered)
        return picked(table, kept.tolist()), ends[kept]

    def ends(self, table: Table) -> Ints:
        """Return when a table's rows end [s since the epoch]."""
        times = [int(datetime.fromisoformat(f"{stamp}+00:00").timestamp()) for stamp in table.stamps]
        return np.array(instants(times, self._zone), dtype=np.int64)

    def covers(self, begin: int, end: int) -> bool:
        """Tell whether one recording has all of a time."""
        return any(track.begin <= begin and track.end >= end for track in self.tracks)

    def _resolution(self, span: Span, begin: int, end: int) -> Resolution:
        if self._set.hourly_week and span.period is Period.WEEK:
            return Resolution.ONE_HOUR
        return next(WORDS[track.step] for track in self.tracks if track.begin < end and track.end > begin)

    def _by_hour(self, table: Table, ends: Sequence[Ints]) -> Table:
        """Return rows in whole watts for each full hour."""
        times = np.sort(np.concatenate(ends))
        hours = -(-times // 3_600) * 3_600
        cells = np.array([np.nan if cell is None else cell for cell in table.columns.get("pvGeneration", ())])
        starts = np.flatnonzero(np.concatenate((np.ones(1, dtype=bool), hours[1:] != hours[:-1])))
        stamps = fine_stamps(hours[starts], self._zone)
        means = [_whole_mean(part.tolist()) for part in np.split(cells, starts[1:])]
        return Table(Resolution.ONE_HOUR, stamps, {"pvGeneration": list(means)})

    def recent(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        """Return the latest row."""
        tracks = self._by_unit[asked.energy]
        rows = [(track, track.places(track.begin, asked.until)) for track in tracks]
        rows = [(track, places) for track, places in rows if places.start < places.stop]
        latest = max(rows, key=lambda row: int(row[0].ends[row[1].stop - 1]), default=None)
        if latest is None or not self.covers(asked.until - 1, asked.until):
            simulated, ends = self._uncovered(simulate(asked.span, asked.energy))
            if latest is None or (len(ends) and int(ends[-1]) > latest[0].end):
                return simulated
        track, places = latest
        day = midnight(datetime.fromtimestamp(int(track.ends[places.stop - 1]) - 1, self._zone).date(), self._zone)
        # Its energy is a step of the day's counter, so the day is counted from its beginning.
        table = self._recorded(track, track.places(day, asked.until), energy=asked.energy)
        return picked(table, [len(table.stamps) - 1])

    def whole_days(self, begin: int, end: int) -> dict[str, RowCells]:
        """Return the sums of the days between two midnights that have recorded rows only, by their stamps."""
        rows: dict[str, RowCells] = {}
        for track in self.tracks:
            places = track.places(begin, end)
            opened = self._opened(track.ends[places])
            firsts = np.flatnonzero(opened)
            if not len(firsts):
                continue
            sums = day_sums(track, places, opened, self._set)
            for number, at in enumerate((track.ends[places][firsts] - 1).tolist()):
                day = datetime.fromtimestamp(at, self._zone).date()
                midnights = (midnight(day + timedelta(days=more), self._zone) for more in (0, 1))
                if self.covers(*midnights):
                    rows[f"{day}T00:00:00"] = sums[number]
        return rows


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
