"""Exports of one day, whose rows have the time of day alone; the date is told by their name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mock_sma.errors import RowsError

if TYPE_CHECKING:
    from mock_sma.recorded.options import Options
    from mock_sma.recorded.sheet import Sheet

_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\s*[-\u2013]\s*\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*([AP])\.?M\.?)?", re.IGNORECASE
)
_DATE = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


def with_date(sheet: Sheet, options: Options, file: str) -> Sheet:
    """Return a sheet whose times have their date; one whose times have it already as it is.

    A day that begins at 00:00 has the beginnings of its intervals, and one that ends there their ends.

    Raises:
        RowsError: it is not known of which day the rows are, or one is no time.
    """
    if not sheet.times or _CLOCK.fullmatch(sheet.times[0].strip()) is None:
        return sheet
    day = _day(options, file, sheet.first_line)
    moments = [_clock(text, sheet.first_line + place) for place, text in enumerate(sheet.times)]
    is_start = moments[0] == (0, 0)
    times = []
    for place, (hour, minute) in enumerate(moments):
        is_next = (hour, minute) == (0, 0) and place > 0
        shown = day + timedelta(days=1) if hour == 24 or is_next else day
        times.append(f"{shown}T{hour % 24:02}:{minute:02}:00")
    return replace(sheet, times=times, stamps="start" if is_start else "end")


def _clock(text: str, line: int) -> tuple[int, int]:
    match = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2])) if match is not None else (99, 99)
    if match is not None and match[3]:
        hour = hour % 12 + 12 * (match[3].upper() == "P")
    if hour > 24 or minute > 59:
        raise RowsError(f"{text[:40]!r} is no time of day, such as 12:05", line)
    return hour, minute


def _day(options: Options, file: str, line: int) -> date:
    if options.days is not None:
        return options.days[0]
    if options.since is not None:
        return date.fromisoformat(options.since.isoformat()[:10])
    match = _DATE.search(file)
    try:
        return date(*map(int, match.groups())) if match is not None else date.fromisoformat("")
    except ValueError:
        hint = "name the day with 'days', or in the name of the file, as in balance_2025-06-10.csv"
        raise RowsError(f"its rows have a time of day and no date; {hint}", line) from None
