"""The time axis of a chart: a local day with its 23 to 25 hours, or the days, months and years of a longer span."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.api.console.charts import Axis, Mark
from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.visibility import Visibility

Places = list[int | None]
TICK_HOURS = 3


class Day:
    """A local day of a plant.

    Attributes:
        start: its first midnight [s since the epoch].
        end: the next one.
        step: length of an interval [s].
    """

    def __init__(self, plant: Plant, day: date) -> None:
        self.plant = plant
        self.day = day
        self.zone = ZoneInfo(plant.timezone)
        self.start = self._midnight(day)
        self.end = self._midnight(day + timedelta(days=1))
        self.step = plant.resolution * 60

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()

    def local(self, at: float) -> datetime:
        """Return an instant in the plant's time."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)

    def axis(self, stamps: list[str], until: float) -> tuple[Axis, Places]:
        """Return the axis with a place for each interval that could be there, and the row of each place.

        Args:
            stamps: naive local interval ends, in order.
            until: end of the last visible interval [s since the epoch].
        """
        places: list[float] = []
        labels: list[str] = []
        rows: Places = []
        row = 0
        for end in self._ends(until):
            local = self.local(end)
            stamp = local.replace(tzinfo=None, fold=0).isoformat(timespec="seconds")
            here = row < len(stamps) and stamps[row] == stamp
            places.append(end)
            labels.append(f"{local:%H:%M}{self._pass(local)}" if end < self.end else "24:00")
            rows.append(row if here else None)
            row += here
        return Axis(places, labels, self.start, self.end, list(self._ticks())), rows

    def _ends(self, until: float) -> Iterator[float]:
        end = self.start + self.step
        while end <= min(self.end, until):
            yield end
            end += self.step

    def _pass(self, local: datetime) -> str:
        """Return which of the two passes a repeated local time belongs to."""
        other = local.replace(fold=1 - local.fold)
        if other.utcoffset() == local.utcoffset() or not self._is_long:
            return ""
        return " (1st)" if local.fold == 0 else " (2nd)"

    @property
    def _is_long(self) -> bool:
        return self.end - self.start > 86_400

    def _ticks(self) -> Iterator[tuple[float, str]]:
        at = self.start
        while at < self.end:
            local = self.local(at)
            if local.minute == 0 and local.hour % TICK_HOURS == 0 and local.fold == 0:
                yield at, f"{local:%H:%M}"
            at += 1_800
        yield self.end, "24:00"

    def marks(self, axis: Axis, rows: Places, until: float, *, complete: bool) -> list[Mark]:
        """Return what is worth a word: gaps, events, the hour of a time change, what is not there yet.

        Args:
            axis: the axis of the day.
            rows: the rows of its places.
            until: end of the last visible interval [s since the epoch].
            complete: whether the set has a row for each interval, so that a missing one is a gap.
        """
        found = [*self._time_change(), *self._events(self.plant.events)]
        if complete:
            found += self._gaps(axis, rows)
        if until < self.end:
            start = max(until, self.start)
            found.append(
                Mark(
                    "ahead",
                    start,
                    self.end,
                    f"from {self.local(start):%H:%M}: no data yet; it is uploaded and processed first",
                )
            )
        return sorted(found, key=lambda mark: mark.start)

    def _gaps(self, axis: Axis, rows: Places) -> Iterator[Mark]:
        begun: float | None = None
        for place, row in zip([*axis.places, axis.high + 1], [*rows, 0], strict=True):
            if row is None and begun is None:
                begun = place - self.step
            if row is not None and begun is not None:
                end = min(place, axis.places[-1] + self.step) - self.step
                yield Mark("gap", begun, end, f"{self._span(begun, end)}: no rows; the next one carries the energy")
                begun = None

    def _events(self, events: tuple[PlantEvent, ...]) -> Iterator[Mark]:
        names = {device.id: device.name for device in self.plant.devices}
        for event in events:
            start = event.start.timestamp()
            end = self.end if event.end is None else event.end.timestamp()
            if event.kind is EventKind.MESSAGE:
                end = start
            if start < self.end and (end > self.start or start >= self.start):
                low, high = max(start, self.start), min(end, self.end)
                where = f" of {names[event.device_id]}" if event.device_id in names else ""
                kind = "gap" if event.kind in (EventKind.GAP, EventKind.LATE_DATA) else "event"
                value = f" {event.value:g}" if event.value is not None else ""
                yield Mark(kind, low, high, f"{self._span(low, high)}: {event.kind.value}{value}{where}")

    def _time_change(self) -> Iterator[Mark]:
        at = self.start
        while at < self.end:
            before, after = self.local(at).utcoffset(), self.local(at + 1_800).utcoffset()
            if before is not None and after is not None and before != after:
                shift = (after - before).total_seconds()
                at += 1_800
                if shift < 0:
                    text = f"{self.local(at):%H:%M} comes twice: the clock goes back"
                    yield Mark("dst", at + shift, at - shift, text)
                else:
                    yield Mark("dst", at, at, f"the clock goes forward to {self.local(at):%H:%M}")
            at += 1_800

    def _span(self, low: float, high: float) -> str:
        first, last = f"{self.local(low):%H:%M}", "24:00" if high >= self.end else f"{self.local(high):%H:%M}"
        return first if low == high else f"{first} to {last}"


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
    axis = Axis([float(number) for number in range(len(names))], names, -0.5, len(names) - 0.5, ticks, bars=True)
    return axis, [by_name.get(name) for name in names]


def visible_day(plant: Plant, seen: Visibility) -> date:
    """Return the local date of the newest row."""
    return datetime.fromtimestamp(seen.until - 1, ZoneInfo(plant.timezone)).date()
