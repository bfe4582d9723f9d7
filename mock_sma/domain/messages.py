"""Texts of log entries by message tag, in German and English, and which language a reader gets.

No text and no number of SMA's is known: all of these are assumed, and the ledger says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, LogLevel
from mock_sma.domain.languages import accepted_language, language_of_country
from mock_sma.domain.plant import COMMISSIONED, DEACTIVATED, REPLACED
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant


@frozen
class Message:
    """What a message tag means.

    Attributes:
        tag: ``messageTagId`` (R31).
        event_id: the Event ID that the ennexOS portal shows.
        level: unless the event says another.
    """

    tag: int
    event_id: int
    level: LogLevel
    german: str
    english: str

    def text(self, language: str) -> str:
        """Return the text in ``de`` or ``en``."""
        return self.german if language == "de" else self.english


MESSAGES: dict[EventKind, Message] = {
    EventKind.MESSAGE: Message(100_001, 10_001, LogLevel.INFO, "Meldung", "Message"),
    EventKind.GAP: Message(
        100_101,
        10_110,
        LogLevel.DISTURBANCE,
        "Die Kommunikation mit der Anlage ist unterbrochen",
        "Communication with the plant is interrupted",
    ),
    EventKind.LATE_DATA: Message(100_102, 10_111, LogLevel.WARNING, "Daten kommen verspätet an", "Data arrive late"),
    EventKind.MISSING_ROWS: Message(
        100_103, 10_112, LogLevel.INFO, "Einzelne Werte fehlen", "Single values are missing"
    ),
    EventKind.DEVICE_FAULT: Message(100_201, 10_201, LogLevel.ERROR, "Gerätestörung", "Device fault"),
    EventKind.DERATING: Message(100_202, 10_202, LogLevel.WARNING, "Leistung abgeregelt", "Derating"),
    EventKind.GRID_OUTAGE: Message(100_301, 10_301, LogLevel.ERROR, "Netzausfall", "Grid failure"),
    EventKind.FEED_IN_LIMIT: Message(
        100_302, 10_302, LogLevel.INFO, "Die Einspeisung ist begrenzt", "Feed-in is limited"
    ),
}
"""By kind of event; snow and first readings leave no entry."""

DEVICE_GAP = Message(
    100_104,
    10_113,
    LogLevel.DISTURBANCE,
    "Die Kommunikation mit dem Gerät ist unterbrochen",
    "Communication with the device is interrupted",
)
"""Of a gap at one device: the tag identifies the text (R31), so it has its own."""

OF_DEVICES = (
    Message(COMMISSIONED, 10_401, LogLevel.INFO, "Gerät in Betrieb genommen", "Device commissioned"),
    Message(REPLACED, 10_402, LogLevel.INFO, "Gerät ersetzt ein anderes", "Device replaces another"),
    Message(DEACTIVATED, 10_403, LogLevel.INFO, "Gerät deaktiviert", "Device deactivated"),
)
"""What becomes of devices (:meth:`mock_sma.domain.plant.Plant.history`)."""

BY_TAG = {message.tag: message for message in (*MESSAGES.values(), DEVICE_GAP, *OF_DEVICES)}


def message_of(event: PlantEvent) -> Message | None:
    """Return the message of an event: the one of its tag where that is known, else the one of its kind."""
    of_device = event.kind is EventKind.GAP and event.device_id is not None
    by_kind = DEVICE_GAP if of_device else MESSAGES.get(event.kind)
    return by_kind if event.message_tag is None else BY_TAG.get(event.message_tag, by_kind)


def log_language(accept_language: str | None, plant: Plant) -> str:
    """Return ``de`` or ``en``: what the reader accepts, else the language of the plant's country, else English.

    Args:
        accept_language: header of the request, or None.
    """
    country = plant.address.country if plant.address is not None else None
    return accepted_language(accept_language) or language_of_country(country)
