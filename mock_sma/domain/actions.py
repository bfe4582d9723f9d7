"""What can happen to a world besides requests, by its timeline or by hand: typed actions.

=================  ==================================================================  =====================
action             arguments (optional ones in brackets)                               typed
=================  ==================================================================  =====================
accept, reject     email, [client_id]                                                  ConsentAction
revoke, expire     email, [client_id]                                                  ConsentAction
add_plant          plant (a plant as in ``plants``)                                    AddPlant
change_plant       plant, change (a merge patch of the plant's keys)                   ChangePlant
add_device         plant, device (as in ``devices``)                                   AddDevice
change_device      device, change (a merge patch of the device's keys)                 ChangeDevice
set_owner          plant, email, [owner, default true]                                 SetOwner
change_owner       plant, email: takes the flag from everybody else                    ChangeOwner
register_user      email                                                               RegisterUser
change_user        email, change (a merge patch of the account's keys)                 ChangeUser
gap                plant, [device], [duration: ISO 8601 or seconds]                    StartEvent
fault              plant, device, [duration]                                           StartEvent
restore            plant, [device]: gaps and faults under way end                      EndEvents
migrate            plant (Classic), to (ennexOS id)                                    Migrate
deactivate_device  device                                                              DeactivateDevice
replace_device     device, [to: id of the new one], [name], [serial]                   ReplaceDevice
change_quota       [requests], [window], [client_id]; without requests: no quota       ChangeQuota
add_fault          rule (as in ``faults``)                                             AddFault
clear_faults       none                                                                ClearFaults
=================  ==================================================================  =====================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, LogLevel, ValueMode
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from mock_sma.domain.changes import PlantChange
    from mock_sma.domain.device import Device
    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.quota import Quota
    from mock_sma.domain.recurrence import Repeat


@frozen(kw_only=True)
class ConsentAction:
    """An owner's answer, or the end of a request; ``client_id`` None: every client."""

    event: str
    email: str
    client_id: str | None = None


@frozen(kw_only=True)
class AddPlant:
    """A plant joins the world (R09)."""

    plant: Plant


@frozen(kw_only=True)
class ChangePlant:
    """A plant's people, devices or facts become others (R02, R19, R30)."""

    plant_id: str
    change: PlantChange


@frozen(kw_only=True)
class AddDevice:
    """A device is put in.

    Attributes:
        device: with an empty id where it is to get the next free one; it begins now unless it says when.
    """

    plant_id: str
    device: Device


@frozen(kw_only=True)
class ChangeDevice:
    """A device's facts become others."""

    device_id: str
    change: PlantChange


@frozen(kw_only=True)
class SetOwner:
    """A person gets or loses the owner flag (R10)."""

    plant_id: str
    email: str
    owner: bool = True


@frozen(kw_only=True)
class ChangeOwner:
    """The flag goes to one person and leaves all others (R06, R10)."""

    plant_id: str
    email: str


@frozen(kw_only=True)
class RegisterUser:
    """An invited person completes registration (R04)."""

    email: str


@frozen(kw_only=True)
class ChangeUser:
    """An account's facts become others; with another e-mail, everything that is the person's goes along.

    Attributes:
        change: attributes of :class:`~mock_sma.domain.people.User` and their new values.
    """

    email: str
    change: Mapping[str, object]


@frozen(kw_only=True)
class StartEvent:
    """A gap, a fault or any other event of a plant is entered into its list.

    Attributes:
        start: aware instant of its beginning; None: when the action is carried out.
        end: aware instant of its end; ``duration`` counts from the start instead. Neither: no end.
        value: see :class:`~mock_sma.domain.event.EventKind`.
        arrives: see :class:`~mock_sma.domain.event.PlantEvent`, as all that follow.
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
    text: str | None = None
    log_id: str | None = None
    set_name: str | None = None
    property_name: str | None = None
    mode: ValueMode | None = None
    share: float | None = None
    repeat: Repeat | None = None


@frozen(kw_only=True)
class EndEvents:
    """Gaps and faults under way end; ``device_id`` None: all of the plant."""

    plant_id: str
    device_id: str | None = None


@frozen(kw_only=True)
class Migrate:
    """A Classic plant moves to ennexOS; its old id answers 308 from now on."""

    plant_id: str
    to: str


@frozen(kw_only=True)
class DeactivateDevice:
    """A device is taken out; its history stays (R30)."""

    device_id: str


@frozen(kw_only=True)
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


@frozen(kw_only=True)
class ChangeQuota:
    """Another quota; None: none at all (R17).

    Attributes:
        client_id: the client whose own quota it is; None: everybody's who has none of their own.
    """

    quota: Quota | None
    client_id: str | None = None


@frozen(kw_only=True)
class AddFault:
    """A fault rule comes into force."""

    rule: FaultRule


@frozen(kw_only=True)
class RemoveFault:
    """One fault rule is taken back."""

    fault_id: str


@frozen(kw_only=True)
class ClearFaults:
    """All fault rules are taken back."""


Action = (
    ConsentAction
    | AddPlant
    | ChangePlant
    | AddDevice
    | ChangeDevice
    | SetOwner
    | ChangeOwner
    | RegisterUser
    | ChangeUser
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
    AddDevice: "add_device",
    ChangeDevice: "change_device",
    SetOwner: "set_owner",
    ChangeOwner: "change_owner",
    RegisterUser: "register_user",
    ChangeUser: "change_user",
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

CONSENT_EVENTS = ("accept", "reject", "revoke", "expire")
EVENT_KINDS = {"gap": EventKind.GAP, "fault": EventKind.DEVICE_FAULT}
