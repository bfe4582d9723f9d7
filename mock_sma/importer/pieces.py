"""Recorded energies of a property: from when to when, and how much."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain.catalogue import ALL_SETS, Nature
from mock_sma.domain.period import Period
from mock_sma.importer.collected import number_of, plain
from mock_sma.importer.runs import SECONDS, after, midnight
from mock_sma.importer.spans import RowsKind
from mock_sma.recorded.local_time import instants

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

ENERGIES = {item.name for own in ALL_SETS.values() for item in own.properties if item.nature is Nature.ENERGY}
"""What is summed in rows of energies; a state is a mean there too."""


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
    is_sum, last = kind.is_energy and name in ENERGIES, None
    for row in span.rows:
        value = number_of({name: plain(row.get(name))}, name)
        try:
            moment = datetime.fromisoformat(str(row.get("time"))).replace(tzinfo=UTC)
            begin, end = _bounds(kind.period, moment, step, zone, last)
        except (ValueError, OverflowError):
            continue
        is_over = span.at is None or span.at.timestamp() >= end
        if begin == end or (last is not None and end <= last):  # a day that a zone has skipped, a row that came before
            continue
        last = end
        if value is not None and is_over:
            yield Piece(begin, end, value if is_sum else value * (end - begin) / 3_600.0)


def _bounds(period: Period, moment: datetime, step: int, zone: ZoneInfo, last: int | None) -> tuple[int, int]:
    if period is Period.DAY:
        end = instants([int(moment.timestamp())], zone, last)[0]
        return end - step, end
    first = moment.date() if period is Period.MONTH else moment.date().replace(day=1)
    return midnight(first, zone), midnight(after(period, first), zone)
