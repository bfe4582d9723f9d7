"""Rows that are sums of whole days, months or years."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.errors import RowsError
from mock_sma.frozen import frozen
from mock_sma.recorded.options import INTERVALS
from mock_sma.recorded.stamps import local_time_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.domain.period import Period
    from mock_sma.recorded.iso_times import Ints
    from mock_sma.recorded.sheet import Sheet

DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?"), (1, 2, 3)),
    (re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})"), (3, 2, 1)),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), (3, 1, 2)),
    (re.compile(r"(?:(\d{1,2})/)?(\d{4})"), (2, 1, 3)),
)
"""Forms of a date alone, each with the groups of year, month and day: 2025-06-01, 2025-06, 01.06.2025, 2025."""

DAYS = {"day": (1, 1), "month": (28, 31), "year": (365, 366)}
"""How many days such rows are apart, at least and at most."""

MAX_SUMS = 20_000


@frozen
class Sums:
    """When sums begin.

    Attributes:
        begins: local midnights [s since the epoch].
        covers: from the first one to the end of the last one [s since the epoch]; None: there is none.
        period: the period that has such rows.
    """

    begins: Ints
    covers: tuple[int, int] | None
    period: Period


def sums_of(sheet: Sheet, zone: ZoneInfo, interval: str | None) -> Sums | None:
    """Return when a file's rows begin, if they are sums; None: they are of minutes.

    Args:
        interval: a word of ``INTERVALS``; None: told by the rows.

    Raises:
        RowsError: they are to be, and one is no date, or does not come after the one before.
    """
    texts, line = sheet.times, sheet.first_line
    if interval is None and not _are_dates(texts):
        return None
    days = [_date(text, line + place, zone) for place, text in enumerate(texts[: MAX_SUMS + 1])]
    if len(days) > MAX_SUMS:
        raise RowsError(f"it has {len(texts)} sums of days, months or years; at most {MAX_SUMS} are read")
    apart = [(later - earlier).days for earlier, later in pairwise(days)]
    wrong = next((place for place, number in enumerate(apart, 1) if number <= 0), None)
    if wrong is not None:
        what = "comes twice" if apart[wrong - 1] == 0 else f"comes after {texts[wrong - 1][:40]!r}; sort the rows"
        raise RowsError(f"the date {texts[wrong][:40]!r} {what}", line + wrong)
    interval = interval or _told(apart, line)
    days = [_first_of(interval, day) for day in days]
    if len(set(days)) < len(days):
        raise RowsError(f"a {interval} has one row; say with 'interval' what the rows are sums of", line)
    begins = np.array([_midnight(day, zone) for day in days], dtype=np.int64)
    covers = None if not days else (int(begins[0]), _midnight(_following(interval, days[-1]), zone))
    return Sums(begins, covers, INTERVALS[interval])


def _are_dates(texts: Sequence[str]) -> bool:
    """Tell whether times are dates or midnights, each another day."""
    return len(texts) > 1 and all(_is_date(text) for text in texts[:3]) and texts[0][:10] != texts[1][:10]


def _is_date(text: str) -> bool:
    bare = text.strip()
    if any(form.fullmatch(bare) for form, _ in DATES):
        return True
    try:
        moment = local_time_of(bare, 0)
    except RowsError:
        return False
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0) and moment.tzinfo is None


def _date(text: str, line: int, zone: ZoneInfo) -> date:
    bare = text.strip()
    for form, order in DATES:
        match = form.fullmatch(bare)
        if match is not None:
            year, month, day = (int(match[group] or 1) if group <= form.groups else 1 for group in order)
            try:
                return date(year, month, day)
            except ValueError:
                raise RowsError(f"{text[:40]!r} is not in the calendar", line) from None
    moment = local_time_of(text, line)
    return (moment if moment.tzinfo is None else moment.astimezone(zone)).date()


def _told(apart: Sequence[int], line: int) -> str:
    """Return what rows are sums of, told by the days that they are apart."""
    for word, (least, most) in DAYS.items():
        if sum(least <= number <= most for number in apart) * 2 > len(apart):
            return word
    raise RowsError("it is not clear whether the rows are sums of days, months or years; say it with 'interval'", line)


def _first_of(interval: str, day: date) -> date:
    return day if interval == "day" else day.replace(day=1) if interval == "month" else date(day.year, 1, 1)


def _following(interval: str, day: date) -> date:
    if interval == "year":
        return date(day.year + 1, 1, 1)
    return day + timedelta(days=1) if interval == "day" else (day + timedelta(days=32)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
