"""Long-term statistics of Home Assistant: a row for each hour of a sensor."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from mock_sma.errors import RowsError
from mock_sma.recorded.columns import Head, numbers

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from mock_sma.recorded.sheet import Sheet

STATISTIC = ("statistic_id", "entity_id")
"""Heads of the column that names the sensor."""

_SECONDS = re.compile(r"([0-9]{9,10})(?:[0-9]{3})?(?:\.[0-9]*)?")
"""Seconds since the epoch, or milliseconds."""

UNIT = ("unit", "unit_of_measurement")


def of_statistics(sheet: Sheet) -> Sheet:
    """Return the powers (``mean``), or the energies of a counter (``change``, ``sum``, ``state``), of one sensor.

    Raises:
        RowsError: there are several sensors, or no such column.
    """
    heads = [Head.of(head).name.lower() for head in sheet.heads]
    columns = dict(zip(heads, sheet.columns, strict=True))
    ids = sorted({str(cell) for name in STATISTIC for cell in columns.get(name, ())})
    if len(ids) > 1:
        raise RowsError(f"it has statistics of {', '.join(ids[:5])}; export one of them, or keep the rows of one", 1)
    units = {str(cell).strip() for name in UNIT for cell in columns.get(name, ())} - {""}
    if len(units) > 1:
        raise RowsError(f"its rows are in {' and '.join(sorted(units))}; a file has one unit", 1)
    unit = next(iter(units), None)
    times = [_iso(text) for text in sheet.times]
    if _has_any(columns.get("mean", ())):
        power = (f"power [{unit or 'W'}]",)
        return replace(sheet, times=times, heads=power, columns=(columns["mean"],), stamps="start")
    if "change" in columns:
        cells: Sequence[str] | array[float] = columns["change"]
    else:
        counter = next((name for name in ("sum", "state") if _has_any(columns.get(name, ()))), None)
        if counter is None or not sheet.time_head.lower().startswith("start"):
            raise RowsError(
                "a history of states has no regular intervals; export long-term statistics, which have "
                "start and mean, sum or change",
                1,
            )
        cells = _steps(columns[counter], counter, sheet)
    return replace(sheet, times=times, heads=(f"energy [{unit or 'kWh'}]",), columns=(cells,), stamps="start")


def _has_any(cells: Sequence[str] | array[float]) -> bool:
    """Tell whether a cell is not empty, or a number."""
    return any(str(cell).strip() not in ("", "nan") for cell in cells)


def _steps(cells: Sequence[str] | array[float], name: str, sheet: Sheet) -> list[str]:
    """Return by how much a counter has gone on in each row; where it went back, or before the first, nothing."""
    values = numbers(cells, 1.0, name, sheet.first_line, comma=sheet.comma).tolist()
    steps = [""]
    for earlier, later in pairwise(values):
        step = round(later - earlier, 6)
        steps.append(repr(step) if step >= 0.0 else "")
    return [step.replace(".", ",") for step in steps] if sheet.comma else steps


def _iso(text: str) -> str:
    """Return a time as ISO 8601 where it is a number of seconds, as the database has it."""
    bare = text.strip()
    match = _SECONDS.fullmatch(bare)
    if match is None:
        return text
    return datetime.fromtimestamp(int(match[1]), UTC).isoformat()
