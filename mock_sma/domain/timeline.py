"""The entries of a timeline: actions with their times, and how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.actions import (
    EVENT_KINDS,
    WORDS,
    AddDevice,
    AddPlant,
    ChangeDevice,
    ChangePlant,
    ChangeUser,
    ConsentAction,
    StartEvent,
)
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from mock_sma.domain.actions import Action
    from mock_sma.domain.recurrence import Repeat


@frozen(kw_only=True)
class TimelineEntry:
    """Something that happens by itself at a time of the emulator's clock.

    Exactly one of ``at`` and ``after`` is set; ``after`` counts from the world's start.

    Attributes:
        repeat: it happens again and again; None: once.
    """

    action: Action
    at: datetime | None = None
    after: timedelta | None = None
    repeat: Repeat | None = None


TOLD = {
    "plant": "plant_id",
    "device": "device_id",
    "email": "email",
    "client_id": "client_id",
    "to": "to",
    "start": "start",
    "end": "end",
    "fault": "fault_id",
}
"""What is told of an action besides its name: the word, and the attribute that holds it."""


def word_of(action: Action) -> str:
    """Return the name that a timeline calls an action by; an event that no timeline can begin goes by its kind."""
    if isinstance(action, ConsentAction):
        return action.event
    if isinstance(action, StartEvent):
        return next((word for word, kind in EVENT_KINDS.items() if kind is action.kind), action.kind.value)
    return WORDS[type(action)]


def words_of(action: Action) -> dict[str, object]:
    """Return an action's name and whom and what it is about, to be read; rules, plants and values are left out."""
    words: dict[str, object] = {"action": word_of(action)}
    if isinstance(action, AddPlant):
        words["plant"] = action.plant.id
    for key, field in TOLD.items():
        value = getattr(action, field, None)
        if value is not None:
            words[key] = value
    if isinstance(action, ChangePlant | ChangeDevice):
        words["keys"] = list(action.change.keys)
    if isinstance(action, ChangeUser):
        words["keys"] = list(action.change)
    if isinstance(action, AddDevice) and action.device.id:
        words["device"] = action.device.id
    return words
