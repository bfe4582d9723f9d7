"""How a plant and its devices are, from the events under way (docs/decisions.md, Plants and devices)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind, LogLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant


class Status(StrEnum):
    """Words of ``status``, as the wire spells them."""

    OK = "Ok"
    OFF = "Off"
    WARNING = "Warning"
    ERROR = "Error"
    COMMUNICATION_FAULT = "CommunicationFault"
    MONITORING_FAULT = "CommunicationMonitoringFault"
    ALARM = "Alarm"
    UNKNOWN = "Unknown"


class OperationStatus(StrEnum):
    """Words of ``operationStatus``; no other one is known."""

    AUTO = "Auto"


WORST_FIRST = (Status.MONITORING_FAULT, Status.COMMUNICATION_FAULT, Status.ERROR, Status.ALARM, Status.WARNING)

BY_KIND: dict[EventKind, Status] = {
    EventKind.DEVICE_FAULT: Status.ERROR,
    EventKind.GRID_OUTAGE: Status.ERROR,
    EventKind.DERATING: Status.WARNING,
    EventKind.LATE_DATA: Status.COMMUNICATION_FAULT,
    EventKind.MISSING_ROWS: Status.WARNING,
}
"""What an event of a kind says. No device notices snow: it leaves no log entry and no status."""

BY_LEVEL: dict[LogLevel, Status] = {
    LogLevel.WARNING: Status.WARNING,
    LogLevel.ERROR: Status.ERROR,
    LogLevel.DISTURBANCE: Status.ALARM,
}
"""What an open message of a level says."""

INVERTERS = (DeviceKind.SOLAR_INVERTER, DeviceKind.HYBRID_INVERTER, DeviceKind.BATTERY_INVERTER)


def plant_status(plant: Plant, now: float) -> Status:
    """Return the status of a plant: the worst of what is under way at it or at one of the devices that are there."""
    events: Iterable[PlantEvent] = plant.events
    if events:
        gone = {device.id for device in plant.devices if not _is_there(device, now)}
        events = [event for event in events if event.device_id not in gone]
    return _worst(plant, events, now)


def device_status(plant: Plant, device: Device, now: float) -> Status:
    """Return the status of a device: the worst of what is under way at it or at the whole plant."""
    if not _is_there(device, now):
        went = device.deactivated_at is not None and device.deactivated_at.timestamp() <= now
        return Status.OFF if went else Status.UNKNOWN
    return _worst(plant, [event for event in plant.events if event.device_id in (None, device.id)], now)


def _is_there(device: Device, now: float) -> bool:
    came = device.activated_at is None or device.activated_at.timestamp() <= now
    return came and (device.deactivated_at is None or now < device.deactivated_at.timestamp())


def operation_status(device: Device) -> OperationStatus | None:
    """Return how an inverter is run."""
    return OperationStatus.AUTO if device.kind in INVERTERS else None


def _worst(plant: Plant, events: Iterable[PlantEvent], now: float) -> Status:
    if datetime.fromtimestamp(now, ZoneInfo(plant.timezone)).date() < plant.commissioned:
        return Status.UNKNOWN
    found = {
        _status(event)
        for event in events
        if event.start.timestamp() <= now and (event.end is None or now < event.end.timestamp())
    }
    return next((status for status in WORST_FIRST if status in found), Status.OK)


def _status(event: PlantEvent) -> Status:
    if event.kind is EventKind.GAP:
        return Status.MONITORING_FAULT if event.device_id is None else Status.COMMUNICATION_FAULT
    if event.kind is EventKind.MESSAGE and event.level is not None and event.end is not None:
        return BY_LEVEL.get(event.level, Status.OK)
    return BY_KIND.get(event.kind, Status.OK)
