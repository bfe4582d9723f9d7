"""Stamps of the wire: naive local times, ends of fine intervals and starts of coarse ones; limits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.period import Period

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Ints

UNITS = {Period.MONTH: 10, Period.YEAR: 7, Period.TOTAL: 4}
"""Characters of a date that tell the rows of a coarse period apart."""


def fine_stamps(ends: Ints, zone: ZoneInfo) -> list[str]:
    """Return the local time of each interval's end."""
    return list(_fine_stamps(ends.tobytes(), zone))


@lru_cache(maxsize=32)
def _fine_stamps(ends: bytes, zone: ZoneInfo) -> list[str]:
    """Return them; plants of one zone that are asked for one day share them."""
    moments = np.frombuffer(ends, dtype=np.int64).tolist()
    if not moments:
        return []
    offset = datetime.fromtimestamp(moments[0], zone).utcoffset()
    if len(moments) > 8 and offset is not None and _steady(moments, zone, offset):
        shift = int(offset.total_seconds())
        days: dict[int, str] = {}
        stamps = []
        for moment in moments:
            day, second = divmod(moment + shift, 86_400)
            text = days.get(day)
            if text is None:
                text = days[day] = f"{date.fromordinal(day + 719_163).isoformat()}T"
            stamps.append(f"{text}{second // 3_600:02}:{second // 60 % 60:02}:{second % 60:02}")
        return stamps
    local = (datetime.fromtimestamp(moment, zone).replace(tzinfo=None) for moment in moments)
    return [moment.isoformat(timespec="seconds") for moment in local]


def _steady(moments: list[int], zone: ZoneInfo, offset: timedelta) -> bool:
    """Tell whether the clock does not change in between; it never does twice within a few days."""
    whole = moments[-1] - moments[0] < 8 * 86_400
    return whole and datetime.fromtimestamp(moments[-1], zone).utcoffset() == offset


def coarse_stamps(period: Period, first: date, days: Ints) -> tuple[list[str], list[int]]:
    """Return the stamps of a coarse period's rows, and at which of the days each begins.

    Args:
        first: date of day 0.
        days: (n,) numbers of the days with data, ascending.
    """
    length = UNITS[period]
    stamps: list[str] = []
    places: list[int] = []
    last = ""
    start = first.toordinal()
    for place, day in enumerate(days.tolist()):
        unit = date.fromordinal(start + day).isoformat()[:length]
        if unit != last:
            last = unit
            stamps.append((unit + "-01-01")[:10] + "T00:00:00")
            places.append(place)
    return stamps, places


def coarse_limits(span: Span, plant: Plant, device: Device | None, last: date, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first day of a coarse period that may have data, and the day after its last.

    Args:
        device: None: the plant.
        last: local date of the latest visible row.
    """
    first = span.first or plant.commissioned
    if first > last:
        return first, first
    stop = last + timedelta(days=1)
    if span.period is Period.MONTH:
        first = first.replace(day=1)
        stop = min(stop, (first + timedelta(days=32)).replace(day=1))
    elif span.period is Period.YEAR:
        first = first.replace(month=1, day=1)
        stop = min(stop, date(first.year + 1, 1, 1))
    first = max(first, plant.commissioned)
    # A device has no data before it came and after it went (R28, R30).
    if device is not None and device.activated_at is not None:
        first = max(first, device.activated_at.astimezone(zone).date())
    if device is not None and device.deactivated_at is not None:
        gone = (device.deactivated_at - timedelta(seconds=1)).astimezone(zone).date()
        stop = min(stop, gone + timedelta(days=1))
    return first, max(first, stop)
