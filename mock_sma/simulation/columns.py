"""From emitted rows to the columns of each set: a table of who makes them, for plants and for devices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain import catalogue
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.leaves import leaf
from mock_sma.simulation import ac, dc, storage
from mock_sma.simulation.balance import energy_balance, energy_mix, summed
from mock_sma.simulation.block import FEED, GRID, OWN_FEED, OWN_GRID, PV, USE
from mock_sma.simulation.part import Columns
from mock_sma.simulation.sensor import sensor
from mock_sma.simulation.slots import midnight

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.part import Part

    PlantColumns = Callable[[Part, Plant], Columns]
    DeviceColumns = Callable[[Part, Plant, Device], Columns]


def columns_of(measurement_set: MeasurementSet, part: Part, plant: Plant, device: Device | None) -> Columns:
    """Return a set's columns in catalogue order, and which rows it has.

    Args:
        measurement_set: one that the plant or device offers.
        device: None for the plant.
    """
    former = part.former
    if former is None:
        return _columns_of(measurement_set, part, plant, device)
    was = None if device is None else former.plant.device(device.id)
    if (device is not None and was is None) or not offers(measurement_set, former.plant, was):
        return _columns_of(measurement_set, part, plant, device)
    columns = columns_of(measurement_set, former.part, former.plant, was)
    joined: Columns = leaf("overlay.former", "with_former")(
        measurement_set, part, former, columns, lambda: _columns_of(measurement_set, part, plant, device)
    )
    return joined


def offers(measurement_set: MeasurementSet, plant: Plant, device: Device | None) -> bool:
    """Tell whether a set is one of a plant or, where one is given, of its device."""
    if device is not None:
        return measurement_set.name in device_sets(plant, device)
    name = catalogue.ENERGY_AND_POWER_PV.name if measurement_set is catalogue.PV_GENERATION else measurement_set.name
    return name in plant_sets(plant)


def _columns_of(measurement_set: MeasurementSet, part: Part, plant: Plant, device: Device | None) -> Columns:
    if device is None:
        return OF_PLANTS[measurement_set.name](part, plant)
    return OF_DEVICES[measurement_set.name](part, plant, device)


def _pv_of_plant(part: Part, _: Plant) -> Columns:
    kept = part.everything if part.detail is None else part.detail.awake(None)
    heard = part.heard.get(PV)
    cells = part.unit.cells(summed(part, PV))
    return Columns(kept if heard is None else kept & heard, {"pvGeneration": cells})


def _pv(part: Part, _: Plant, device: Device) -> Columns:
    if not device.generates_pv:
        return _no_rows(part)
    kept = part.everything if part.detail is None else part.detail.awake(device)
    return Columns(kept, {"pvGeneration": part.unit.cells(part.metered[PV, device.id])})


def _meter(part: Part, _: Plant, device: Device) -> Columns:
    """Return what a meter counts, itself and not as one of several that the plant goes by."""
    kinds = (OWN_FEED, OWN_GRID) if (OWN_FEED, device.id) in part.metered else (FEED, GRID)
    if (kinds[0], device.id) not in part.metered:
        return _no_rows(part)
    feed, grid = (part.unit.cells(part.metered[kind, device.id]) for kind in kinds)
    return Columns(part.everything, {"gridFeedIn": feed, "gridConsumption": grid})


def _consumption(part: Part, _: Plant, device: Device) -> Columns:
    if (USE, device.id) not in part.metered:
        return _no_rows(part)
    return Columns(part.everything, {"consumption": part.unit.cells(part.metered[USE, device.id])})


def _mix(part: Part, _: Plant, device: Device) -> Columns:
    return energy_mix(part, device) if (USE, device.id) in part.metered else _no_rows(part)


def _battery(part: Part, plant: Plant, device: Device) -> Columns:
    if device.battery is None:
        return _no_rows(part)
    begun = device.activated_at
    since = midnight(plant.commissioned, ZoneInfo(plant.timezone)) if begun is None else begun.timestamp()
    return storage.energy_and_power_battery(part, device, device.battery, since)


def _power_ac(part: Part, _: Plant, device: Device) -> Columns:
    return ac.power_ac(part, device) if device.generates_pv or device.battery is not None else _no_rows(part)


def _power_dc(part: Part, _: Plant, device: Device) -> Columns:
    return dc.power_dc(part, device) if device.generates_pv else _no_rows(part)


def _energy_dc(part: Part, _: Plant, device: Device) -> Columns:
    return dc.energy_dc(part, device) if device.generates_pv else _no_rows(part)


def _no_rows(part: Part) -> Columns:
    """Return the columns of a set that a scenario lets a device offer without its instrument."""
    return Columns(~part.everything)


OF_PLANTS: dict[str, PlantColumns] = {
    catalogue.ENERGY_BALANCE.name: lambda part, _: energy_balance(part),
    catalogue.ENERGY_AND_POWER_PV.name: _pv_of_plant,
    catalogue.PV_GENERATION.name: _pv_of_plant,
    catalogue.GRID_SETTINGS.name: ac.grid_settings,
}
"""Who makes the columns of each set that a plant can offer."""

OF_DEVICES: dict[str, DeviceColumns] = {
    catalogue.ENERGY_AND_POWER_PV.name: _pv,
    catalogue.ENERGY_AND_POWER_BATTERY.name: _battery,
    catalogue.ENERGY_AND_POWER_CONSUMPTION.name: _consumption,
    catalogue.ENERGY_AND_POWER_IN_OUT.name: _meter,
    catalogue.ENERGY_MIX.name: _mix,
    catalogue.POWER_AC.name: _power_ac,
    catalogue.POWER_DC.name: _power_dc,
    catalogue.ENERGY_DC.name: _energy_dc,
    catalogue.SENSOR.name: sensor,
}
"""Who makes the columns of each set that a device can offer."""
