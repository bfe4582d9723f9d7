"""What has been uploaded and processed by now (R20, R25). No NumPy here: this is asked at each request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend
from mock_sma.frozen import frozen
from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from datetime import date

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant

UPLOAD = {Backend.ENNEXOS: 300, Backend.CLASSIC: 900}
"""Time between two uploads [s] (R25)."""

GRID = 300
"""A change of a plant holds from the next multiple of this on [s since the epoch]."""

QUARTER = 900
"""What every time zone's offset is a multiple of, since 1980 [s]."""


@frozen
class Visibility:
    """What can be seen of a plant.

    Attributes:
        until: end of the last visible interval of the plant's resolution [s since the epoch].
        arrived: numbers of the late-data events (in the plant's list) whose rows have arrived.
    """

    until: int
    arrived: tuple[int, ...] = ()


def settled(plant: Plant, span: Span, seen: Visibility) -> Visibility:
    """Return what of ``seen`` counts for a span: what comes after its end changes nothing in it."""
    first = span.first
    if first is None or first > datetime.fromtimestamp(seen.until, UTC).date() + timedelta(days=1):
        return seen
    if span.period is Period.MONTH:
        stop = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif span.period is Period.YEAR:
        stop = first.replace(year=first.year + 1, month=1, day=1)
    else:
        stop = first + timedelta(days=span.days)
    end = midnight_of(stop, plant.timezone)
    return seen if seen.until <= end else Visibility(end, seen.arrived)


@lru_cache(maxsize=1_024)
def date_of(moment: int, timezone: str) -> date:
    """Return the local date at a time [s since the epoch]; plants that are polled ask for the same again and again."""
    return datetime.fromtimestamp(moment, ZoneInfo(timezone)).date()


def midnight_of(day: date, timezone: str) -> int:
    """Return when a local date begins [s since the epoch]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).timestamp())


def has_no_part_of(plant: Plant, span: Span, seen: Visibility) -> bool:
    """Tell whether a span lies before the commissioning or in the future, so that there is nothing to simulate."""
    today = date_of(seen.until - 1, plant.timezone)
    first = plant.commissioned if span.first is None else span.first
    return first > today or span.ends_before(plant.commissioned)


def processing_minutes(plant: Plant) -> int:
    """Return the time from upload to answer [min] (R25).

    On the fly on ennexOS; two hours on Classic, a quarter of an hour with the Professional Package.
    """
    if plant.backend is Backend.ENNEXOS:
        return 0
    return 15 if plant.professional_package else 120


def paces(plant: Plant) -> tuple[tuple[float, int], ...]:
    """Return the lengths that rows had before [s], each with the end of the last one, in order [s since the epoch]."""
    changes = {item.until: ceil(item.until.timestamp() / GRID) * GRID for item in plant.earlier}
    # A migration changes nothing within a row.
    return tuple((changes.get(until, until.timestamp()), minutes * 60) for until, minutes in plant.paces())


@frozen
class Uploads:
    """How what a plant has measured comes to the portal; worked out once for a plant that is polled.

    Attributes:
        wait: time from an upload to the answer [s].
        every: time between two uploads [s].
        step: length of the plant's intervals [s].
        before: lengths that they had, see :func:`paces`.
        stream: of the jitter of its uploads.
        late: numbers of its late-data events, with the time at which each arrives [s since the epoch].
        arrivals: all times at which something arrives late [s since the epoch].
    """

    wait: int
    every: int
    step: int
    before: tuple[tuple[float, int], ...]
    stream: int
    zone: str
    late: tuple[tuple[int, float], ...]
    arrivals: tuple[float, ...]

    @classmethod
    def of(cls, plant: Plant, seed: int) -> Uploads:
        """Return those of a plant."""
        arrivals = _arrivals(plant)
        return cls(
            wait=processing_minutes(plant) * 60,
            every=UPLOAD[plant.backend],
            step=plant.resolution * 60,
            before=paces(plant),
            stream=_uploads(seed, plant.id),
            zone=plant.timezone,
            late=tuple((number, at) for number, at, event in arrivals if event.kind is EventKind.LATE_DATA),
            arrivals=tuple(at for _, at, _ in arrivals),
        )

    def by(self, now: float) -> tuple[Visibility, float]:
        """Return what can be seen at ``now``, and a time before which it stays as it is [s since the epoch].

        A row is there when the upload at or after its end (plus a jitter of 1 to 59 s) has been processed.
        """
        last = self._number(now)
        end, comes = last * self.every, self.done(last + 1)
        until = self._floor(end, self.step)
        for edge, step in self.before:  # a longer interval takes none back that was there
            until = max(until, self._floor(min(end, int(edge)), step))
        arrived = tuple(number for number, at in self.late if at <= now) if self.late else ()
        change = min((at for at in self.arrivals if at > now), default=comes) if self.arrivals else comes
        return Visibility(until, arrived), min(comes, change)

    def _floor(self, end: int, step: int) -> int:
        """Return the end of the last interval of a length that ends by a time [s since the epoch]."""
        shift = 0
        if QUARTER % step:
            # Intervals are parts of local hours: in a zone of a half hour's offset an hour ends at half past in UTC.
            offset = datetime.fromtimestamp(end, ZoneInfo(self.zone)).utcoffset() or timedelta()
            shift = int(offset.total_seconds())
        return (end + shift) // step * step - shift

    def processed_until(self, now: float) -> int:
        """Return the time of the last upload that has been processed by ``now`` [s since the epoch]."""
        return self._number(now) * self.every

    def _number(self, now: float) -> int:
        """Return the number of the last upload that has been processed, whose jitter takes no minute."""
        number, gone = divmod(now - self.wait, self.every)
        return int(number) - (gone < 60 and now < self.done(int(number)))

    def done(self, number: int) -> float:
        """Return when an upload has been processed, by its number [s since the epoch]."""
        return self.wait + number * self.every + 1.0 + 58.0 * uniform(self.stream, number)


def next_change(plant: Plant, now: float, seed: int) -> float:
    """Return a time before which what can be seen stays as it is [s since the epoch]."""
    return Uploads.of(plant, seed).by(now)[1]


def settled_by(plant: Plant, end: float, seed: int) -> float:
    """Return when all rows that end by ``end`` can be seen, those of late data too [s since the epoch].

    Args:
        end: midnight, or another end of an interval [s since the epoch].
    """
    upload = UPLOAD[plant.backend]
    number = ceil(end / upload)
    processed = Uploads.of(plant, seed).done(number)
    return max([processed, *(at for _, at, event in _arrivals(plant) if event.start.timestamp() < end)])


@lru_cache(maxsize=1_024)
def _uploads(seed: int, plant_id: str) -> int:
    return key(seed, plant_id, "upload")


def _arrivals(plant: Plant) -> list[tuple[int, float, PlantEvent]]:
    return [
        (number, event.arrives.timestamp(), event)
        for number, event in enumerate(plant.events)
        if event.arrives is not None
    ]
