"""The events of a plant, each with a device of that plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.event import PlantEvent, mistakes_of

if TYPE_CHECKING:
    from mock_sma.scenario_file.plant_document import EventDoc
    from mock_sma.scenario_file.source import Path, Source


def event_of(source: Source, path: Path, doc: EventDoc, devices: set[str]) -> PlantEvent:
    """Return the event of the document at ``path``; mistakes go into the source.

    Args:
        devices: ids of the plant's devices.
    """
    event = PlantEvent(device_id=doc.device, **doc.model_dump(exclude={"device"}))
    if event.device_id is not None and event.device_id not in devices:
        source.add((*path, "device"), f"the plant has no device {event.device_id!r}")
    for key, message in mistakes_of(event):
        source.add((*path, key) if key else path, message)
    return event
