"""Plants and devices (contract: MONITORING 1, 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.monitoring.access import device_of, permitted, plant_of
from mock_sma.sandbox.wire.devices import device_details, device_item
from mock_sma.sandbox.wire.measurements import sets_body
from mock_sma.sandbox.wire.plants import plant_item, plant_ref

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.operation import Call


def list_plants(call: Call) -> Answer:
    """Answer ``GET /v1/plants``: all that any consent opens; none is an empty list, never an error (R12)."""
    query = call.query
    wanted = query.get("Filter")
    flags = {name: query.flag(name) for name in ("WithStatus", "WithInstallation", "WithLocation")}
    plants = permitted(call).plants
    explain_empty(call, plants)
    items = [
        plant_item(
            plant,
            status=status_of(plant, call.now) if flags["WithStatus"] else None,
            with_installation=flags["WithInstallation"],
            with_location=flags["WithLocation"],
        )
        for plant in plants
        if wanted is None or wanted.casefold() in plant.name.casefold()
    ]
    return Answer(orjson.dumps({"plants": items}))


def explain_empty(call: Call, plants: tuple[Plant, ...]) -> None:
    """Take down how many plants are open, or why none is."""
    if plants:
        call.note("consent", text=f"consents open {len(plants)} of {len(call.world.estate.plants)} plants")
        return
    records = [item for item in call.world.consents if item.client_id == call.client_id]
    states = ", ".join(f"{item.email} is {item.state}" for item in records)
    reason = f"its requests: {states}" if states else "no owner was ever asked"
    call.note("consent", text=f"no consent in force opens any plant to {call.client_id!r}: {reason}")


def status_of(plant: Plant, now: float) -> str:
    """Return a plant's status from the events under way."""
    active = [
        event.kind.value
        for event in plant.events
        if event.start.timestamp() <= now and (event.end is None or now < event.end.timestamp())
    ]
    if "gap" in active:
        return "CommunicationMonitoringFault"
    if "device-fault" in active or "grid-outage" in active:
        return "Error"
    return "Warning" if active and active != ["message"] else "Ok"


def one_plant(call: Call) -> Answer:
    """Answer ``GET /v1/plants/{plantId}``."""
    return Answer(orjson.dumps(plant_ref(plant_of(call))))


def list_devices(call: Call) -> Answer:
    """Answer ``GET …/devices``: the plant and its active devices, each with a time zone."""
    plant = plant_of(call)
    everything = call.query.flag("WithDeactivatedDevices")
    devices = [device_item(plant, item) for item in plant.devices if item.is_active or everything]
    return Answer(orjson.dumps({"plant": plant_ref(plant), "devices": devices}))


def list_lean_devices(call: Call) -> Answer:
    """Answer ``GET …/devices/lean``: no plant, no time zone (R30 with WithDeactivatedDevices)."""
    plant = plant_of(call)
    everything = call.query.flag("WithDeactivatedDevices")
    devices = [device_item(plant, item, lean=True) for item in plant.devices if item.is_active or everything]
    return Answer(orjson.dumps({"devices": devices}))


def one_device(call: Call) -> Answer:
    """Answer ``GET /v1/devices/{deviceId}``."""
    plant, device = device_of(call)
    return Answer(orjson.dumps({"plant": plant_ref(plant), "details": device_details(plant, device)}))


def list_plant_sets(call: Call) -> Answer:
    """Answer ``GET …/measurements/sets`` of a plant (R24, R33)."""
    plant = plant_of(call)
    return Answer(sets_body(plant, None, plant_sets(plant)))


def list_device_sets(call: Call) -> Answer:
    """Answer ``GET …/measurements/sets`` of a device (R33)."""
    plant, device = device_of(call)
    return Answer(sets_body(plant, device, device_sets(plant, device)))
