"""Recorded rows as files: one for each run of days of a set."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from mock_sma.witness.literals import Members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.importer.collected import RecordedSet, RecordedThing


def files_of(name: str, thing: RecordedThing) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the files of a plant's or device's rows: name, text, and the entry in ``data``.

    Args:
        name: what their names begin with.
    """
    for wanted, recorded in thing.rows.items():
        for first, last in _runs(recorded):
            file = f"{name}-{wanted}-{first}.csv"
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            entry = {"file": file, "set": wanted, "days": [first.isoformat(), last.isoformat()]}
            yield file, _text([row for day in days for row in recorded.days[day]]), entry


def _runs(recorded: RecordedSet) -> Iterator[tuple[date, date]]:
    first: date | None = None
    last: date | None = None
    for day in sorted(recorded.days):
        if first is None or last is None or day != last + timedelta(days=1):
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _text(rows: list[Members]) -> str:
    cells = [dict(_cells(row)) for row in rows]
    names = list(dict.fromkeys(name for row in cells for name in row if name != "time"))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", *names])
    writer.writerows([row["time"], *(row.get(name, "") for name in names)] for row in cells)
    return text.getvalue()


def _cells(row: Members) -> Iterator[tuple[str, str]]:
    for name, value in row:
        if not isinstance(value, list):
            yield name, "" if value is None else str(value)
            continue
        for item in (item for item in value if isinstance(item, Members)):
            yield f"{name}.{item.get('index')}", str(item.get("value"))
