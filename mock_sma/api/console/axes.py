"""The time axis of a chart of local days, each with its 23 to 25 hours, and what on it is worth a word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.api.console.charts import Axis, Mark
from mock_sma.domain.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.visibility import Visibility

Places = list[int | None]
TICK_HOURS = 3
WORDS = {EventKind.MESSAGE: "log entry", EventKind.VALUE: "wrong values"}
"""Kinds of events that do not say by themselves what they are."""

VALUES = {
    **dict.fromkeys((EventKind.MISSING_ROWS, EventKind.DUPLICATE_ROWS), ", {:.0%} of them"),
    EventKind.DERATING: " to {:.0%}",
    EventKind.SNOW: ", {:.0%} of the light lost",
    EventKind.FEED_IN_LIMIT: " {:,.0f} W",
    **dict.fromkeys((EventKind.FIRST_READING_SPIKE, EventKind.COUNTER_RESTART), " {:,.0f} Wh"),
}
"""How the value of an event reads, with its unit."""


class DaySpan:
    """A local day of a plant, or several.

    Attributes:
        start: the first midnight [s since the epoch].
        end: the one after the last day.
        step: length of an interval [s].
    """

    def __init__(self, plant: Plant, day: date, count: int = 1) -> None:
        self.plant = plant
        self.count = count
        self.zone = ZoneInfo(plant.timezone)
        self.start = self._midnight(day)
        self.end = self._midnight(day + timedelta(days=count))
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
            labels.append(f"{local:{self._form}}{self._pass(local)}" if end < self.end else self._last)
            rows.append(row if here else None)
            row += here
        return Axis(places, labels, self.start, self.end, list(self._ticks()), zone=self.plant.timezone), rows

    @property
    def _form(self) -> str:
        return "%H:%M" if self.count == 1 else "%a %d %b %H:%M"

    @property
    def _last(self) -> str:
        return "24:00" if self.count == 1 else f"{self.local(self.end - 1):%a %d %b} 24:00"

    def _ends(self, until: float) -> Iterator[float]:
        end = self.start + self.step
        while end <= min(self.end, until):
            yield end
            end += self.step

    def _pass(self, local: datetime) -> str:
        """Return which of the two passes a repeated local time belongs to."""
        other = local.replace(fold=1 - local.fold)
        if other.utcoffset() == local.utcoffset():
            return ""
        return " (1st)" if local.fold == 0 else " (2nd)"

    def _ticks(self) -> Iterator[tuple[float, str]]:
        at, every = self.start, TICK_HOURS if self.count == 1 else 24
        while at < self.end:
            local = self.local(at)
            if local.minute == 0 and local.hour % every == 0 and local.fold == 0:
                yield at, f"{local:%H:%M}" if self.count == 1 else f"{local:%a %d}"
            at += 1_800
        if self.count == 1:
            yield self.end, "24:00"

    def marks(self, axis: Axis, rows: Places, until: float, *, complete: bool) -> list[Mark]:
        """Return what is worth a word: gaps, events, the hour of a time change, what is not there yet.

        Args:
            axis: the axis of the day.
            rows: the rows of its places.
            until: end of the last visible interval [s since the epoch].
            complete: whether the set has a row for each interval, so that a missing one is a gap.
        """
        found = [*self._before(), *self._time_change(), *self._events(self.plant.events)]
        if complete:
            gaps = list(self._gaps(axis, rows))
            # A gap shows by the rows that it takes away: it is told of once.
            told = {(gap.start, gap.end) for gap in gaps}
            found = [mark for mark in found if mark.kind != "gap" or (mark.start, mark.end) not in told] + gaps
        if until < self.end:
            start = max(until, self.start)
            found.append(
                Mark(
                    "ahead",
                    start,
                    self.end,
                    f"from {self.local(start):{self._form}}: no data yet; it is uploaded and processed first",
                )
            )
        return sorted(found, key=lambda mark: mark.start)

    @property
    def _first(self) -> float:
        """The beginning of the plant's first day [s since the epoch]."""
        day = self.plant.commissioned
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.plant.timezone)).timestamp()

    def _before(self) -> Iterator[Mark]:
        if self.start < self._first:
            words = f"the plant has data from {self.plant.commissioned:%d %b %Y} on"
            yield Mark("ahead", self.start, min(self._first, self.end), words)

    def _gaps(self, axis: Axis, rows: Places) -> Iterator[Mark]:
        begun: float | None = None
        for place, row in zip([*axis.places, axis.high + 1], [*rows, 0], strict=True):
            if row is None and begun is None and place > self._first:
                begun = place - self.step
            if row is not None and begun is not None:
                end = min(place, axis.places[-1] + self.step) - self.step
                yield Mark("gap", begun, end, f"{self._span(begun, end)}: gap; the next row carries its energy")
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
                kind, words = event_words(event, names)
                yield Mark(kind, low, high, f"{self._span(low, high)}: {words}")

    def _time_change(self) -> Iterator[Mark]:
        at = self.start
        while at < self.end:
            before, after = self.local(at).utcoffset(), self.local(at + 1_800).utcoffset()
            if before is not None and after is not None and before != after:
                shift = (after - before).total_seconds()
                at += 1_800
                if shift < 0:
                    text = f"{self.local(at):{self._form}} comes twice: the clock goes back"
                    yield Mark("dst", at + shift, at - shift, text)
                else:
                    yield Mark("dst", at, at, f"the clock goes forward to {self.local(at):{self._form}}")
            at += 1_800

    def _span(self, low: float, high: float) -> str:
        first = f"{self.local(low):{self._form}}"
        same = self.count > 1 and self.local(low).date() == self.local(high).date()
        last = self._last if high >= self.end else f"{self.local(high):{'%H:%M' if same else self._form}}"
        return first if low == high else f"{first} to {last}"


def event_words(event: PlantEvent, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the kind of an event's mark, and its words; ``names`` are those of the devices by id."""
    name = names.get(event.device_id or "")
    where = f" of {name}" if name is not None else ""
    value = VALUES.get(event.kind, " {:g}").format(event.value) if event.value is not None else ""
    kind = "gap" if event.kind in (EventKind.GAP, EventKind.LATE_DATA) else "event"
    return kind, f"{WORDS.get(event.kind) or event.kind.value.replace('-', ' ')}{value}{where}"


def visible_day(plant: Plant, seen: Visibility) -> date:
    """Return the local date of the newest row."""
    return datetime.fromtimestamp(seen.until - 1, ZoneInfo(plant.timezone)).date()
