"""Members and parameters whose words are known, in a form that lets others come.

A plain ``enum`` makes most generated clients fail on a whole answer for one new word. ``anyOf`` of an enumeration and
a text, which JSON Schema has for it, becomes a class that cannot be read in PHP, Ruby and Java. So the type is a text,
and the words stand in ``x-extensible-enum`` for people, and for the generators that know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import BASIC_REPORTING_SETS, DEVICE_SETS, PLANT_SETS
from mock_sma.domain.event import LogLevel
from mock_sma.domain.health import OperationStatus, Status
from mock_sma.domain.instruments import Capability
from mock_sma.domain.period import Resolution
from mock_sma.domain.scenario import ConsentState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

PLANT_NAMES = tuple(item.name for item in (*PLANT_SETS, *BASIC_REPORTING_SETS))
DEVICE_NAMES = tuple(item.name for item in DEVICE_SETS)
CHANGES = (ConsentState.ACCEPTED, ConsentState.REJECTED, ConsentState.REVOKED)

WORDS: dict[str, tuple[str, ...]] = {
    "PlantMeasurementBody.setType": PLANT_NAMES,
    "DeviceMeasurementBody.setType": DEVICE_NAMES,
    "PlantMeasurementBody.resolution": tuple(Resolution),
    "DeviceMeasurementBody.resolution": tuple(Resolution),
    "PlantSetsBody.sets": PLANT_NAMES,
    "DeviceSetsBody.sets": DEVICE_NAMES,
    "PlantItem.status": tuple(Status),
    "PlantStatusBody.status": tuple(Status),
    "DeviceWithStatus.status": tuple(Status),
    "DeviceWithStatus.operationStatus": tuple(OperationStatus),
    "Capabilities.measurementData": tuple(Capability),
    "LogItem.level": tuple(LogLevel),
    "ConsentBody.state": tuple(ConsentState),
    "ConsentChangeBody.state": CHANGES,
    "FormerConsentChangeBody.status": tuple(word.lower() for word in CHANGES),
}
"""Known words by model and member; of lists, those of each item."""


def words_of(model: type[BaseModel], name: str) -> tuple[str, ...]:
    """Return the words that a member is known to have; none: any text."""
    return WORDS.get(f"{model.__name__}.{name}", ())


def known_words(words: Iterable[str]) -> dict[str, Any]:
    """Return the schema of a text that is one of some words, or one that is not known yet."""
    return {"type": "string", "x-extensible-enum": [str(word) for word in words]}
