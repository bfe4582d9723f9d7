"""What happens by itself: the actions of a timeline and their arguments.

A :class:`~mock_sma.domain.scenario.TimelineEntry` holds an action's name and its arguments as JSON values;
:func:`action_of` makes a typed one of it, which a world carries out at its time.

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
from typing import TYPE_CHECKING, cast

from mock_sma.domain.event import EventKind
from mock_sma.domain.faults import FaultRule
from mock_sma.domain.scenario import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import TimelineEntry


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
    """A gap or a fault begins; ``duration`` None: no end."""

    kind: EventKind
    plant_id: str
    device_id: str | None = None
    duration: timedelta | None = None


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
class ClearFaults:
    """All fault rules are taken back."""


Action = (
    ConsentAction
    | AddPlant
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
    | ClearFaults
)

WORDS: dict[type[object], str] = {
    AddPlant: "add_plant",
    SetOwner: "set_owner",
    ChangeOwner: "change_owner",
    RegisterUser: "register_user",
    EndEvents: "restore",
    Migrate: "migrate",
    DeactivateDevice: "deactivate_device",
    ReplaceDevice: "replace_device",
    ChangeQuota: "change_quota",
    AddFault: "add_fault",
    ClearFaults: "clear_faults",
}
"""Names of the actions whose type has one name."""

CONSENT_EVENTS = ("accept", "reject", "revoke", "expire")
EVENT_KINDS = {"gap": EventKind.GAP, "fault": EventKind.DEVICE_FAULT}


def action_of(entry: TimelineEntry) -> Action:
    """Return the typed action of an entry that a scenario file or a builder has checked.

    Raises:
        ScenarioError: a fault rule that is none.
        ValueError: an action that does not exist.
    """
    given = entry.arguments
    if entry.action in CONSENT_EVENTS:
        return ConsentAction(event=entry.action, email=str(given["email"]), client_id=_text(given, "client_id"))
    if entry.action in EVENT_KINDS:
        return StartEvent(
            kind=EVENT_KINDS[entry.action],
            plant_id=str(given["plant"]),
            device_id=_text(given, "device"),
            duration=entry.duration,
        )
    if entry.action == "add_plant" and entry.plant is not None:
        return AddPlant(plant=entry.plant)
    return _other(entry.action, given)


def words_of(action: Action) -> dict[str, object]:
    """Return an action's name and whom and what it is about, to be read; rules and plants are left out."""
    if isinstance(action, ConsentAction):
        name = action.event
    elif isinstance(action, StartEvent):
        name = next(word for word, kind in EVENT_KINDS.items() if kind is action.kind)
    else:
        name = WORDS[type(action)]
    words: dict[str, object] = {"action": name}
    if isinstance(action, AddPlant):
        words["plant"] = action.plant.id
    for key, field in (("plant", "plant_id"), ("device", "device_id"), ("email", "email"), ("to", "to")):
        value = getattr(action, field, None)
        if value is not None:
            words[key] = value
    return words


def _other(action: str, given: Mapping[str, object]) -> Action:  # noqa: C901, PLR0911 - a table
    match action:
        case "set_owner":
            owner = bool(given.get("owner", True))
            return SetOwner(plant_id=str(given["plant"]), email=str(given["email"]), owner=owner)
        case "change_owner":
            return ChangeOwner(plant_id=str(given["plant"]), email=str(given["email"]))
        case "register_user":
            return RegisterUser(email=str(given["email"]))
        case "restore":
            return EndEvents(plant_id=str(given["plant"]), device_id=_text(given, "device"))
        case "migrate":
            return Migrate(plant_id=str(given["plant"]), to=str(given["to"]))
        case "deactivate_device":
            return DeactivateDevice(device_id=str(given["device"]))
        case "replace_device":
            more = {name: _text(given, name) for name in ("to", "name", "serial")}
            return ReplaceDevice(device_id=str(given["device"]), **more)
        case "change_quota":
            return ChangeQuota(quota=_quota(given))
        case "add_fault":
            return AddFault(rule=FaultRule.from_document(cast("Mapping[str, object]", given["rule"]), "rule"))
        case "clear_faults":
            return ClearFaults()
    message = f"no action {action!r} that can be carried out"
    raise ValueError(message)


def _quota(given: Mapping[str, object]) -> Quota | None:
    requests = given.get("requests")
    if requests is None:
        return None
    return Quota(requests=cast("int", requests), window=float(cast("float", given.get("window", 300.0))))


def _text(given: Mapping[str, object], name: str) -> str | None:
    value = given.get(name)
    return None if value is None else str(value)
