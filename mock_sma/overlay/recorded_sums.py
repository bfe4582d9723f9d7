"""Recorded sums of days, months and years: the rows of Month, Year and Total as somebody has got them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.domain.catalogue import Nature
from mock_sma.domain.period import Period, Resolution
from mock_sma.overlay.joined import RowCells, table_of_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.recording import Recording

FINER = {Period.TOTAL: Period.YEAR, Period.YEAR: Period.MONTH, Period.MONTH: Period.DAY}
"""The period that a row of a coarse one is about."""


def stop_of(period: Period, first: date) -> date:
    """Return the first date behind a Day, Month or Year that begins on a date."""
    if period is Period.DAY:
        return first + timedelta(days=1)
    if period is Period.MONTH:
        return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(year=first.year + 1, month=1, day=1)


class Cover(NamedTuple):
    """A time whose sums are all recorded.

    Attributes:
        begin: its beginning [s since the epoch].
        end: its end [s since the epoch].
        until: when it was recorded; None: when it was over.
    """

    begin: int
    end: int
    until: int | None

    def open_at(self, end: int) -> int | None:
        """Return when a row was recorded that ends then, if it went on after that."""
        return self.until if self.until is not None and self.until < end else None


class RecordedSums:
    """Sums of one set, by period.

    Args:
        recordings: of the set, or of one that holds it.
        measurement_set: the set.
        zone: of the plant.
    """

    def __init__(self, recordings: Iterable[Recording], measurement_set: MeasurementSet, zone: ZoneInfo) -> None:
        self._set = measurement_set
        self._zone = zone
        self._rows: dict[Period, dict[str, RowCells]] = {}
        self._covers: dict[Period, list[Cover]] = {}
        for item in recordings:
            self._covers.setdefault(item.period, []).append(Cover(item.begin, item.end, item.until))
            self._rows.setdefault(item.period, {}).update(self._cells(item))

    def __bool__(self) -> bool:
        return bool(self._covers)

    @property
    def years(self) -> Sequence[tuple[int, int]]:
        """Beginning and end of each time that has sums [s since the epoch]."""
        return [(cover.begin, cover.end) for covers in self._covers.values() for cover in covers]

    def touch(self, period: Period, begin: int, end: int) -> bool:
        """Tell whether a time of a coarse period has sums, of its own or of a finer one."""
        while period in FINER:
            if any(cover.begin < end and cover.end > begin for cover in self._covers.get(period, ())):
                return True
            period = FINER[period]
        return False

    def cover(self, period: Period, begin: int) -> Cover | None:
        """Return what covers the row of a period that begins then, if anything does."""
        return next((item for item in self._covers.get(period, ()) if item.begin <= begin < item.end), None)

    def row(self, period: Period, stamp: str) -> RowCells | None:
        """Return a row by its stamp."""
        return self._rows.get(period, {}).get(stamp)

    def _cells(self, recording: Recording) -> dict[str, RowCells]:
        known = {item.name for item in self._set.properties}
        columns = {
            name: np.frombuffer(values, dtype=np.float64)
            for name, values in recording.columns
            if name.partition(".")[0] in known
        }
        begins = np.frombuffer(recording.ends, dtype=np.int64).tolist()
        stamps = [f"{datetime.fromtimestamp(begin, self._zone).date()}T00:00:00" for begin in begins]
        table = table_of_rows(Resolution.ONE_DAY, stamps, columns, self._set)
        return {stamp: RowCells.of(table, place) for place, stamp in enumerate(stamps)}


def grown(recorded: RowCells, more: Sequence[RowCells], measurement_set: MeasurementSet) -> RowCells:
    """Return a row with what has come since it was recorded; its states stay."""
    rows = {str(place): row for place, row in enumerate([recorded, *more])}
    whole = RowCells.sum_of(RowCells.table(Resolution.ONE_DAY, rows, measurement_set), measurement_set)
    states = {item.name for item in measurement_set.properties if item.nature is Nature.STATE}
    scalars = {name: value for name, value in recorded.scalars.items() if name in states} | whole.scalars
    indexed = {name: value for name, value in recorded.indexed.items() if name in states} | whole.indexed
    return replace(whole, scalars=scalars, indexed=indexed)
