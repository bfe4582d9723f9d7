"""Recorded energies of a property: from when to when, and how much."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain.period import Period
from mock_sma.importer.collected import number_of, plain
from mock_sma.importer.runs import SECONDS
from mock_sma.importer.spans import RowsKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from mock_sma.importer.spans import RecordedSet, SpanRows

MAX_SPANS = {Period.DAY: 40, Period.MONTH: 13, Period.YEAR: 1}
"""Days, months and years that are looked at, the latest ones."""

KINDS = [
    *(RowsKind(Period.DAY, is_energy) for is_energy in (False, True)),
    *(RowsKind(period, is_energy=True) for period in (Period.MONTH, Period.YEAR)),
]
"""The finest rows tell most."""


class Piece(NamedTuple):
    """An energy.

    Attributes:
        begin: [s since the epoch].
        end: [s since the epoch].
        energy: [Wh]; of a state its mean times the hours.
    """

    begin: int
    end: int
    energy: float

    @property
    def mean(self) -> float:
        """Mean power [W], or mean of a state."""
        return self.energy * 3_600.0 / (self.end - self.begin)


def pieces_of(recorded: RecordedSet, name: str, zone: ZoneInfo) -> list[Piece]:
    """Return what is recorded of a property, in the finest rows that there are."""
    for kind in KINDS:
        spans = recorded.spans.get(kind, {})
        latest = islice(sorted(spans.items(), reverse=True), MAX_SPANS[kind.period])
        found = [piece for _, span in latest for piece in _pieces(recorded, kind, span, name, zone)]
        if found:
            return sorted(found)
    return []


def _pieces(recorded: RecordedSet, kind: RowsKind, span: SpanRows, name: str, zone: ZoneInfo) -> Iterator[Piece]:
    step = SECONDS.get(recorded.resolution, 300)
    for row in span.rows:
        value = number_of({name: plain(row.get(name))}, name)
        try:
            moment = datetime.fromisoformat(str(row.get("time"))).replace(tzinfo=None)
            begin, end = _bounds(kind.period, moment, step, zone)
        except (ValueError, OverflowError):
            continue
        if value is None or (span.at is not None and span.at.timestamp() < end):  # a sum that was not over
            continue
        yield Piece(begin, end, value if kind.is_energy else value * step / 3_600.0)


def _bounds(period: Period, moment: datetime, step: int, zone: ZoneInfo) -> tuple[int, int]:
    if period is Period.DAY:
        end = int(moment.replace(tzinfo=zone).timestamp())
        return end - step, end
    first = moment.date() if period is Period.MONTH else moment.date().replace(day=1)
    last = first + timedelta(days=1) if period is Period.MONTH else (first + timedelta(days=32)).replace(day=1)
    return _midnight(first, zone), _midnight(last, zone)


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
