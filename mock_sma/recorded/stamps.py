"""From the texts of times to instants."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.errors import RowsError
from mock_sma.recorded.iso_times import parsed
from mock_sma.recorded.local_time import DAY, NoSuchTimeError, instants, steady_offset

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.recorded.iso_times import Ints

FORMS = (
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})[ T,]*(\d{1,2}):(\d{2})(?::(\d{2}))?"), (3, 2, 1)),
    (
        re.compile(
            r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})[ T,]*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AP])\.?M\.?)?", re.IGNORECASE
        ),
        (3, 1, 2),
    ),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})[ T,]*(\d{1,2}):(\d{2})(?::(\d{2}))?"), (1, 2, 3)),
)
"""Other forms than ISO 8601, each with the groups of year, month and day: 31.12.2024, 12/31/2024 and 2024/12/31."""

MIDNIGHT = re.compile(r"(?<=[ T,])24(?=:00(?::00)?(?:$|[Z+-]))")
"""The end of a day, told by its own date (ISO 8601:2019, 5.3.1.1)."""

A_TIME = "write times such as 2025-06-15T12:05:00 (local) or 2025-06-15T12:05:00+02:00"


def ends_of(texts: Sequence[str], zone: ZoneInfo, first_line: int) -> Ints:
    """Return the instants of times that follow one another [s since the epoch].

    Args:
        texts: each local, or each with its offset.
        zone: of local ones.
        first_line: line of the first one.

    Raises:
        RowsError: one is no time, is skipped by the clock, or does not come after the one before.
    """
    if not len(texts):
        return np.empty(0, dtype=np.int64)
    known = parsed(texts)
    if known is not None:
        times, is_absolute = known
        return _rising(times if is_absolute else _instants(times, texts, zone, first_line), texts, first_line)
    moments = _moments(texts, first_line)
    aware = sum(moment.tzinfo is not None for moment in moments)
    if aware == len(moments):
        found = np.array([int(moment.timestamp()) for moment in moments], dtype=np.int64)
    elif aware:
        place = next(
            place for place, moment in enumerate(moments) if (moment.tzinfo is None) != (moments[0].tzinfo is None)
        )
        raise RowsError(
            "some times have an offset and some have none; write all of them in one way", first_line + place
        )
    else:
        naive = [int(moment.replace(tzinfo=UTC).timestamp()) for moment in moments]
        found = _instants(np.array(naive, dtype=np.int64), texts, zone, first_line)
    return _rising(found, texts, first_line)


def _rising(found: Ints, texts: Sequence[str], first_line: int) -> Ints:
    wrong = np.flatnonzero(np.diff(found) <= 0)
    if len(wrong):
        place = int(wrong[0]) + 1
        _refuse(texts, place, first_line, again=bool(found[place] == found[place - 1]))
    return found


def _instants(times: Ints, texts: Sequence[str], zone: ZoneInfo, first_line: int) -> Ints:
    """Return the instants of local times: day by day, and one by one where the clock changes."""
    found = np.empty_like(times)
    days = times // DAY
    edges = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(times)]
    known: dict[int, tuple[int, int] | None] = {}
    for low, high in pairwise(edges):
        day = int(days[low])
        if day not in known:
            known[day] = steady_offset(day, zone)
        offset = known[day]
        if offset is not None:
            found[low:high] = times[low:high] - offset[0]
            continue
        before = found[low - 1 : low].tolist()
        try:
            found[low:high] = instants(times[low:high].tolist(), zone, before[0] if before else None)
        except NoSuchTimeError as error:
            place = low + error.place
            hint = "it skips an hour in spring. Write times with their offset, or name their 'timezone' (such as UTC)"
            skipped = f"{texts[place][:40]!r}: no clock of {zone.key} shows that time: {hint}"
            raise RowsError(skipped, first_line + place) from None
    return found


def _refuse(texts: Sequence[str], place: int, first_line: int, *, again: bool) -> None:
    what = (
        "comes twice; a time has one row" if again else f"comes after {texts[place - 1][:40]!r}; sort the rows by time"
    )
    raise RowsError(f"the time {texts[place][:40]!r} {what}", first_line + place)


def _moments(texts: Sequence[str], first_line: int) -> list[datetime]:
    try:
        return list(map(datetime.fromisoformat, texts))
    except ValueError:
        return [local_time_of(text, first_line + place) for place, text in enumerate(texts)]


def local_time_of(text: str, line: int) -> datetime:
    """Return the time that a text is, with its offset where it has one.

    Raises:
        RowsError: it is none.
    """
    bare, late = MIDNIGHT.subn("00", text.strip())
    try:
        return datetime.fromisoformat(bare) + timedelta(days=late)
    except ValueError:
        pass
    for form, order in FORMS:
        match = form.fullmatch(bare)
        if match is not None:
            year, month, day = (int(match[group]) for group in order)
            hour, minute, second = int(match[4]), int(match[5]), int(match[6] or 0)
            half = (match[7] or "").upper() if form.groups > 6 else ""
            hour = hour % 12 + 12 * (half == "P") if half else hour
            year += 2_000 if year < 100 else 0
            try:
                moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - local, the zone comes later
                return moment + timedelta(days=late)
            except ValueError:
                break
    raise RowsError(f"{text[:40]!r} is no time; {A_TIME}", line)
