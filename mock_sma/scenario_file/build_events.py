"""The events of a plant: what each kind needs, and in which range (design: SIMULATION 8)."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, PlantEvent

if TYPE_CHECKING:
    from mock_sma.scenario_file.plant_document import EventDoc
    from mock_sma.scenario_file.source import Path, Source

VALUES = {
    EventKind.MISSING_ROWS: 1.0,
    EventKind.DERATING: 1.0,
    EventKind.SNOW: 1.0,
    EventKind.FEED_IN_LIMIT: inf,
    EventKind.FIRST_READING_SPIKE: inf,
}
"""Kinds that have a value, with its largest one; the smallest is 0."""

NEEDED = {EventKind.FEED_IN_LIMIT: "[W]", EventKind.FIRST_READING_SPIKE: "[Wh]"}
"""Kinds that are nothing without a value, with its unit."""


def event_of(source: Source, path: Path, doc: EventDoc, devices: set[str]) -> PlantEvent:
    """Return the event of the document at ``path``; mistakes go into the source.

    Args:
        devices: ids of the plant's devices.
    """
    kind = doc.kind
    if doc.end is not None and doc.end <= doc.start:
        source.add((*path, "end"), "time goes backwards: the end is not after the start")
    if doc.device is not None and doc.device not in devices:
        source.add((*path, "device"), f"the plant has no device {doc.device!r}")
    if doc.value is not None and kind not in VALUES:
        source.add((*path, "value"), f"{kind.value!r} has no value")
    elif doc.value is not None and not 0.0 <= doc.value <= VALUES[kind]:
        most = f" and at most {VALUES[kind]:g}" if VALUES[kind] < inf else ""
        source.add((*path, "value"), f"of {kind.value!r} has to be at least 0{most}, not {doc.value:g}")
    elif doc.value is None and kind in NEEDED:
        source.add(path, f"{kind.value!r} needs the key 'value' {NEEDED[kind]}")
    if kind is EventKind.LATE_DATA:
        _check_arrival(source, path, doc)
    elif doc.arrives is not None:
        source.add((*path, "arrives"), f"belongs to 'late-data', not to {kind.value!r}")
    return PlantEvent(device_id=doc.device, **doc.model_dump(exclude={"device"}))


def _check_arrival(source: Source, path: Path, doc: EventDoc) -> None:
    if doc.arrives is None:
        source.add(path, "'late-data' needs the key 'arrives'; data that never arrive are a 'gap'")
    elif doc.arrives <= doc.start:
        source.add((*path, "arrives"), "time goes backwards: the rows arrive before their span begins")
