"""A file of rows as cells: heads, and columns of texts."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.errors import RowsError
from mock_sma.frozen import frozen
from mock_sma.recorded.columns import TIME, Head

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Sequence

MAX_BYTES = 512 * 1024 * 1024
MAX_ROWS = 6_000_000
"""Eleven years of minutes."""

DELIMITERS = ",;\t|"

SEARCHED = 40
"""Lines in which the heads are looked for: exports have some lines about themselves before them."""


@frozen
class Sheet:
    """Cells by column.

    Attributes:
        times: the texts of the times.
        heads: the heads of the other columns.
        columns: their cells, texts or numbers.
        first_line: line of the first row.
        comma: whether decimals come behind a comma.
        stamps: which end of an interval its time is, where the format settles it.
        time_head: the head of the times.
    """

    times: Sequence[str]
    heads: tuple[str, ...]
    columns: tuple[Sequence[str] | array[float], ...]
    first_line: int
    comma: bool = False
    stamps: str = "end"
    time_head: str = "time"


def sheet_of(data: bytes) -> Sheet:
    """Return the cells of a CSV file.

    Raises:
        RowsError: it is no such file, has no heads, or a row has too many or too few cells.
    """
    text = _text(data)
    top = text[:20_000].splitlines()[:SEARCHED]
    for number, line in enumerate(top):
        delimiter = max(DELIMITERS, key=line.count)
        heads = next(csv.reader([line], delimiter=delimiter), [])
        if _time_column(heads) is not None:
            return _sheet(text, number, delimiter, heads)
    first = next((line for line in top if line.strip()), "")
    raise RowsError(
        f"no line has the heads of columns, one of which is 'time', as in time,power; it begins with {first[:60]!r}",
        1,
    )


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise RowsError(f"it has {len(data)} bytes; at most {MAX_BYTES} are read")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RowsError("it is not UTF-8; save it as CSV in UTF-8", line) from None


def _time_column(heads: Sequence[str]) -> int | None:
    return next((place for place, head in enumerate(heads) if Head.of(head).name.lower() in TIME), None)


def _sheet(text: str, before: int, delimiter: str, heads: list[str]) -> Sheet:
    width = len(heads)
    first_line = before + 2
    columns = _plain_columns(text, before + 1, delimiter, width) or _quoted_columns(text, before + 1, delimiter, width)
    place = _time_column(heads)
    assert place is not None
    others = [number for number in range(width) if number != place and (heads[number].strip() or any(columns[number]))]
    return Sheet(
        columns[place],
        tuple(heads[number] for number in others),
        tuple(columns[number] for number in others),
        first_line,
        comma=delimiter != "," and _has_comma(cell for number in others for cell in columns[number][:1_000]),
        time_head=heads[place].strip(),
    )


def _has_comma(cells: Iterable[str]) -> bool:
    """Tell whether decimals come behind a comma: not where a point comes behind one, as in 1,234.5."""
    found = [cell for cell in cells if "," in cell]
    return bool(found) and not any(cell.rfind(".") > cell.rfind(",") for cell in found)


def _plain_columns(text: str, skipped: int, delimiter: str, width: int) -> list[Sequence[str]] | None:
    """Return the cells of rows that are as plain as can be, quickly; None: they have to be looked at one by one."""
    if '"' in text or not text.isascii():
        return None
    begin = 0
    for _ in range(skipped):
        begin = text.find("\n", begin) + 1
    body = text[begin:].replace("\r\n", "\n").rstrip("\n")
    if not begin or not body or "\r" in body or body.count("\n") >= MAX_ROWS:
        return None
    signs = np.frombuffer(body.encode() + b"\n", dtype=np.uint8)
    between = np.cumsum(signs == ord(delimiter))[np.flatnonzero(signs == ord("\n"))]
    if bool((np.diff(between, prepend=0) != width - 1).any()):
        return None
    cells = body.replace("\n", delimiter).split(delimiter)
    return [cells[number::width] for number in range(width)]


def _quoted_columns(text: str, skipped: int, delimiter: str, width: int) -> Sequence[Sequence[str]]:
    """Return the cells of any CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(reader)[skipped:]
    except csv.Error as error:
        raise RowsError(f"it is no CSV: {error}", reader.line_num) from None
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS:
        raise RowsError(f"it has {len(rows)} rows; at most {MAX_ROWS} are read")
    if not rows:
        return [()] * width
    if all(len(row) == width + 1 and not row[-1] for row in rows):  # each ends with a delimiter, and the heads do not
        rows = [row[:-1] for row in rows]
    place = next((place for place, row in enumerate(rows) if len(row) != width), None)
    if place is not None:
        found = len(rows[place])
        what = "it is empty" if not found else f"it has {found} cells"
        raise RowsError(f"{what}, and the heads are {width}; give every row as many", skipped + 1 + place)
    return list(zip(*rows, strict=True))
