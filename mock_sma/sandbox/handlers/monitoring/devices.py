"""Devices: lists, details, status, and the sets they offer (R30, R33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.domain import health
from mock_sma.domain.instruments import device_sets
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import device_of, plant_of
from mock_sma.sandbox.wire import devices as wire
from mock_sma.sandbox.wire.measurements import sets_body

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.call import Call


def list_devices(call: Call) -> Answer:
    """Answer ``GET …/devices``: the plant and its active devices, each with a time zone."""
    plant = plant_of(call)
    return Answer(orjson.dumps(wire.devices_body(plant, _listed(call, plant))))


def list_lean_devices(call: Call) -> Answer:
    """Answer ``GET …/devices/lean``: no plant, no time zone."""
    plant = plant_of(call)
    return Answer(orjson.dumps(wire.lean_devices_body(plant, _listed(call, plant))))


def _listed(call: Call, plant: Plant) -> list[Device]:
    everything = call.query.flag("WithDeactivatedDevices")
    listed = [item for item in plant.devices if item.is_active or everything]
    if not listed:
        count = len(plant.devices)
        whose = f"all {count} devices of plant {plant.id} are deactivated; WithDeactivatedDevices=true shows them (R30)"
        call.note("empty", text=f"the list is empty: {whose if count else f'plant {plant.id} has no devices'}")
    return listed


def one_device(call: Call) -> Answer:
    """Answer ``GET /v1/devices/{deviceId}``; a deactivated device is still there (R30)."""
    return Answer(orjson.dumps(wire.device_body(*device_of(call))))


def lean_device(call: Call) -> Answer:
    """Answer ``GET /v1/devices/{deviceId}/lean``."""
    return Answer(orjson.dumps(wire.device_item(*device_of(call), lean=True)))


def device_status(call: Call) -> Answer:
    """Answer ``GET /v1/devices/{deviceId}/status``."""
    plant, device = device_of(call)
    status = health.device_status(plant, device, call.now)
    return Answer(orjson.dumps(wire.status_body(plant, device, status, health.operation_status(device))))


def list_device_sets(call: Call) -> Answer:
    """Answer ``GET …/measurements/sets`` of a device (R33)."""
    plant, device = device_of(call)
    names = device_sets(plant, device)
    if not names:
        call.note("empty", text=f"the list is empty: a device of kind {device.kind} measures nothing itself (R33)")
    return Answer(sets_body(plant, device, names))
