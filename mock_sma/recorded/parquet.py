"""Parquet files, where pyarrow is installed."""

from __future__ import annotations

import io
from typing import Any

from mock_sma.errors import RowsError
from mock_sma.recorded.columns import TIME
from mock_sma.recorded.sheet import MAX_ROWS, Sheet


def parquet_sheet(data: bytes) -> Sheet:
    """Return the cells of a Parquet file, as a CSV file would have them.

    Raises:
        RowsError: pyarrow is not there, or the file is broken, or has no column of times.
    """
    try:
        from pyarrow import parquet  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise RowsError("it is Parquet, which pyarrow reads: pip install pyarrow, or save it as CSV") from None
    try:
        table: Any = parquet.read_table(io.BytesIO(data))
    except (OSError, ValueError) as error:
        raise RowsError(f"it is no sound Parquet file: {error}") from None
    if table.num_rows > MAX_ROWS or not table.num_rows:
        raise RowsError(f"it has {table.num_rows} rows; between 1 and {MAX_ROWS} are read")
    names = [str(name) for name in table.column_names]
    time = next((name for name in names if name.lower() in TIME), None)
    if time is None:
        raise RowsError(f"it has no column 'time'; it has {', '.join(names)}")
    others = [name for name in names if name != time]
    cells = {name: [_text(value) for value in table.column(name).to_pylist()] for name in names}
    return Sheet(cells[time], tuple(others), tuple(cells[name] for name in others), 1)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
