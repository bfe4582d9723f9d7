"""Recorded rows of a set, by the days, months and years that were asked for."""

from __future__ import annotations

import pickle
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.clock import YEARS
from mock_sma.domain.period import Period, Span
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mock_sma.witness.literals import Members

MAX_SPANS = 20_000
"""Spans of one set that are kept: fifty years of days."""

MAX_LATEST = 2_000
"""Latest rows (Recent) of one set that are kept: a week of them."""


class RowsKind(NamedTuple):
    """What rows are.

    Attributes:
        period: Day, or the coarse period that they are sums of.
        is_energy: Wh, not W.
    """

    period: Period
    is_energy: bool


def is_possible(day: date) -> bool:
    """Tell whether a world can have a day, and the one after it."""
    return day.year in YEARS


@frozen
class SpanRows:
    """Rows of one span, packed: a day's take 5 kB each as objects, and years of them would fill the memory.

    Attributes:
        packed: they.
        count: how many there are.
        at: when they were answered; None: not known.
    """

    packed: bytes
    count: int
    at: datetime | None

    @classmethod
    def of(cls, rows: list[Members], at: datetime | None) -> SpanRows:
        """Pack rows, each a list of members as they were spelt."""
        return cls(zlib.compress(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), 1), len(rows), at)

    @property
    def rows(self) -> list[Members]:
        """Rows, made anew each time."""
        found: list[Members] = pickle.loads(zlib.decompress(self.packed))  # noqa: S301 - packed by this very process
        return found


LatestRow = tuple["Members", "datetime | None"]
"""A row of Recent, and the moment of its answer."""


@dataclass(slots=True)
class RecordedSet:
    """Rows of one set.

    Attributes:
        resolution: the word for the interval of the rows of a Day.
        spans: rows by kind, and by the first date of each span.
        latest: the rows of Recent by their time, as the first and as the last answer had them, each with its moment:
            in an hour that comes twice they are two.
        totals: of spans (WithTotal), each with the moment of the answer.
        strange: how many rows were left out, because their times are outside of the span, or not in order.
    """

    resolution: str = ""
    spans: dict[RowsKind, dict[date, SpanRows]] = field(default_factory=dict)
    latest: dict[bool, dict[str, list[LatestRow]]] = field(default_factory=dict)
    totals: dict[Span, tuple[dict[str, Any], datetime | None]] = field(default_factory=dict)
    strange: int = 0

    def take(self, kind: RowsKind, first: date | None, rows: list[Members], at: datetime | None) -> None:
        """Take the rows of an answer; those of a later one replace them.

        Args:
            kind: with the period that was asked for.
            first: the date that was asked for; None: there is none.
        """
        if kind.period is Period.RECENT:
            known = self.latest.setdefault(kind.is_energy, {})
            for row in rows:
                told = known.setdefault(str(row.get("time")), [])
                told[1:] = []
                told.append((row, at))
            while len(known) > MAX_LATEST:
                del known[next(iter(known))]
        elif kind.period is Period.WEEK and first is not None:
            week = [first + timedelta(days=number) for number in range(7)]
            for day in week:
                self._take(RowsKind(Period.DAY, kind.is_energy), day, self._inside(rows, day), at)
        elif kind.period is Period.DAY and first is not None:
            inside = self._inside(rows, first)
            self.strange += len(rows) - len(inside)
            self._take(kind, first, inside, at)
        elif kind.period is Period.MONTH and first is not None:
            self._take(kind, first.replace(day=1), rows, at)
        elif kind.period is Period.YEAR and first is not None:
            self._take(kind, date(first.year, 1, 1), rows, at)
        elif kind.period is Period.TOTAL:
            self._take(kind, date.min, rows, at)

    def _take(self, kind: RowsKind, first: date, rows: list[Members], at: datetime | None) -> None:
        known = self.spans.setdefault(kind, {})
        if len(known) < MAX_SPANS or first in known:
            known[first] = SpanRows.of(rows, at)

    @staticmethod
    def _inside(rows: list[Members], day: date) -> list[Members]:
        """Return the rows that end within a local day."""
        low, high = f"{day}T00:00:00", f"{day + timedelta(days=1)}T00:00:00"
        return [row for row in rows if low < str(row.get("time")) <= high]

    def rows(self, *periods: Period) -> Iterator[tuple[RowsKind, Members]]:
        """Yield all rows of some periods with what they are."""
        for kind, spans in self.spans.items():
            if kind.period in periods:
                yield from ((kind, row) for span in spans.values() for row in span.rows)
        if Period.RECENT in periods:
            for is_energy, latest in self.latest.items():
                yield from ((RowsKind(Period.RECENT, is_energy), row) for told in latest.values() for row, _ in told)
