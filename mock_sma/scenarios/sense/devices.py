"""Devices that lack what their kind lives on, or have a thousandth of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.device import Charging, DeviceKind
from mock_sma.domain.moment import is_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.source import Path

SOLAR = (DeviceKind.SOLAR_INVERTER, DeviceKind.HYBRID_INVERTER)

FEW_WATTS = 100.0
"""A power that was meant in kilowatts is below this [W]; no inverter or string is so small."""

TOO_MANY = 3.0
"""Modules' power by the inverter's beyond which hardly anybody builds (chosen)."""

TROPIC = 23.5
"""Latitude beyond which the sun stands on one side of the sky [°]."""

STEEP = 5.0
"""Tilt from which the direction of modules counts [°]."""


def odd_devices(plant: Plant) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in a plant's devices: the path below the plant, and a sentence."""
    for index, device in enumerate(plant.devices):
        for end, message in _odd(plant, device):
            yield ("devices", index, *end), message


def _odd(plant: Plant, device: Device) -> Iterator[tuple[Path, str]]:
    yield from _lacking(plant, device)
    yield from _small(device)
    yield from _arrays(plant, device)
    gone = device.deactivated_at
    if gone is not None and device.activated_at is not None and is_after(gone, device.activated_at) is False:
        yield ("deactivated_at",), f"device {device.id} ends before it begins; swap activated_at and deactivated_at"


def _lacking(plant: Plant, device: Device) -> Iterator[tuple[Path, str]]:
    kind = device.kind
    if kind in SOLAR and not device.arrays and not (kind is DeviceKind.HYBRID_INVERTER and device.battery):
        yield (), f"{_shown(device)} has no arrays, so it never generates; add arrays: [{{peak_power: 5000}}]"
    if kind in (DeviceKind.BATTERY_INVERTER, DeviceKind.HYBRID_INVERTER) and device.battery is None:
        what = "battery: {capacity: 10000, max_charge: 5000, max_discharge: 5000}"
        yield (), f"{_shown(device)} has no battery, so it never charges; add {what}"
    if device.charging is Charging.SURPLUS and not any(item.generates_pv for item in plant.devices):
        yield (
            ("charging",),
            f"{_shown(device)} charges on what is left over, and the plant generates nothing; add an inverter",
        )


def _shown(device: Device) -> str:
    return f"device {device.id}, a {device.kind.value},"


def _small(device: Device) -> Iterator[tuple[Path, str]]:
    powers = {"generator_power": device.generator_power, "generator_power_dc": device.generator_power_dc}
    if device.rated_power is not None and device.kind is not DeviceKind.CONSUMER:
        powers["rated_power"] = device.rated_power
    for key, watts in powers.items():
        if watts is not None and 0.0 < watts < FEW_WATTS:
            yield (key,), f"{watts:g} W is next to nothing; the unit is W, so write 10000 for 10 kW"
    if device.annual_energy is not None and 0.0 < device.annual_energy < 10_000.0:
        yield ("annual_energy",), f"{device.annual_energy:g} Wh a year is next to nothing; write 2000000 for 2,000 kWh"
    battery = device.battery
    if battery is not None:
        if battery.capacity < FEW_WATTS:
            yield ("battery", "capacity"), f"{battery.capacity:g} Wh is next to nothing; write 10000 for 10 kWh"
        for key, watts in (("max_charge", battery.max_charge), ("max_discharge", battery.max_discharge)):
            if watts < FEW_WATTS:
                yield ("battery", key), f"{watts:g} W is next to nothing; the unit is W, so write 5000 for 5 kW"


def _arrays(plant: Plant, device: Device) -> Iterator[tuple[Path, str]]:
    peak = sum(array.peak_power for array in device.arrays)
    if device.arrays and device.generator_power and peak > TOO_MANY * device.generator_power >= TOO_MANY * FEW_WATTS:
        less = f"{peak:g} W of modules on an inverter of {device.generator_power:g} W: most is cut off"
        yield ("arrays",), f"{less}; check both, in W"
    for index, array in enumerate(device.arrays):
        if array.peak_power < FEW_WATTS:
            few = f"{array.peak_power:g} W is less than one module; the unit is W, so write 5000 for 5 kW"
            yield ("arrays", index, "peak_power"), few
        elif array.tilt >= STEEP and abs(plant.latitude) > TROPIC:
            south, turned = plant.latitude < 0.0, abs((array.azimuth + 180.0) % 360.0 - 180.0)
            if (turned > 135.0) if south else (turned < 45.0):
                sides = ("south", "northern", "0") if south else ("north", "southern", "180")
                away = f"modules that face {sides[0]} see no sun at latitude {plant.latitude:g}"
                yield (
                    ("arrays", index, "azimuth"),
                    f"{away}: it stands in the {sides[1]} sky; azimuth {sides[2]} faces it",
                )
