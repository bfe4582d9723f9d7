"""Recorded rows in the place of simulated ones: exact where rows are fine, summed where they are coarse.

From its first row to its last a recording is all that there is: an interval that it has no row of is a gap (R28).
Before and behind it rows are simulated. Sums that were recorded stand for sums of rows; one that was recorded while its
day, month or year went on grows by what comes after.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.period import Period, Span
from mock_sma.overlay.fine_rows import FineRows, ReplayQuery, picked
from mock_sma.overlay.joined import RowCells
from mock_sma.overlay.recorded_sums import RecordedSums, grown, stop_of
from mock_sma.simulation.fold import fold_rows
from mock_sma.simulation.slots import midnight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recording import Recording
    from mock_sma.domain.scenario import DstFold
    from mock_sma.overlay.fine_rows import Simulate
    from mock_sma.simulation.table import Table


class Replay:
    """The recorded rows of a plant's or device's set.

    Args:
        recordings: that hold the set's properties; those of one period and unit do not overlap.
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
        self._fine = FineRows([item for item in recordings if item.period is Period.DAY], measurement_set, self._zone)
        sums = [item for item in recordings if item.period is not Period.DAY]
        self._sums = RecordedSums(sums, measurement_set, self._zone)

    def touches(self, span: Span, until: int) -> bool:
        """Tell whether anything of a span may be recorded."""
        if span.period is Period.RECENT:
            return any(track.begin < until for track in self._fine.tracks)
        begin, end = self._limits(span)
        end = min(end, until)
        if self._fine.touch(begin, end):
            return True
        return not span.period.is_fine and self._sums.touch(span.period, begin, end)

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
            return self._fine.recent(asked, simulate)
        if asked.span.period.is_fine:
            return self._fine.rows(asked, self._limits(asked.span), simulate)
        return self._coarse(asked, simulate)

    # ---- Month, Year, Total ---------------------------------------------------------------------------

    def _coarse(self, asked: ReplayQuery, simulate: Simulate) -> Table:
        """Return a coarse span: each row recorded, or simulated, or made of the next finer period."""
        begin, end = self._limits(asked.span)
        end = min(end, asked.until)
        rows: dict[str, RowCells] = {}
        if not self._fine.covers(begin, end):
            simulated = simulate(asked.span, asked.energy)
            rows = {stamp: RowCells.of(simulated, place) for place, stamp in enumerate(simulated.stamps)}
        known = self._fine.whole_days(begin, end) if asked.span.period is Period.MONTH else {}
        for part in self._parts(asked):
            row = self._row(part, known, asked, simulate, rows.pop(stamp := _stamp(part), None))
            if row is not None and (row.scalars or any(row.indexed.values())):
                rows[stamp] = row
        return RowCells.table(asked.span.resolution(60), dict(sorted(rows.items())), self._set)

    def _row(
        self,
        part: Span,
        known: Mapping[str, RowCells],
        asked: ReplayQuery,
        simulate: Simulate,
        simulated: RowCells | None,
    ) -> RowCells | None:
        """Return the row that is about a day, month or year."""
        begin, end = (midnight(day, self._zone) for day in _days(part))
        cover = self._sums.cover(asked.span.period, begin)
        if begin >= asked.until:
            return None
        if cover is not None:
            recorded, at = self._sums.row(asked.span.period, _stamp(part)), cover.open_at(end)
            if recorded is None or at is None or asked.until <= at:
                return recorded
            return grown(recorded, list(self._since(part, at, asked, simulate)), self._set)
        if _stamp(part) in known:
            return known[_stamp(part)]
        if not self.touches(part, asked.until):
            return simulated
        table = self.table(ReplayQuery(part, asked.until, energy=True), simulate)
        return RowCells.sum_of(table, self._set) if table.stamps else None

    def _since(self, part: Span, at: int, asked: ReplayQuery, simulate: Simulate) -> Iterator[RowCells]:
        """Yield what has come in a day, month or year after an instant."""
        inner = ReplayQuery(part, asked.until, energy=True)
        touched = self.touches(part, asked.until)
        table = self.table(inner, simulate) if touched else simulate(part, True)
        if part.period is Period.DAY:
            times = self._fine.ends(table)
            yield RowCells.sum_of(picked(table, np.flatnonzero(times > at).tolist()), self._set)
            return
        for finer in self._parts(inner):
            begin, end = (midnight(day, self._zone) for day in _days(finer))
            if begin >= at and _stamp(finer) in table.stamps:
                yield RowCells.of(table, table.stamps.index(_stamp(finer)))
            elif begin < at < end:
                yield from self._since(finer, at, asked, simulate)

    def _parts(self, asked: ReplayQuery) -> Sequence[Span]:
        """Return the spans that the rows of a coarse one are sums of, as far as any is recorded."""
        period, first = asked.span.period, asked.span.first
        if period is Period.TOTAL:
            last = datetime.fromtimestamp(asked.until - 1, self._zone).year
            times = [*((track.begin, track.end) for track in self._fine.tracks), *self._sums.years]
            years = {year for begin, end in times for year in range(self._year(begin), self._year(end - 1) + 1)}
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
        if span.first is None:
            return midnight(self._commissioned, self._zone), 1 << 62
        first, stop = _days(span)
        return midnight(max(first, self._commissioned), self._zone), midnight(stop, self._zone)


def _days(span: Span) -> tuple[date, date]:
    """Return the first date of a span, and the first one behind it."""
    first = span.first
    assert first is not None
    if span.period is Period.WEEK:
        return first, first + timedelta(days=span.days)
    first = first.replace(day=1) if span.period is Period.MONTH else first
    first = date(first.year, 1, 1) if span.period is Period.YEAR else first
    return first, stop_of(span.period, first)


def _stamp(part: Span) -> str:
    """Return the stamp of the row that is about a day, month or year."""
    return f"{part.first}T00:00:00"
