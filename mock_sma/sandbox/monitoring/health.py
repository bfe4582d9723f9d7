"""How a plant and its devices are, from the events under way (contract: MONITORING 2.6; assumed)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind, LogLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant

WORST_FIRST = ("CommunicationMonitoringFault", "CommunicationFault", "Error", "Alarm", "Warning")

BY_KIND: dict[EventKind, str] = {
    EventKind.DEVICE_FAULT: "Error",
    EventKind.GRID_OUTAGE: "Error",
    EventKind.DERATING: "Warning",
    EventKind.LATE_DATA: "Warning",
    EventKind.MISSING_ROWS: "Warning",
    EventKind.SNOW: "Warning",
}

BY_LEVEL: dict[LogLevel, str] = {
    LogLevel.WARNING: "Warning",
    LogLevel.ERROR: "Error",
    LogLevel.DISTURBANCE: "Alarm",
}
"""What an open message of a level says."""

INVERTERS = (DeviceKind.SOLAR_INVERTER, DeviceKind.HYBRID_INVERTER, DeviceKind.BATTERY_INVERTER)


def plant_status(plant: Plant, now: float) -> str:
    """Return the status of a plant: the worst of what is under way at it or at one of its devices."""
    return _worst(_under_way(plant.events, now))


def device_status(plant: Plant, device: Device, now: float) -> str:
    """Return the status of a device: the worst of what is under way at it or at the whole plant."""
    if device.deactivated_at is not None and device.deactivated_at.timestamp() <= now:
        return "Off"
    events = [event for event in plant.events if event.device_id in (None, device.id)]
    return _worst(_under_way(events, now))


def operation_status(device: Device) -> str | None:
    """Return how an inverter is run; ``Auto`` is the only word known."""
    return "Auto" if device.kind in INVERTERS else None


def _under_way(events: Iterable[PlantEvent], now: float) -> set[str]:
    return {
        _status(event)
        for event in events
        if event.start.timestamp() <= now and (event.end is None or now < event.end.timestamp())
    }


def _status(event: PlantEvent) -> str:
    if event.kind is EventKind.GAP:
        return "CommunicationMonitoringFault" if event.device_id is None else "CommunicationFault"
    if event.kind is EventKind.MESSAGE and event.level is not None and event.end is not None:
        return BY_LEVEL.get(event.level, "Ok")
    return BY_KIND.get(event.kind, "Ok")


def _worst(found: set[str]) -> str:
    return next((status for status in WORST_FIRST if status in found), "Ok")
