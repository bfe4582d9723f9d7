"""Which sets a plant and its devices offer: what the portal shows, the API offers (R24, R33)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.plant import Backend

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant

_INVERTER = ("EnergyAndPowerPv", "PowerDc", "PowerAc")
_CONSUMER = ("EnergyAndPowerConsumption", "EnergyMix")

SETS_BY_KIND: dict[DeviceKind, tuple[str, ...]] = {
    DeviceKind.SOLAR_INVERTER: _INVERTER,
    DeviceKind.HYBRID_INVERTER: ("EnergyAndPowerBattery", *_INVERTER),
    DeviceKind.BATTERY_INVERTER: ("EnergyAndPowerBattery", "PowerAc"),
    DeviceKind.GRID_METER: ("EnergyAndPowerInOut",),
    DeviceKind.CONSUMER: _CONSUMER,
    DeviceKind.EV_CHARGER: _CONSUMER,
    DeviceKind.SENSOR: ("Sensor",),
}
"""Sets by kind; the inverter's are recorded, the others inferred (contract: MONITORING 3.1)."""


def device_sets(plant: Plant, device: Device) -> tuple[str, ...]:  # noqa: ARG001 - some depend on the plant
    """Return the names of the sets that a device offers, in the order of the wire."""
    return SETS_BY_KIND.get(device.kind, ()) if device.sets is None else device.sets


def plant_sets(plant: Plant) -> tuple[str, ...]:
    """Return the names of the sets that a plant offers: no EnergyBalance without grid metering (R24)."""
    generates = any(device.generates_pv for device in plant.devices)
    offered = (
        ("EnergyBalance", plant.measures_grid),
        ("EnergyAndPowerPv", generates),
        ("EnergyMix", plant.measures_grid and generates),
        ("GridSettings", plant.backend is Backend.ENNEXOS and generates),
    )
    return tuple(name for name, there in offered if there)
