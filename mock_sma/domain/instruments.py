"""Which sets a plant and its devices offer: what the portal shows, the API offers (R24, R33)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import (
    ENERGY_AND_POWER_BATTERY,
    ENERGY_AND_POWER_CONSUMPTION,
    ENERGY_AND_POWER_IN_OUT,
    ENERGY_AND_POWER_PV,
    ENERGY_BALANCE,
    ENERGY_DC,
    ENERGY_MIX,
    GRID_SETTINGS,
    POWER_AC,
    POWER_DC,
    SENSOR,
)
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend, Gateway
from mock_sma.domain.scenario import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.period import Resolution, Span
    from mock_sma.domain.plant import Plant

_INVERTER = (ENERGY_AND_POWER_PV.name, POWER_DC.name, POWER_AC.name)
_METER = (ENERGY_AND_POWER_IN_OUT.name,)
_CONSUMER = (ENERGY_AND_POWER_CONSUMPTION.name, ENERGY_MIX.name)

SETS_BY_KIND: dict[DeviceKind, tuple[str, ...]] = {
    DeviceKind.SOLAR_INVERTER: _INVERTER,
    DeviceKind.HYBRID_INVERTER: (ENERGY_AND_POWER_BATTERY.name, *_INVERTER, ENERGY_DC.name),
    DeviceKind.BATTERY_INVERTER: (ENERGY_AND_POWER_BATTERY.name, POWER_AC.name),
    DeviceKind.GRID_METER: _METER,
    DeviceKind.HOME_MANAGER: _METER,
    DeviceKind.CONSUMER: _CONSUMER,
    DeviceKind.EV_CHARGER: _CONSUMER,
    DeviceKind.SENSOR: (SENSOR.name,),
}
"""Sets by kind; the inverter's and the satellite sensor's (none) are recorded, the others inferred
(R33). A Home Manager meters the grid; Data Manager and Cluster Controller measure nothing
themselves; a Webconnect inverter has the instruments of any inverter. EnergyDc is in no recorded list of an
inverter: the hybrids have it, and any device whose scenario lists it in ``sets``."""


class Capability(StrEnum):
    """Words for what a plant measures; only ``PvGeneration`` is known, the others are assumed."""

    PV_GENERATION = "PvGeneration"
    GRID_FEED_IN = "GridFeedIn"
    GRID_CONSUMPTION = "GridConsumption"
    BATTERY_CHARGING = "BatteryCharging"
    BATTERY_DISCHARGING = "BatteryDischarging"


GRID_METERED = frozenset({ENERGY_AND_POWER_IN_OUT.name, ENERGY_MIX.name})
"""Sets that need grid consumption and feed-in to be metered at the plant (as EnergyBalance does, R24)."""


SANDBOX_SETS = frozenset({ENERGY_BALANCE.name, GRID_SETTINGS.name})
"""What SMA's page of the sandbox names for plants; any other set it knows was answered there with an empty ``set``."""


def meters_grid(gateway: Gateway, devices: Iterable[Device]) -> bool:
    """Tell whether there is an instrument for grid consumption and feed-in: a meter, or a Home Manager (R24, R33)."""
    return gateway is Gateway.HOME_MANAGER or any(
        ENERGY_AND_POWER_IN_OUT.name in (SETS_BY_KIND.get(item.kind, ()) if item.sets is None else item.sets)
        for item in devices
    )


def with_devices(plant: Plant, devices: Iterable[Device]) -> Plant:
    """Return a plant with other devices; whether the grid is metered follows from them where it did so before."""
    changed = replace(plant, devices=tuple(devices))
    if plant.measures_grid != meters_grid(plant.gateway, plant.devices):
        return changed
    return replace(changed, measures_grid=meters_grid(plant.gateway, changed.devices))


def device_sets(plant: Plant, device: Device) -> tuple[str, ...]:
    """Return the names of the sets that a device offers, in the order of the wire."""
    if device.sets is not None:
        return device.sets
    offered = SETS_BY_KIND.get(device.kind, ())
    return tuple(name for name in offered if plant.measures_grid or name not in GRID_METERED)


def plant_sets(plant: Plant) -> tuple[str, ...]:
    """Return the names of the sets that a plant offers: no EnergyBalance without grid metering (R24)."""
    generates = any(device.generates_pv for device in plant.devices)
    offered = (
        (ENERGY_BALANCE.name, plant.measures_grid),
        (ENERGY_AND_POWER_PV.name, generates),
        (GRID_SETTINGS.name, plant.backend is Backend.ENNEXOS and generates),
    )
    return tuple(name for name, there in offered if there)


def served_sets(plant: Plant, profile: Profile) -> tuple[str, ...]:
    """Return the names of a plant's sets that the API has rows of: SMA's sandbox serves two at plant level (R26)."""
    offered = plant_sets(plant)
    return tuple(name for name in offered if name in SANDBOX_SETS) if profile is Profile.SANDBOX else offered


def resolution_of(plant: Plant, measurement_set: MeasurementSet, span: Span) -> Resolution:
    """Return the resolution of a set's rows, fixed by the period and the plant (R21, R22)."""
    is_hourly = measurement_set.hourly_week and span.period is Period.WEEK
    return span.resolution(60 if is_hourly else plant.minutes(span))


def plant_capabilities(plant: Plant) -> tuple[Capability, ...]:
    """Return what a plant measures."""
    measured = (
        (Capability.PV_GENERATION, any(device.generates_pv for device in plant.devices)),
        (Capability.GRID_FEED_IN, plant.measures_grid),
        (Capability.GRID_CONSUMPTION, plant.measures_grid),
        (Capability.BATTERY_CHARGING, plant.has_battery),
        (Capability.BATTERY_DISCHARGING, plant.has_battery),
    )
    return tuple(name for name, there in measured if there)
