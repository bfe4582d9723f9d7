"""Make the table of national holidays that commercial loads go by, out of the package ``holidays``.

The simulation has to give the same bytes everywhere, and the package's answers change with its versions: so they are
looked up once and kept. Run ``pip install holidays`` and ``python -m tools.holidays_table`` to make the table anew.

Holidays that are Sundays are left out: a business rests anyway. Dates that follow a rule in every year are kept as
rules (a date, days from Easter, the nth weekday of a month), which also hold in years outside the table; all others are
kept one by one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from mock_sma.domain.holidays import easter

TABLE = Path(__file__).parent.parent / "mock_sma" / "domain" / "holidays.json"
YEARS = range(2010, 2041)
COUNTRIES = (
    *("AE", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CO", "CY", "CZ", "DE", "DK", "EE", "ES"),
    *("FI", "FR", "GB", "GR", "HR", "HU", "IE", "IL", "IN", "IT", "JP", "KE", "KR", "LT", "LU", "LV", "MX", "MY"),
    *("NG", "NL", "NO", "NZ", "PE", "PH", "PL", "PT", "RO", "SA", "SE", "SG", "SI", "SK", "TH", "TR", "US", "VN", "ZA"),
)


def nth(day: date) -> str:
    """Return which weekday of its month a day is: 11-4-3 is the fourth Thursday of November."""
    return f"{day.month:02}-{(day.day + 6) // 7}-{day.weekday()}"


def last(day: date) -> str:
    """Return which weekday of its month a day is where it is the last one: 05-9-0 is the last Monday of May."""
    return f"{day.month:02}-9-{day.weekday()}" if (day + timedelta(days=7)).month != day.month else ""


def sundays(name: str, value: object) -> set[int]:
    """Return the years in which a date is a Sunday, which is one anyway."""
    if name != "fixed":
        return set()
    return {
        year for year in YEARS if date.fromisoformat(f"{2024 if value == '02-29' else year}-{value}").weekday() == 6
    }


def entry(country: str) -> dict[str, list[str] | list[int]]:
    """Return a country's holidays: as dates, days from Easter, weekdays, and one by one."""
    package = import_module("holidays")
    days = {day for day in package.country_holidays(country, years=YEARS) if day.year in YEARS and day.weekday() != 6}
    found: dict[str, list[str] | list[int]] = {}
    for name, rule in (
        ("fixed", lambda day: day.strftime("%m-%d")),
        ("easter", lambda day: (day - easter(day.year)).days),
        ("weekdays", nth),
        ("weekdays", last),
    ):
        years = defaultdict(set)
        for day in days:
            years[rule(day)].add(day.year)
        always = {value for value, those in years.items() if value != "" and those | sundays(name, value) >= set(YEARS)}
        if always:
            found[name] = sorted([*found.get(name, []), *always])  # type: ignore[list-item, type-var]
        days = {day for day in days if rule(day) not in always}
    if days:
        found["single"] = [day.strftime("%Y%m%d") for day in sorted(days)]
    return found


def main() -> None:
    """Write the table, one country a line."""
    lines = [f"{json.dumps(country)}: {json.dumps(entry(country), separators=(',', ':'))}" for country in COUNTRIES]
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
