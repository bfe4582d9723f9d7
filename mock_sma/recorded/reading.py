"""From a file's bytes to a recording."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.clock import EARLIEST, LATEST
from mock_sma.domain.period import Period
from mock_sma.domain.recording import Recording
from mock_sma.errors import RowsError
from mock_sma.recorded.columns import heads_of, numbers
from mock_sma.recorded.exports import translated
from mock_sma.recorded.sheet import sheet_of
from mock_sma.recorded.stamps import ends_of
from mock_sma.recorded.sums import sums_of

if TYPE_CHECKING:
    from mock_sma.recorded.iso_times import Ints
    from mock_sma.recorded.options import Options
    from mock_sma.recorded.owner import RowsOwner
    from mock_sma.recorded.sheet import Sheet

STEPS = {60: "OneMinute", 300: "FiveMinutes", 900: "FifteenMinutes", 3_600: "OneHour"}
"""Intervals that the API has a word for [s]."""

LOOKED_AT = 20_000
"""Rows by which the interval is told."""

PARQUET = b"PAR1"

OUT_OF_REACH = "a time of it is not in the years 1990 to 2199, which a world can have"


def recording_of(
    data: bytes, owner: RowsOwner, options: Options, source: tuple[tuple[str, str], ...] = ()
) -> Recording:
    """Return the rows of a CSV or Parquet file.

    Args:
        source: the keys that a scenario names them by.

    Raises:
        RowsError: they cannot be read, or are of something that their owner does not have.
    """
    file = PurePath(dict(source).get("file", "")).name
    try:
        return _recording(translated(_sheet_of(data), options, file), owner, options, source)
    except (ValueError, OverflowError):  # a date at the edge of the calendar, from which nothing can be worked out
        raise RowsError(OUT_OF_REACH) from None


def _sheet_of(data: bytes) -> Sheet:
    if not data.startswith(PARQUET):
        return sheet_of(data)
    from mock_sma.recorded.parquet import parquet_sheet  # noqa: PLC0415 - pyarrow is an extra, and large

    return parquet_sheet(data)


def _recording(sheet: Sheet, owner: RowsOwner, options: Options, source: tuple[tuple[str, str], ...]) -> Recording:
    plant_zone = ZoneInfo(owner.plant.timezone)
    zone = plant_zone if options.timezone is None else ZoneInfo(options.timezone)
    sums = sums_of(sheet, plant_zone, options.interval)
    heads = heads_of(sheet.heads, owner, options.set_name, options.unit or (None if sums is None else "Wh"))
    covers, until, step = options.covers(plant_zone), options.end(plant_zone), 0
    if sums is None:
        ends = ends_of(sheet.times, zone, sheet.first_line)
        step = _step(ends, sheet.first_line, owner.plant.resolution)
        if (options.stamps or sheet.stamps) == "start":
            ends = ends + step
    else:
        ends = sums.begins
        covers = covers or sums.covers
        if heads.has_powers:
            raise RowsError("a day, month or year has an energy, in Wh or kWh, and no power", 1)
    out = np.flatnonzero((ends < EARLIEST) | (ends > LATEST))
    if len(out):
        raise RowsError(OUT_OF_REACH, sheet.first_line + int(out[0]))
    if covers is None and not len(ends):
        raise RowsError("it has no rows, only heads; put a row for each interval below them, or say of which 'days'", 1)
    low = _first(ends, options, plant_zone, is_end=sums is None)
    if low and covers is not None and sums is not None and covers is sums.covers:
        covers = (int(ends[low]), covers[1])  # what is left out before it is simulated
    _check_inside(ends[low:], covers, is_end=sums is None)
    columns = []
    for name, factor, cells in zip(heads.names, heads.factors, sheet.columns, strict=True):
        values = numbers(cells, factor, name, sheet.first_line, comma=sheet.comma)
        columns.append((name, values[low:].tobytes()))
    return Recording(
        set_name=heads.measurement_set.name,
        step=step,
        ends=ends[low:].tobytes(),
        columns=tuple(columns),
        is_energy=heads.is_energy,
        covers=covers,
        period=Period.DAY if sums is None else sums.period,
        until=until,
        source=source,
    )


def _first(times: Ints, options: Options, zone: ZoneInfo, *, is_end: bool) -> int:
    """Return the place of the first row that counts: of rows by their ends, or of sums by their beginnings."""
    begin = options.begin(zone)
    low = 0 if begin is None else int(np.searchsorted(times, begin, side="right" if is_end else "left"))
    if low and low == len(times):
        raise RowsError(f"all rows are before 'from' ({options.since}); leave it out, or name an earlier day")
    return low


def _check_inside(ends: Ints, covers: tuple[int, int] | None, *, is_end: bool) -> None:
    if covers is None or not len(ends):
        return
    first, last = int(ends[0]), int(ends[-1])
    if not (covers[0] < first <= last <= covers[1] if is_end else covers[0] <= first <= last < covers[1]):
        raise RowsError("it has rows outside of 'days'; name the first and the last local day of its rows")


def _step(ends: Ints, first_line: int, minutes: int) -> int:
    """Return the interval of rows: what most of them are apart; of less than two that of the plant."""
    if len(ends) < 2:
        return 60 * minutes
    lengths, counts = np.unique(np.diff(ends[:LOOKED_AT]), return_counts=True)
    step = int(lengths[np.argmax(counts)])
    if step not in STEPS:
        known = "1, 5, 15 or 60 minutes, or of a day, month or year"
        shown = f"{step // 60} minutes" if step % 60 == 0 else f"{step} seconds"
        raise RowsError(
            f"the rows are {shown} apart; SMA's answers have rows of {known}: bring them into one of these",
            first_line + 1,
        )
    return step
