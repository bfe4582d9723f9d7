"""What has been uploaded and processed by now (R20, R25). No NumPy here: this is asked at each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend
from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant

UPLOAD = {Backend.ENNEXOS: 300, Backend.CLASSIC: 900}
"""Time between two uploads [s] (R25)."""


@dataclass(frozen=True, slots=True)
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
    end = int(datetime(stop.year, stop.month, stop.day, tzinfo=ZoneInfo(plant.timezone)).timestamp())
    return seen if seen.until <= end else Visibility(end, seen.arrived)


def has_no_part_of(plant: Plant, span: Span, seen: Visibility) -> bool:
    """Tell whether a span lies before the commissioning or in the future, so that there is nothing to simulate."""
    today = datetime.fromtimestamp(seen.until - 1, ZoneInfo(plant.timezone)).date()
    first = plant.commissioned if span.first is None else span.first
    return first > today or span.ends_before(plant.commissioned)


def processing_minutes(plant: Plant) -> int:
    """Return the time from upload to answer [min] (R25).

    On the fly on ennexOS; two hours on Classic, a quarter of an hour with the Professional Package.
    """
    if plant.backend is Backend.ENNEXOS:
        return 0
    return 15 if plant.professional_package else 120


def visibility(plant: Plant, now: float, seed: int) -> Visibility:
    """Return what can be seen at ``now`` [s since the epoch].

    A row is there when the upload at or after its end (plus a jitter of 1 to 59 s) has been processed.
    """
    processed = processed_until(plant, now, seed)
    step = plant.resolution * 60
    # Intervals are parts of local hours: in a zone of a half hour's offset an hour ends at half past in UTC.
    offset = datetime.fromtimestamp(processed, ZoneInfo(plant.timezone)).utcoffset() or timedelta()
    shift = int(offset.total_seconds())
    return Visibility((processed + shift) // step * step - shift, _arrived(plant, now))


def processed_until(plant: Plant, now: float, seed: int) -> int:
    """Return the time of the last upload that has been processed by ``now`` [s since the epoch]."""
    upload = UPLOAD[plant.backend]
    settled = now - processing_minutes(plant) * 60
    last = int(settled // upload)
    if settled < last * upload + _jitter(plant, seed, last):
        last -= 1
    return last * upload


def next_change(plant: Plant, now: float, seed: int) -> float:
    """Return a time before which :func:`visibility` stays as it is [s since the epoch]."""
    upload = UPLOAD[plant.backend]
    wait = processing_minutes(plant) * 60
    last = int((now - wait) // upload)
    times = [wait + number * upload + _jitter(plant, seed, number) for number in (last, last + 1)]
    times += [event.arrives.timestamp() for event in plant.events if event.arrives is not None]
    return min(time for time in times if time > now)


def settled_by(plant: Plant, end: float, seed: int) -> float:
    """Return when all rows that end by ``end`` can be seen, those of late data too [s since the epoch].

    Args:
        end: midnight, or another end of an interval [s since the epoch].
    """
    upload = UPLOAD[plant.backend]
    number = ceil(end / upload)
    processed = number * upload + _jitter(plant, seed, number) + processing_minutes(plant) * 60
    late = [event.arrives.timestamp() for event in plant.events if event.arrives and event.start.timestamp() < end]
    return max([processed, *late])


def _jitter(plant: Plant, seed: int, upload: int) -> float:
    return 1.0 + 58.0 * uniform(_uploads(seed, plant.id), upload)


@lru_cache(maxsize=1_024)
def _uploads(seed: int, plant_id: str) -> int:
    return key(seed, plant_id, "upload")


def _arrived(plant: Plant, now: float) -> tuple[int, ...]:
    return tuple(
        number
        for number, event in enumerate(plant.events)
        if event.kind is EventKind.LATE_DATA and event.arrives is not None and event.arrives.timestamp() <= now
    )
