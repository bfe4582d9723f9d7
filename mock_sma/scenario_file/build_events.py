"""The events of a plant, each where it can act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.event import PlantEvent
from mock_sma.domain.event_rules import mistakes_of
from mock_sma.leaves import later
from mock_sma.scenario_file.repetition import KEYS, repeat_of

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.plant_document import EventDoc
    from mock_sma.scenario_file.source import Path, Source

misfits_of = later("mistakes.misfits", "misfits_of")

ATTRIBUTES = {"device": "device_id", "set": "set_name", "property": "property_name"}
"""Attributes of events that the language has shorter words for."""


def event_of(source: Source, path: Path, doc: EventDoc) -> PlantEvent:
    """Return the event of the document at ``path``; mistakes go into the source."""
    facts = {ATTRIBUTES.get(name, name): value for name, value in doc.model_dump(exclude=set(KEYS)).items()}
    event = PlantEvent(**facts, repeat=repeat_of(source, path, doc))
    for key, message in mistakes_of(event):
        source.add((*path, key) if key else path, message)
    return event


def check_places(source: Source, path: Path, plant: Plant) -> None:
    """Take down the events of a plant that cannot act on it or on their device.

    Args:
        path: of the plant.
    """
    for index, event in enumerate(plant.events):
        for key, message in misfits_of(plant, event):
            source.add((*path, "events", index, key), message)
