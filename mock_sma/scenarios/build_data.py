"""The rows that ``data`` names, read from their files."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path as FilePath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.reading import nearest
from mock_sma.domain.recording import RecordedTotal
from mock_sma.errors import RowsError
from mock_sma.recorded.files import read_rows_file
from mock_sma.scenario_file.data_document import span_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recording import Recording
    from mock_sma.scenario_file.data_document import DataDoc
    from mock_sma.scenario_file.source import Path, Source

OPTIONS = ("set", "unit", "stamps", "timezone", "interval", "format")
"""Keys that a recording is described with beside ``file`` and ``from``."""


def recordings_of(
    source: Source, path: Path, docs: Sequence[DataDoc], plant: Plant, device: Device | None
) -> tuple[Recording, ...]:
    """Return the rows of a plant (``device`` None) or device; mistakes go into the source.

    Args:
        path: of ``data``.
    """
    found: list[Recording] = []
    for number, doc in enumerate(docs):
        where = (*path, number) if (*path, number) in source.places else path
        try:
            recording = _recording(source, doc, plant, device)
            found.append(replace(recording, totals=_totals(doc, recording)) if doc.totals else recording)
        except RowsError as error:
            source.add(where, f"{_name(doc)}: {error}")
    for earlier, later in pairwise(sorted(found, key=lambda item: (_kind(item), item.begin))):
        if _kind(earlier) == _kind(later) and later.begin < earlier.end:
            source.add(path, f"two files have rows of {later.set_name} at the same time; take one of them, or cut it")
    return tuple(found)


def _kind(recording: Recording) -> tuple[str, str, bool]:
    """Return what rows of which there are two at a time contradict each other."""
    return recording.set_name, recording.period, recording.is_energy


def _name(doc: DataDoc) -> str:
    return "rows" if doc.file is None else FilePath(doc.file).name


def _recording(source: Source, doc: DataDoc, plant: Plant, device: Device | None) -> Recording:
    # What reads rows is loaded where there are some.
    from mock_sma.recorded.options import Options  # noqa: PLC0415
    from mock_sma.recorded.owner import RowsOwner  # noqa: PLC0415
    from mock_sma.recorded.reading import recording_of  # noqa: PLC0415

    if doc.timezone is not None:
        _check_zone(doc.timezone)
    options = Options(
        set_name=doc.set,
        since=doc.since,
        days=doc.days,
        unit=doc.unit,
        stamps=doc.stamps,
        timezone=doc.timezone,
        interval=doc.interval,
        format=doc.format,
        until=doc.until,
    )
    owner = RowsOwner(plant, device)
    days = () if doc.days is None else (("days", "/".join(day.isoformat() for day in doc.days)),)
    until = () if doc.until is None else (("until", doc.until.isoformat()),)
    if doc.rows is not None:
        return recording_of(doc.rows.encode(), owner, options, days + until)
    assert doc.file is not None
    path = source.data_file(doc.file)
    keys = {"file": str(path), **{name: getattr(doc, name) for name in OPTIONS}, "from": _since(doc.since)}
    named = tuple((name, str(value)) for name, value in keys.items() if value is not None) + days + until
    return read_rows_file(path, owner, options, named)


def _totals(doc: DataDoc, recording: Recording) -> tuple[RecordedTotal, ...]:
    known = [item.name for item in ALL_SETS[recording.set_name.lower()].properties]
    for name in (name for total in doc.totals for name in total.values):
        if name.partition(".")[0] not in known:
            raise RowsError(f"{recording.set_name} has no {name!r} in its totals{nearest(name, known)}")
    return tuple(
        RecordedTotal(
            span_of(total.span),
            tuple(total.values.items()),
            None if total.until is None else int(total.until.timestamp()),
        )
        for total in doc.totals
    )


def _since(since: object) -> str | None:
    if since is None:
        return None
    return since.isoformat() if isinstance(since, datetime) else str(since)


def _check_zone(name: str) -> None:
    with suppress(KeyError, OSError, ValueError):
        ZoneInfo(name)
        return
    raise RowsError(f"unknown time zone {name!r}; IANA names look like Europe/Berlin, and UTC is one")
