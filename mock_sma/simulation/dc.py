"""PowerDc and EnergyDc: each string's power, the product of its voltage and current."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import chance, pv
from mock_sma.simulation.block import DC, letters
from mock_sma.simulation.part import Columns, thousandths
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.domain.device import Array, Device
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.part import Cells, Detail, Lists, Part

MODULE_POWER = 400.0
"""Rating of a module that a string is thought to be made of [W]."""

MODULE_VOLTAGE = 34.0
"""Its voltage at the maximum power point [V]; a module of 108 half cells."""

MOST_IN_SERIES = 18
"""Modules in series before a second string is put beside (1000 V at -10 °C open)."""

VOLTAGE_COEFFICIENT = -0.0030
"""Of the voltage at the maximum power point [1/K]."""

DRY_INSULATION = 3_000_000
"""What the meter of the inverter shows at most [Ohm]."""


def module_voltage(poa_global: Floats, cell: Floats) -> Floats:
    """Return a module's voltage at its maximum power point [V].

    Args:
        poa_global: (n,) plane-of-array irradiance [W/m²].
        cell: (n,) cell temperature [°C].

    It falls with heat and, slowly at first, with the light: the logarithm of the diode's law by a fraction.
    """
    light = 1.008 * poa_global / (poa_global + 8.0)
    return np.asarray(MODULE_VOLTAGE * light * (1.0 + VOLTAGE_COEFFICIENT * (cell - 25.0)))


def in_series(array: Array) -> int:
    """Return how many modules of an array are in series."""
    modules = max(round(array.peak_power / MODULE_POWER), 1)
    parallel = -(-modules // MOST_IN_SERIES)
    return -(-modules // parallel)


def power_dc(part: Part, device: Device) -> Columns:
    """Return PowerDc. In the row of its waking an inverter has not measured yet: lists are empty (R27)."""
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    kept = detail.awake(device)
    waking = detail.waking(device)
    columns = [_string(detail, array, (DC, letter)) for letter, array in _inputs(device)]
    names = ("dcPowerInput", "dcVoltageInput", "dcCurrentInput")
    indexed = {name: _listed([column[number] for column in columns], ~waking) for number, name in enumerate(names)}
    ohms = insulation(detail, device)
    resistance: Cells = [None if new else float(ohm) for ohm, new in zip(ohms.tolist(), waking.tolist(), strict=True)]
    return Columns(kept, {"isolationResistance": resistance}, indexed)


def energy_dc(part: Part, device: Device) -> Columns:
    """Return EnergyDc [Wh]."""
    kept = part.everything if part.detail is None else part.detail.awake(device)
    counted = [part.metered[DC, letter] * 1_000 for letter, _ in _inputs(device)]
    return Columns(kept, {}, {"dcEnergyInput": _listed(counted, part.everything)})


def _inputs(device: Device) -> list[tuple[str, Array]]:
    return list(zip(letters(len(device.arrays)), device.arrays, strict=True))


def _string(detail: Detail, array: Array, channel: tuple[str, str]) -> tuple[Ints, Ints, Ints]:
    """Return power [mW], voltage [mV] and current [mA] of one string per row; the product holds to the last digit."""
    scene = detail.block.scene
    poa = scene.irradiance(array)
    cell = pv.cell_temperature(poa, scene.weather.temp_air, scene.weather.wind)
    power = detail.power(detail.block.metered[channel])
    voltage = detail.lit_mean(in_series(array) * module_voltage(poa, cell))
    # A row in the dark that follows a gap has the gap's power, and no light of its own to take a voltage from.
    voltage = np.where((voltage == 0) & (power > 0), round(in_series(array) * MODULE_VOLTAGE * 1_000.0), voltage)
    current = np.where(voltage > 0, (power * 1_000 + voltage // 2) // np.maximum(voltage, 1), 0)
    # A current has three decimals too, so the voltage gives way; without a current it is the open one.
    closed = (power * 1_000 + current // 2) // np.maximum(current, 1)
    voltage = np.where(current > 0, closed, voltage + voltage // 6)
    return (voltage * current + 500) // 1_000, voltage, current


def _listed(values: list[Ints], there: Bools) -> Lists:
    columns = [thousandths(item) for item in values]
    names = letters(len(columns))
    return [
        [(name, column[row] or 0.0) for name, column in zip(names, columns, strict=True)] if is_there else []
        for row, is_there in enumerate(there.tolist())
    ]


def insulation(detail: Detail, device: Device) -> Ints:
    """Return the insulation resistance [Ohm]: lower on wet mornings until the dew has dried."""
    stream = detail.generator.device_keys[device.id] + 96
    days = detail.slots // SLOTS_PER_DAY
    wet = np.maximum(chance.smooth(stream, days * SLOTS_PER_DAY, 2 * SLOTS_PER_DAY) * 1.6 - 0.6, 0.0)
    solar = ((detail.slots % SLOTS_PER_DAY + 0.5) / 12.0 + detail.generator.plant.longitude / 15.0) % 24.0
    drying = np.maximum(solar - 7.0, 0.0) / 2.5
    dip = 0.75 * wet / (1.0 + drying * drying)
    base = 0.82 + 0.18 * chance.smooth(stream + 1, detail.slots, 36)
    steps = np.rint(DRY_INSULATION / 16_384.0 * base * (1.0 - dip))
    return np.asarray(np.minimum(steps.astype(np.int64) * 16_384, DRY_INSULATION))
