"""The time axis of a chart whose rows are days, months or years, and what on it is worth a word."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.api.console.axes import event_words
from mock_sma.api.console.charts import Axis, Mark
from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.api.console.axes import Places
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant


def long_axis(span: Span, plant: Plant, stamps: list[str], today: date) -> tuple[Axis, Places]:
    """Return the axis of a Month, Year or Total, with a place for each day, month or year.

    Args:
        span: period and date.
        plant: the plant whose rows they are.
        stamps: naive local interval starts, in order.
        today: the last day of a Total.
    """
    length = {Period.MONTH: 10, Period.YEAR: 7, Period.TOTAL: 4}[span.period]
    first = span.first or plant.commissioned
    if span.period is Period.MONTH:
        count = monthrange(first.year, first.month)[1]
        names = [f"{first:%Y-%m}-{day:02}" for day in range(1, count + 1)]
        labels = [str(day) for day in range(1, count + 1)]
    elif span.period is Period.YEAR:
        names = [f"{first.year}-{month:02}" for month in range(1, 13)]
        labels = [f"{date(2000, month, 1):%b}" for month in range(1, 13)]
    else:
        names = [str(year) for year in range(first.year, today.year + 1)]
        labels = names
    by_name = {stamp[:length]: row for row, stamp in enumerate(stamps)}
    every = 1 if len(names) < 20 else 2
    ticks = [(float(number), label) for number, label in enumerate(labels) if number % every == 0]
    places = [float(number) for number in range(len(names))]
    axis = Axis(places, names, -0.5, len(names) - 0.5, ticks, bars=True, zone=plant.timezone)
    return axis, [by_name.get(name) for name in names]


def long_marks(plant: Plant, axis: Axis, rows: Places, until: float) -> list[Mark]:
    """Return what of a Month, Year or Total is worth a word: parts without a row, events, what is not there yet."""
    bounds = _bounds(plant, axis)
    found = [*_without_rows(plant, axis, rows, bounds, until), *_events(plant, bounds)]
    if until < bounds[-1]:
        start = _place(bounds, max(until, bounds[0]))
        found.append(Mark("ahead", start, axis.high, "the rest is not there yet"))
    return sorted(found, key=lambda mark: mark.start)


def _bounds(plant: Plant, axis: Axis) -> list[float]:
    """Return the beginning of each part, and the end of the last one [s since the epoch]."""
    zone = ZoneInfo(plant.timezone)
    days = [date.fromisoformat(f"{name}-01-01"[:10]) for name in axis.labels]
    last, length = days[-1], len(axis.labels[-1])
    if length == len("2025-06-15"):
        after = date.fromordinal(last.toordinal() + 1)
    elif length == len("2025-06"):
        after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    else:
        after = date(last.year + 1, 1, 1)
    return [datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in (*days, after)]


def _until(start: datetime, end: datetime) -> str:
    return f"{end:%H:%M}" if start.date() == end.date() else f"{end:%d %b %Y %H:%M}"


def _place(bounds: list[float], at: float) -> float:
    """Return the place of a time on the axis, where the part with number n lies from n - 0.5 to n + 0.5."""
    number = next((n for n, end in enumerate(bounds[1:]) if at < end), len(bounds) - 2)
    share = (at - bounds[number]) / (bounds[number + 1] - bounds[number])
    return number - 0.5 + min(1.0, max(0.0, share))


def _without_rows(plant: Plant, axis: Axis, rows: Places, bounds: list[float], until: float) -> Iterator[Mark]:
    first = datetime(*plant.commissioned.timetuple()[:3], tzinfo=ZoneInfo(plant.timezone)).timestamp()
    begun: int | None = None
    for number in range(len(rows) + 1):
        there = number < len(rows) and bounds[number + 1] > first and bounds[number + 1] <= until
        missing = there and rows[number] is None
        if missing and begun is None:
            begun = number
        if not missing and begun is not None:
            names = dict.fromkeys((_name(axis.labels[begun]), _name(axis.labels[number - 1])))
            yield Mark("gap", begun - 0.5, number - 0.5, f"{' to '.join(names)}: no rows")
            begun = None


def _name(label: str) -> str:
    """Return a day, month or year as a reader writes it."""
    form = {10: "%d %b %Y", 7: "%b %Y"}.get(len(label))
    return f"{date.fromisoformat(f'{label}-01'[:10]):{form}}" if form else label


def _events(plant: Plant, bounds: list[float]) -> Iterator[Mark]:
    names = {device.id: device.name for device in plant.devices}
    zone = ZoneInfo(plant.timezone)
    for event in plant.events:
        start = event.start.timestamp()
        end = bounds[-1] if event.end is None else event.end.timestamp()
        if event.kind is EventKind.MESSAGE or start >= bounds[-1] or end <= bounds[0]:
            continue
        kind, words = event_words(event, names)
        begins = event.start.astimezone(zone)
        since = f"{begins:%d %b %Y %H:%M}"
        upto = "on" if event.end is None else f"to {_until(begins, event.end.astimezone(zone))}"
        low, high = _place(bounds, max(start, bounds[0])), _place(bounds, min(end, bounds[-1]))
        yield Mark(kind, low, high, f"{since} {upto}: {words}")
