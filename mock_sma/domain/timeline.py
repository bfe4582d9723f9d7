"""What can happen to a world besides requests: typed actions, and the entries of a timeline that hold them.

=================  ==================================================================  =====================
action             arguments (optional ones in brackets)                               typed
=================  ==================================================================  =====================
accept, reject     email, [client_id]                                                  ConsentAction
revoke, expire     email, [client_id]                                                  ConsentAction
add_plant          plant (a plant as in ``plants``)                                    AddPlant
set_owner          plant, email, [owner, default true]                                 SetOwner
change_owner       plant, email: takes the flag from everybody else                    ChangeOwner
register_user      email                                                               RegisterUser
gap                plant, [device], [duration: ISO 8601 or seconds]                    StartEvent
fault              plant, device, [duration]                                           StartEvent
restore            plant, [device]: gaps and faults under way end                      EndEvents
migrate            plant (Classic), to (ennexOS id)                                    Migrate
deactivate_device  device                                                              DeactivateDevice
replace_device     device, [to: id of the new one], [name], [serial]                   ReplaceDevice
change_quota       [requests], [window, default 300 s]; without requests: no quota     ChangeQuota
add_fault          rule (as in ``faults``)                                             AddFault
clear_faults       none                                                                ClearFaults
=================  ==================================================================  =====================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, LogLevel

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from mock_sma.domain.changes import PlantChange
    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.quota import Quota
    from mock_sma.domain.recurrence import Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentAction:
    """An owner's answer, or the end of a request; ``client_id`` None: every client."""

    event: str
    email: str
    client_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPlant:
    """A plant joins the world (R09)."""

    plant: Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePlant:
    """A plant's people, devices or facts become others (R02, R19, R30)."""

    plant_id: str
    change: PlantChange


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOwner:
    """A person gets or loses the owner flag (R10)."""

    plant_id: str
    email: str
    owner: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOwner:
    """The flag goes to one person and leaves all others (R06, R10)."""

    plant_id: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUser:
    """An invited person completes registration (R04)."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvent:
    """A gap, a fault or any other event of a plant is entered into its list.

    Attributes:
        start: aware instant of its beginning; None: when the action is carried out.
        end: aware instant of its end; ``duration`` counts from the start instead. Neither: no end.
        value: see :class:`~mock_sma.domain.event.EventKind`.
        arrives: see :class:`~mock_sma.domain.event.PlantEvent`, as ``message_tag`` and ``level``.
    """

    kind: EventKind
    plant_id: str
    device_id: str | None = None
    duration: timedelta | None = None
    start: datetime | None = None
    end: datetime | None = None
    value: float | None = None
    arrives: datetime | None = None
    message_tag: int | None = None
    level: LogLevel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEvents:
    """Gaps and faults under way end; ``device_id`` None: all of the plant."""

    plant_id: str
    device_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrate:
    """A Classic plant moves to ennexOS; its old id answers 308 from now on."""

    plant_id: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateDevice:
    """A device is taken out; its history stays (R30)."""

    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceDevice:
    """A device is taken out and one like it put in its place.

    Attributes:
        to: id of the new one; None: the next free one.
        name: None: that of the old one.
    """

    device_id: str
    to: str | None = None
    name: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuota:
    """Another quota; None: none at all (R17)."""

    quota: Quota | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFault:
    """A fault rule comes into force."""

    rule: FaultRule


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFault:
    """One fault rule is taken back."""

    fault_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFaults:
    """All fault rules are taken back."""


Action = (
    ConsentAction
    | AddPlant
    | ChangePlant
    | SetOwner
    | ChangeOwner
    | RegisterUser
    | StartEvent
    | EndEvents
    | Migrate
    | DeactivateDevice
    | ReplaceDevice
    | ChangeQuota
    | AddFault
    | RemoveFault
    | ClearFaults
)

WORDS: dict[type[object], str] = {
    AddPlant: "add_plant",
    ChangePlant: "change_plant",
    SetOwner: "set_owner",
    ChangeOwner: "change_owner",
    RegisterUser: "register_user",
    EndEvents: "restore",
    Migrate: "migrate",
    DeactivateDevice: "deactivate_device",
    ReplaceDevice: "replace_device",
    ChangeQuota: "change_quota",
    AddFault: "add_fault",
    RemoveFault: "remove_fault",
    ClearFaults: "clear_faults",
}
"""Names of the actions whose type has one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
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


CONSENT_EVENTS = ("accept", "reject", "revoke", "expire")
EVENT_KINDS = {"gap": EventKind.GAP, "fault": EventKind.DEVICE_FAULT}


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
    """Return an action's name and whom and what it is about, to be read; rules, plants and patches are left out."""
    words: dict[str, object] = {"action": word_of(action)}
    if isinstance(action, AddPlant):
        words["plant"] = action.plant.id
    for key, field in TOLD.items():
        value = getattr(action, field, None)
        if value is not None:
            words[key] = value
    if isinstance(action, ChangePlant):
        words["keys"] = list(action.change.keys)
    return words
