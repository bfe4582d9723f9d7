"""From emitted rows to the columns of each set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.simulation.ac import grid_settings, power_ac
from mock_sma.simulation.balance import energy_balance, energy_mix, summed
from mock_sma.simulation.block import FEED, GRID, OWN_FEED, OWN_GRID, PV, USE
from mock_sma.simulation.dc import energy_dc, power_dc
from mock_sma.simulation.part import Columns
from mock_sma.simulation.sensor import sensor
from mock_sma.simulation.storage import energy_and_power_battery

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.part import Part


def columns_of(name: str, part: Part, plant: Plant, device: Device | None, begin: float) -> Columns:
    """Return a set's columns in catalogue order, and which rows it has.

    Args:
        name: of the set.
        device: None for the plant.
        begin: commissioning of the plant [s since the epoch].
    """
    cells = part.unit.cells
    match name:
        case "EnergyBalance":
            return energy_balance(part)
        case "EnergyAndPowerPv" | "PvGeneration" if device is None or device.generates_pv:
            values = summed(part, PV) if device is None else part.metered[PV, device.id]
            kept = part.everything if part.detail is None else part.detail.awake(device)
            heard = part.heard.get(PV) if device is None else None
            return Columns(kept if heard is None else kept & heard, {"pvGeneration": cells(values)})
        case "EnergyAndPowerInOut":
            return _meter(part, "" if device is None else device.id)
        case "EnergyMix" if device is not None and (USE, device.id) in part.metered:
            return energy_mix(part, device)
        case "GridSettings":
            return grid_settings(part, plant)
    return Columns(~part.everything) if device is None else _device_columns(name, part, plant, device, begin)


def _meter(part: Part, name: str) -> Columns:
    """Return what a meter counts, itself and not as one of several that the plant goes by."""
    kinds = (OWN_FEED, OWN_GRID) if (OWN_FEED, name) in part.metered else (FEED, GRID)
    if (kinds[0], name) not in part.metered:
        return Columns(~part.everything)
    feed, grid = (part.unit.cells(part.metered[kind, name]) for kind in kinds)
    return Columns(part.everything, {"gridFeedIn": feed, "gridConsumption": grid})


def _device_columns(name: str, part: Part, plant: Plant, device: Device, begin: float) -> Columns:
    found = Columns(~part.everything)
    match name:
        case "EnergyAndPowerBattery" if device.battery is not None:
            since = begin if device.activated_at is None else device.activated_at.timestamp()
            found = energy_and_power_battery(part, device, device.battery, since)
        case "EnergyAndPowerConsumption" if (USE, device.id) in part.metered:
            found = Columns(part.everything, {"consumption": part.unit.cells(part.metered[USE, device.id])})
        case "PowerAc" if device.generates_pv or device.battery is not None:
            found = power_ac(part, device)
        case "PowerDc" if device.generates_pv:
            found = power_dc(part, device)
        case "EnergyDc" if device.generates_pv:
            found = energy_dc(part, device)
        case "Sensor":
            found = sensor(part, plant, device)
    return found
