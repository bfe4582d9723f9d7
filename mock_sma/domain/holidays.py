"""National holidays: days on which a business uses as little as on a Sunday (docs/simulation.md, Consumption).

The table beside this file was made by ``tools/holidays_table.py`` out of the package ``holidays`` and is kept, so that
numbers are the same whatever version of it is installed, and without it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

import orjson

LAST = 9
"""Number that stands for the last weekday of a month."""


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (Meeus, Jones, Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    over = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + over - 7 * ((a + 11 * h + 22 * over) // 451) + 114, 31)
    return date(year, month, day + 1)


def countries() -> frozenset[str]:
    """Return the countries whose holidays are known (ISO 3166, two letters)."""
    return frozenset(_table())


@cache
def _table() -> dict[str, dict[str, list[str | int]]]:
    text = Path(__file__).with_name("holidays.json").read_bytes()
    table: dict[str, dict[str, list[str | int]]] = orjson.loads(text)
    return table


@lru_cache(maxsize=512)
def holidays(country: str, year: int) -> frozenset[int]:
    """Return a year's national holidays as proleptic numbers; none where the country is not in the table."""
    rules = _table().get(country, {})
    sunday = easter(year)
    found = [date(year, *_numbers(text)) for text in rules.get("fixed", [])]
    found += [sunday + timedelta(days=int(days)) for days in rules.get("easter", [])]
    found += [_weekday(year, *_numbers(text)) for text in rules.get("weekdays", [])]
    single = (date.fromisoformat(str(text)) for text in rules.get("single", []))
    return frozenset(day.toordinal() for day in [*found, *(day for day in single if day.year == year)])


def _numbers(text: str | int) -> list[int]:
    return [int(part) for part in str(text).split("-")]


def _weekday(year: int, month: int, number: int, weekday: int) -> date:
    first = date(year, month, 1)
    if number == LAST:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
