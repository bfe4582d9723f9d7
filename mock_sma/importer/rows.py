"""Recorded rows as files: one for each run of days, months or years of a set."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import ALL_SETS, Nature
from mock_sma.domain.period import Period
from mock_sma.importer.runs import runs_of
from mock_sma.importer.spans import is_possible
from mock_sma.recorded.options import INTERVALS
from mock_sma.scenario_file.data_document import words_of
from mock_sma.witness.literals import Members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.runs import RowsRun
    from mock_sma.importer.spans import RecordedSet

WORDS = {period: word for word, period in INTERVALS.items()}

MAX_RUNS = 400
"""Files of a plant or device; a scenario takes 500."""


@dataclass(slots=True)
class RowsFile:
    """A file of rows.

    Attributes:
        name: its name.
        text: CSV.
        entry: of ``data`` in the scenario.
    """

    name: str
    text: str
    entry: dict[str, Any]


def files_of(stem: str, thing: RecordedThing, zone: ZoneInfo, commissioned: date) -> Iterator[RowsFile]:
    """Yield the files of a plant's or device's rows.

    Args:
        stem: what their names begin with.
        zone: of the plant.
        commissioned: nothing is recorded before.
    """
    runs = [(name, run) for name, recorded in thing.rows.items() for run in runs_of(recorded, zone)]
    runs = [(name, run) for name, run in runs if run.count or _is_gap(name, run, commissioned)]
    thing.left_out += max(len(runs) - MAX_RUNS, 0)
    totals = {name: list(_totals(recorded, zone)) for name, recorded in thing.rows.items()}
    for name, run in runs[-MAX_RUNS:]:
        kind = run.kind
        mark = f"{WORDS[kind.period]}s-" if kind.period in WORDS else "energy-" if kind.is_energy else ""
        first = run.first or f"{datetime.fromtimestamp(run.begin, UTC):%Y-%m-%dT%H%MZ}"
        file = f"{stem}-{name}-{mark}{first}.csv"
        entry: dict[str, Any] = {"file": file, "set": name}
        if run.first is not None and run.last is not None:
            entry["days"] = [run.first.isoformat(), run.last.isoformat()]
        if run.until is not None:
            entry["until"] = datetime.fromtimestamp(run.until, UTC).isoformat()
        if kind.period in WORDS:
            entry["interval"] = WORDS[kind.period]
        if totals[name]:
            entry["totals"], totals[name] = totals[name], []
        yield RowsFile(file, text_of_rows(name, run), entry)


def _totals(recorded: RecordedSet, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Yield totals as a scenario names them."""
    for span, (values, at) in sorted(recorded.totals.items(), key=lambda item: words_of(item[0])):
        is_over = at is not None and span.ends_before(at.astimezone(zone).date())
        until = {} if at is None or is_over else {"until": at.astimezone(UTC).isoformat()}
        yield {"span": words_of(span), "values": values, **until}


def _is_gap(name: str, run: RowsRun, commissioned: date) -> bool:
    """Tell whether it says something that there is no row in a time."""
    is_sum = run.kind.period is not Period.DAY
    if is_sum and not ALL_SETS[name.lower()].has_energy:
        return False
    return run.last is not None and run.last >= commissioned


def text_of_rows(set_name: str, run: RowsRun) -> str:
    """Return rows as CSV."""
    rows = (dict(_cells(row)) for row in run.rows)  # twice, one by one: years of them are many
    wanted = ALL_SETS[set_name.lower()]
    known = {item.name: item for item in wanted.properties}
    names = list(dict.fromkeys(name for row in rows for name in row if name.partition(".")[0] in known))
    if not names:
        names = [f"{wanted.properties[0].name}.A" if wanted.properties[0].indexed else wanted.properties[0].name]
    marks = {
        name: " [Wh]" if run.kind.is_energy and known[name.partition(".")[0]].nature is Nature.ENERGY else ""
        for name in names
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", *(name + marks[name] for name in names)])
    writer.writerows(
        [row["time"], *(row.get(name, "") for name in names)] for row in (dict(_cells(row)) for row in run.rows)
    )
    return text.getvalue()


def _cells(row: Members) -> Iterator[tuple[str, str]]:
    for name, value in row:
        if not isinstance(value, list):
            yield name, "" if value is None else str(value)
            continue
        for item in (item for item in value if isinstance(item, Members)):
            yield f"{name}.{item.get('index')}", "" if item.get("value") is None else str(item.get("value"))


def commissioned_of(things: Sequence[RecordedThing], started: date | None) -> date | None:
    """Return the day on which a plant began, as far as its rows tell.

    Args:
        things: the plant and its devices.
        started: what its installation says; it counts unless there are rows from before.
    """
    found = [
        (kind.period, day)
        for thing in things
        for recorded in thing.rows.values()
        for kind, row in recorded.rows(*Period)
        if (day := _day(kind.period, row)) is not None
    ]
    latest = min((_latest_begin(period, day) for period, day in found), default=None)
    if latest is None or (started is not None and started <= latest):
        return started
    first = min(day for _, day in found)
    # A year's and a month's row begin with the year and month: finer rows of the same time know better.
    for wanted, width in ((Period.YEAR, 4), (Period.MONTH, 7), (Period.DAY, 7)):
        finer = [day for period, day in found if period is wanted and f"{day}"[:width] == f"{first}"[:width]]
        first = max(first, min(finer, default=first))
    return min(first, latest)


def _latest_begin(period: Period, day: date) -> date:
    """Return the last day on which something can have begun that has a row."""
    if period is Period.TOTAL:
        return date(day.year, 12, 31)
    return (day + timedelta(days=32)).replace(day=1) - timedelta(days=1) if period is Period.YEAR else day


def _day(period: Period, row: Members) -> date | None:
    try:
        moment = datetime.fromisoformat(str(row.get("time")))
        day = (moment - timedelta(seconds=1)).date() if period.is_fine else moment.date()
    except (ValueError, OverflowError):
        return None
    return day if is_possible(day) else None
