"""Runs of recorded days, months and years that follow one another, none of which overlaps another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from mock_sma.domain.period import Period
from mock_sma.frozen import frozen
from mock_sma.importer.spans import RowsKind, SpanRows, is_possible
from mock_sma.recorded.local_time import NoSuchTimeError, instants
from mock_sma.witness.literals import Members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.importer.spans import LatestRow, RecordedSet

SECONDS = {"OneMinute": 60, "FiveMinutes": 300, "FifteenMinutes": 900, "OneHour": 3_600}
"""Words for intervals [s]."""


@frozen
class RowsRun:
    """Rows that are all of a time.

    Attributes:
        kind: what rows are.
        parts: they, in the order of time.
        begin: beginning of the time that they are all of [s since the epoch].
        end: its end [s since the epoch].
        first: first local day of it; None: it is the time of the rows.
        last: last local day of it.
        until: when they were answered, if the time was not over [s since the epoch].
    """

    kind: RowsKind
    parts: list[SpanRows]
    begin: int
    end: int
    first: date | None
    last: date | None
    until: int | None = None

    @property
    def rows(self) -> Iterator[Members]:
        """All rows, unpacked one span after the other."""
        return (row for part in self.parts for row in part.rows)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(part.count for part in self.parts)


def runs_of(recorded: RecordedSet, zone: ZoneInfo) -> Iterator[RowsRun]:
    """Yield the runs of a set, each kind in the order of time."""
    for kind in sorted({*recorded.spans, *(RowsKind(Period.DAY, is_energy) for is_energy in recorded.latest)}):
        runs = list(_joined(_spans(recorded, kind, zone)))
        if kind.period is Period.DAY:
            runs += _latest_runs(recorded, kind, zone, runs)
        yield from _cut(sorted(runs, key=lambda run: run.begin))


def _spans(recorded: RecordedSet, kind: RowsKind, zone: ZoneInfo) -> Iterator[RowsRun]:
    """Yield the spans that had begun when they were asked for."""
    for first, span in sorted(recorded.spans.get(kind, {}).items()):
        rows = span.rows
        kept = ordered(rows, zone) if kind.period is Period.DAY else _real(rows, kind.period, first, zone)
        recorded.strange += len(rows) - len(kept)
        if kind.period is Period.TOTAL:
            if not kept:
                continue
            days = _date(kept[0]).replace(month=1, day=1), _date(kept[-1]).replace(month=12, day=31)
        else:
            days = (first, _last(kind.period, first))
        begin, end = midnight(days[0], zone), midnight(days[1] + timedelta(days=1), zone)
        at = None if span.at is None else int(span.at.timestamp())
        if at is not None and at <= begin:
            continue
        span = SpanRows.of(kept, span.at) if len(kept) < len(rows) else span  # noqa: PLW2901
        yield RowsRun(kind, [span], begin, end, *days, until=at if at is not None and at < end else None)


def _real(rows: Sequence[Members], period: Period, first: date, zone: ZoneInfo) -> list[Members]:
    """Return the sums of days, months or years that are in the calendar and in a time, and that rise."""
    kept: list[Members] = []
    last: date | None = None
    for row in rows:
        try:
            day = _date(row)
        except ValueError:
            continue
        is_inside = is_possible(day) if period is Period.TOTAL else first <= day <= _last(period, first)
        if not is_inside or (last is not None and day < last):
            continue
        stop = after(period, day)
        if midnight(day, zone) < midnight(stop, zone):
            kept.append(row)
            last = stop
    return kept


def _date(row: Members) -> date:
    return datetime.fromisoformat(str(row.get("time"))).date()


def _joined(runs: Iterable[RowsRun]) -> Iterator[RowsRun]:
    """Yield runs of spans of which each but the last was over."""
    last: RowsRun | None = None
    for run in runs:
        if last is not None and last.until is None and last.end == run.begin and run.kind.period is not Period.TOTAL:
            last.parts.extend(run.parts)
            last = replace(last, end=run.end, last=run.last, until=run.until)
            continue
        if last is not None:
            yield last
        last = replace(run, parts=[*run.parts])
    if last is not None:
        yield last


def _latest_runs(recorded: RecordedSet, kind: RowsKind, zone: ZoneInfo, days: Sequence[RowsRun]) -> Iterator[RowsRun]:
    """Yield the runs of Recent's rows that no answer for a day has; one that goes on a day is put to it."""
    step = SECONDS.get(recorded.resolution, 300)
    last: RowsRun | None = None
    for end, row, answered in _latest(recorded, recorded.latest.get(kind.is_energy, {}), zone):
        if any(run.begin < end <= (run.until or run.end) for run in days):
            continue
        at = None if answered is None else max(int(answered.timestamp()), end)
        span = SpanRows.of([row], answered)
        if last is not None and last.end == end - step:
            last.parts.append(span)
            last = replace(last, end=end, until=at)
            continue
        if last is not None:
            yield last
        last = RowsRun(kind, [span], end - step, end, None, None, at)
    if last is not None:
        yield last


def _latest(
    recorded: RecordedSet, latest: Mapping[str, Sequence[LatestRow]], zone: ZoneInfo
) -> list[tuple[int, Members, datetime | None]]:
    """Return rows by their ends [s since the epoch], with the moments of their answers."""
    found = {}
    for text, told in latest.items():
        try:
            naive = datetime.fromisoformat(text)
        except ValueError:
            naive = datetime.min  # noqa: DTZ901 - as local as the others
        if not is_possible(naive.date()):
            recorded.strange += 1
            continue
        ends = [int(naive.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (1, 0)]
        for row, answered in told:
            at = None if answered is None else answered.timestamp()
            end = next((end for end in ends if at is None or end <= at), ends[-1])
            found[end] = end, _at(row, end, zone), answered
    return [found[end] for end in sorted(found)]


def _at(row: Members, end: int, zone: ZoneInfo) -> Members:
    """Return a row whose time has its offset: nothing else tells which of two like hours it is in."""
    stamp = datetime.fromtimestamp(end, zone).isoformat()
    return Members((name, stamp if name == "time" else value) for name, value in row)


def _cut(runs: Sequence[RowsRun]) -> Iterator[RowsRun]:
    """Yield runs, each of which ends where the next one begins at the latest."""
    for run, following in pairwise([*runs, None]):
        assert run is not None
        stop = run.end if run.until is None else run.until
        yield replace(run, until=following.begin) if following is not None and following.begin < stop else run


def ordered(rows: Sequence[Members], zone: ZoneInfo) -> list[Members]:
    """Return the rows of a day whose times rise."""
    kept: list[Members] = []
    last: int | None = None
    for row in rows:
        try:
            naive = datetime.fromisoformat(f"{row.get('time')}+00:00")
            end = instants([int(naive.timestamp())], zone, last)[0]
        except (NoSuchTimeError, ValueError):
            continue
        if last is None or end > last:
            kept.append(row)
            last = end
    return kept


def _last(period: Period, first: date) -> date:
    if period is Period.DAY:
        return first
    if period is Period.MONTH:
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return date(first.year, 12, 31)


def after(period: Period, day: date) -> date:
    """Return the first day behind a row of a Month, Year or Total."""
    if period is Period.MONTH:
        return day + timedelta(days=1)
    return (
        (day.replace(day=1) + timedelta(days=32)).replace(day=1) if period is Period.YEAR else date(day.year + 1, 1, 1)
    )


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return when a local day begins [s since the epoch]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
