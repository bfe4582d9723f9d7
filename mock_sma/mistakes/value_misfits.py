"""Where an event on the values of a set can act: on what the plant or device offers and measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS, ENERGY_AND_POWER_BATTERY, ENERGY_AND_POWER_PV, ENERGY_DC, POWER_DC
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.reading import choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant

GENERATORS = {
    DeviceKind.DIESEL_GENERATOR: "dieselGeneration",
    DeviceKind.CHP: "combinedHeatAndPowerGeneration",
    DeviceKind.HYDRO: "hydroGeneration",
}
"""Properties of EnergyBalance that only plants with such a device have."""

OF_BATTERIES = ("batteryCharging", "batteryDischarging", "batteryStateOfCharge")

NEEDS_MODULES = frozenset({ENERGY_AND_POWER_PV.name, POWER_DC.name, ENERGY_DC.name})


def value_misfits(plant: Plant, event: PlantEvent, device: Device | None) -> Iterator[tuple[str, str]]:
    """Yield why a ``value`` event cannot act: the key, and a sentence that says what to do.

    Args:
        device: that it happens to; None: the plant.
    """
    found = ALL_SETS.get(str(event.set_name).lower())
    offered = plant_sets(plant) if device is None else device_sets(plant, device)
    if event.set_name is None:
        return
    if found is None:
        yield "set", f"no set {event.set_name!r}{choices(event.set_name, list(offered))}"
    elif found.name not in offered:
        others = f"{', '.join(offered) or 'no set'}{_elsewhere(plant, found.name)}"
        yield "set", f"{_owner(device)} does not offer {found.name}; it offers {others}"
    elif event.property_name is not None:
        yield from _property_misfits(plant, found.name, event.property_name, device)


def _property_misfits(plant: Plant, name: str, wanted: str, device: Device | None) -> Iterator[tuple[str, str]]:
    names = [item.name for item in ALL_SETS[name.lower()].properties]
    if wanted not in names:
        yield "property", f"{name} has no property {wanted!r}{choices(wanted, names)}"
    elif device is None and wanted in _lacking(plant):
        yield "property", f"nothing at the plant measures {wanted}, so the event cannot act; add a device that does"
    elif device is not None and name in NEEDS_MODULES and not device.generates_pv:
        yield "set", f"{_owner(device)} has no modules, so {name} has no rows; give it 'arrays'"
    elif device is not None and name == ENERGY_AND_POWER_BATTERY.name and device.battery is None:
        yield "set", f"{_owner(device)} has no battery, so {name} has no rows; give it a 'battery'"


def _lacking(plant: Plant) -> set[str]:
    """Return the properties of a plant's sets that have no value there."""
    kinds = {item.kind for item in plant.devices}
    missing = set() if plant.has_battery else set(OF_BATTERIES)
    return missing | {name for kind, name in GENERATORS.items() if kind not in kinds}


def _owner(device: Device | None) -> str:
    return "the plant" if device is None else f"device {device.id}"


def _elsewhere(plant: Plant, name: str) -> str:
    """Return the end of a sentence that names the devices which offer a set."""
    found = [item.id for item in plant.devices if name in device_sets(plant, item)][:5]
    return f"; name a device that does: {', '.join(found)} (R33)" if found else " (R33)"
