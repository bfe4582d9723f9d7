"""PowerAc and GridSettings: voltages, currents, phases that add up; what a plant may feed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.device import DeviceKind
from mock_sma.simulation import chance
from mock_sma.simulation.block import CHARGE, DISCHARGE, PV
from mock_sma.simulation.grid import frequency, grid_of, line_voltage, voltages
from mock_sma.simulation.part import Columns, milli, thousandths

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.part import Cells, Detail, Part

SINGLE_PHASE = 4_600.0
"""Largest rating on a single phase [W] (VDE-AR-N 4105)."""

RISE = 0.012
"""Rise of the voltage at full power, as a share of its nominal value."""

FULL_SETS = (DeviceKind.HYBRID_INVERTER, DeviceKind.BATTERY_INVERTER)
"""Kinds that send every quantity; a string inverter sends what was recorded of one."""


def power_ac(part: Part, device: Device) -> Columns:
    """Return PowerAc; ``activePower`` is EnergyAndPowerPv's, and a battery inverter's is positive as it discharges."""
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    metered = detail.block.metered
    if (PV, device.id) in metered:
        power, kept = detail.power(metered[PV, device.id]), detail.awake(device)
    else:
        out, into = metered[DISCHARGE, device.id], metered[CHARGE, device.id]
        power, kept = detail.power(out) - detail.power(into), part.everything
    plant = detail.generator.plant
    rating = rating_of(device)
    phases = 1 if rating <= SINGLE_PHASE else 3
    grid = grid_of(plant.timezone)
    nominal = grid.single_voltage if phases == 1 else grid.phase_voltage
    stream = detail.generator.device_keys[device.id] + 64
    rise = milli(np.clip(power / (1_000.0 * rating), -1.0, 1.0) * (RISE * nominal))
    dead = _dead(detail)
    volts = [np.where(dead, 0, values) for values in voltages(nominal, stream, detail.slots, rise, phases)]
    shares = split(power, phases)
    scalars = _quantities(volts, shares, power, stream, detail, full=device.kind in FULL_SETS)
    tuned = thousandths(frequency(grid, detail.generator.seed, detail.slots))
    scalars["gridFrequency"] = [None if off else value for value, off in zip(tuned, dead.tolist(), strict=True)]
    if device.kind in FULL_SETS:
        scalars["displacementPowerFactor"] = thousandths(_power_factor(stream, detail.slots))
    return Columns(kept, scalars)


def rating_of(device: Device) -> float:
    """Return a device's AC rating [W]."""
    if device.generator_power is not None:
        return device.generator_power
    if device.arrays:
        return sum(array.peak_power for array in device.arrays)
    battery = device.battery
    return 1.0 if battery is None else max(battery.max_charge, battery.max_discharge)


def split(total: Ints, phases: int) -> list[Ints]:
    """Return a total in equal parts that add up to the last digit."""
    base = total // phases
    rest = total - base * phases
    return [base + (rest > number) for number in range(phases)]


def _dead(detail: Detail) -> Bools:
    """Tell in which rows there is no voltage: the grid is out and no battery makes one."""
    dark = detail.block.scene.effects.outage()
    if dark is None:
        return np.zeros(len(detail.slots), dtype=bool)
    return detail.at_end(dark & ~detail.generator.bank.there(detail.block.scene))


def _power_factor(stream: int, slots: Ints) -> Ints:
    """Return cos φ in thousandths: between 0.980 and 1."""
    return np.asarray(980 + np.rint(20.0 * chance.smooth(stream + 8, slots, 36)).astype(np.int64))


def _current(power: Ints, voltage: Ints) -> Ints:
    """Return a current [mA] from power [mW or mVA] and voltage [mV]."""
    return np.where(voltage > 0, (np.abs(power) * 1_000 + voltage // 2) // np.maximum(voltage, 1), 0)


def _quantities(
    volts: list[Ints], shares: list[Ints], power: Ints, stream: int, detail: Detail, *, full: bool
) -> dict[str, Cells]:
    names = "ABC"[: len(volts)]
    scalars: dict[str, Cells] = {}
    if full and len(volts) == 3:
        for number, name in enumerate(("A2B", "B2C", "C2A")):
            scalars[f"voltagePhase{name}"] = thousandths(line_voltage(volts[number], volts[(number + 1) % 3]))
    scalars |= {f"voltagePhase{name}": thousandths(values) for name, values in zip(names, volts, strict=True)}
    if not full:
        amps = [_current(share, volt) for share, volt in zip(shares, volts, strict=True)]
        scalars |= {f"currentPhase{name}": thousandths(values) for name, values in zip(names, amps, strict=True)}
        return scalars | {"activePower": thousandths(power)}
    factor = _power_factor(stream, detail.slots) / 1_000.0
    tangent = np.sqrt(1.0 - factor * factor) / factor
    reactive = split(np.rint(power * tangent).astype(np.int64), len(volts))
    apparent = [
        np.rint(np.sqrt(p.astype(np.float64) * p + q.astype(np.float64) * q)).astype(np.int64)
        for p, q in zip(shares, reactive, strict=True)
    ]
    amps = [_current(share, volt) for share, volt in zip(apparent, volts, strict=True)]
    scalars |= {f"currentPhase{name}": thousandths(values) for name, values in zip(names, amps, strict=True)}
    for label, parts in (("activePower", shares), ("reactivePower", reactive), ("apparentPower", apparent)):
        scalars |= {f"{label}Phase{name}": thousandths(values) for name, values in zip(names, parts, strict=True)}
        scalars[label] = thousandths(sum(parts[1:], parts[0]))
    return scalars


def grid_settings(part: Part, plant: Plant) -> Columns:
    """Return GridSettings: what the plant may feed in at most, and the reactive power that is wanted of it.

    Without a limit the first is the rating of the inverters that are there. Nobody wants reactive power of a
    simulated plant, so the second is 0. Both meanings are assumed.
    """
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    effects = detail.block.scene.effects
    limit = np.zeros(len(detail.slots), dtype=np.int64)
    for device in plant.devices:
        if device.generates_pv:
            there = effects.installed(device)
            limit += round(rating_of(device) * 1_000.0) * (
                1 if there is None else detail.at_end(there.astype(np.int64))
            )
    feed = effects.feed_in_limit()
    if feed is not None:
        limit = np.minimum(limit, detail.at_end(feed))
    return Columns(
        part.everything, {"setPointFeedInPower": thousandths(limit), "setPointReactivePower": [0.0] * len(detail.slots)}
    )
