"""Clock changes of a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.clock import LATEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

BERLIN = ZoneInfo("Europe/Berlin")
"""The zone of the console's times: SMA's home."""

CHANGES = (
    ("The clocks of {} go back", "A day of 25 hours: the local stamps of one hour come twice."),
    ("The clocks of {} go forward", "A day of 23 hours: the local stamps leave one hour out."),
)

LOOK_AHEAD = 2
"""Years without a clock change after which a zone is taken to have none."""


NAMED = 3
"""Zones that are named where several change at once."""


def clock_changes(zones: Collection[str], low: float, high: float, most: int) -> Iterator[tuple[float, str, str]]:
    """Yield the clock changes of zones from ``low`` on until ``high``: time [s since the epoch], what, its effect.

    Zones that change alike and at once are told together.

    Args:
        most: changes of one zone that are looked for.
    """
    found: dict[tuple[float, bool], list[str]] = {}
    for zone in sorted(zones):
        for at, forward in islice(_changes(zone, low, min(high, LATEST - 1)), most):
            found.setdefault((at, forward), []).append(zone)
    for (at, forward), places in found.items():
        what, effect = CHANGES[forward]
        yield at, what.format(_together(places)), effect


def _together(places: list[str]) -> str:
    if len(places) > NAMED:
        places = [*places[: NAMED - 1], f"{len(places) - NAMED + 1} more zones"]
    return " and ".join(filter(None, (", ".join(places[:-1]), places[-1])))


def _changes(zone: str, low: float, high: float) -> Iterator[tuple[float, bool]]:
    year, without = datetime.fromtimestamp(low, UTC).year, 0
    while year <= datetime.fromtimestamp(high, UTC).year and without < LOOK_AHEAD:
        found = changes_of(zone, year)
        yield from (item for item in found if low <= item[0] <= high)
        without = 0 if found else without + 1
        year += 1


@lru_cache(maxsize=200)
def changes_of(zone: str, year: int) -> tuple[tuple[float, bool], ...]:
    """Return a zone's clock changes of a year in UTC: time [s since the epoch], and whether the clocks go forward."""
    place, hour = ZoneInfo(zone), timedelta(hours=1)
    day, found = datetime(year, 1, 1, tzinfo=UTC), []
    while day.year == year:
        if _offset(day, place) != _offset(day + 24 * hour, place):
            at = next(
                at
                for at in (day + number * hour / 2 for number in range(1, 49))
                if _offset(at, place) != _offset(day, place)
            )
            found.append((at.timestamp(), _offset(at, place) > _offset(day, place)))
        day += 24 * hour
    return tuple(found)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
