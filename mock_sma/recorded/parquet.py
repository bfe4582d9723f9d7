"""Parquet files, where pyarrow is installed."""

from __future__ import annotations

import io
from array import array
from typing import TYPE_CHECKING, Any

from mock_sma.errors import RowsError
from mock_sma.recorded.columns import TIME
from mock_sma.recorded.sheet import MAX_ROWS, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

INDEX = "__index_level_0__"
"""What pandas calls an index without a name."""


def parquet_sheet(data: bytes) -> Sheet:
    """Return the cells of a Parquet file, as a CSV file would have them.

    Raises:
        RowsError: pyarrow is not there, or the file is broken, or has no column of times.
    """
    try:
        import pyarrow as pa  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
        from pyarrow import parquet  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise RowsError("it is Parquet, which pyarrow reads: pip install pyarrow, or save it as CSV") from None
    try:
        file: Any = parquet.ParquetFile(io.BytesIO(data))
        count = file.metadata.num_rows
        if count > MAX_ROWS or not count:
            raise RowsError(f"it has {count} rows; between 1 and {MAX_ROWS} are read")
        table: Any = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RowsError(f"it is no sound Parquet file: {str(error)[:200]}") from None
    names = [str(name) for name in table.column_names]
    time = next((name for name in names if name.lower() in TIME), INDEX if INDEX in names else None)
    if time is None:
        raise RowsError(f"it has no column 'time'; it has {', '.join(names)}")
    others = [name for name in names if name != time]
    columns = [(name, table.column(place)) for place, name in enumerate(names)]
    times = next(_texts(pa, name, column) for name, column in columns if name == time)
    cells = tuple(_cells(pa, name, column) for name, column in columns if name != time)
    return Sheet(times, tuple(others), cells, 1)


def _texts(pa: Any, name: str, column: Any) -> list[str]:
    """Return a column as texts; half a million are too many for a look at each."""
    kind = column.type
    try:
        if pa.types.is_timestamp(kind):
            column = column.cast(pa.timestamp("s", kind.tz), safe=False)
        found: list[str] = column.cast(pa.string()).fill_null("").to_pylist()
    except pa.ArrowException:
        raise RowsError(f"the column {name} is of the type {kind}; it has to hold times or numbers") from None
    return found


def _cells(pa: Any, name: str, column: Any) -> Sequence[str] | array[float]:
    """Return a column of numbers as such, NaN where there is none, and any other as texts."""
    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind)):
        return _texts(pa, name, column)
    whole = column.cast(pa.float64(), safe=False).fill_null(float("nan")).combine_chunks()
    return array("d", whole.to_numpy(zero_copy_only=False).tobytes())
