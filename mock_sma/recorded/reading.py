"""From a file's bytes to a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.recording import Recording
from mock_sma.errors import RowsError
from mock_sma.recorded.columns import heads_of, numbers
from mock_sma.recorded.sheet import sheet_of
from mock_sma.recorded.stamps import ends_of

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


def recording_of(
    data: bytes, owner: RowsOwner, options: Options, source: tuple[tuple[str, str], ...] = ()
) -> Recording:
    """Return the rows of a CSV or Parquet file.

    Args:
        source: the keys that a scenario names them by.

    Raises:
        RowsError: they cannot be read, or are of something that their owner does not have.
    """
    return _recording(_sheet_of(data), owner, options, source)


def _sheet_of(data: bytes) -> Sheet:
    if not data.startswith(PARQUET):
        return sheet_of(data)
    from mock_sma.recorded.parquet import parquet_sheet  # noqa: PLC0415 - pyarrow is an extra, and large

    return parquet_sheet(data)


def _recording(sheet: Sheet, owner: RowsOwner, options: Options, source: tuple[tuple[str, str], ...]) -> Recording:
    heads = heads_of(sheet.heads, owner, options.set_name, options.unit)
    plant_zone = ZoneInfo(owner.plant.timezone)
    zone = plant_zone if options.timezone is None else ZoneInfo(options.timezone)
    ends = ends_of(sheet.times, zone, sheet.first_line)
    step = _step(ends, sheet.first_line)
    if (options.stamps or sheet.stamps) == "start":
        ends = ends + step
    begin = options.begin(plant_zone)
    low = 0 if begin is None else int(np.searchsorted(ends, begin, side="right"))
    if low == len(ends):
        raise RowsError(f"all rows are before 'from' ({options.since}); leave it out, or name an earlier day")
    covers = options.covers(plant_zone)
    if covers is not None and not covers[0] < ends[low] <= ends[-1] <= covers[1]:
        raise RowsError("it has rows outside of 'days'; name the first and the last local day of its rows")
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
        source=source,
    )


def _step(ends: Ints, first_line: int) -> int:
    """Return the interval of rows: what most of them are apart."""
    if len(ends) < 2:
        return 300  # a single row
    lengths, counts = np.unique(np.diff(ends[:LOOKED_AT]), return_counts=True)
    step = int(lengths[np.argmax(counts)])
    if step not in STEPS:
        known = "1, 5, 15 or 60 minutes"
        shown = f"{step // 60} minutes" if step % 60 == 0 else f"{step} seconds"
        raise RowsError(
            f"the rows are {shown} apart; SMA's answers have rows of {known}: bring them into one of these",
            first_line + 1,
        )
    return step
