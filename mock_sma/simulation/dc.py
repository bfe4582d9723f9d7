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

OPEN = 1.0 / 6.0
"""What the open voltage is above that at the maximum power point."""

MUTE = (24, 240)
"""From when on within two hours an inverter sends one row with nothing but a stamp: two of a recorded night's 130 rows,
at 2:45 and 20:45 [slots of the local clock]."""

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
    """Return PowerDc. Day and night as recorded; at night an inverter now and then sends empty lists (R27)."""
    detail = part.detail
    if detail is None:
        return Columns(np.zeros(len(part.ends), dtype=bool))
    awake, mute = detail.awake(device), _mute(detail, device)
    columns = [_string(detail, device, number) for number in range(len(device.arrays))]
    names = ("dcPowerInput", "dcVoltageInput", "dcCurrentInput")
    indexed = {
        name: _listed([np.where(awake, column[number], 0) for column in columns], ~mute)
        for number, name in enumerate(names)
    }
    ohms = np.where(awake, insulation(detail, device), DRY_INSULATION)
    resistance: Cells = [None if no else float(ohm) for ohm, no in zip(ohms.tolist(), mute.tolist(), strict=True)]
    return Columns(part.everything, {"isolationResistance": resistance}, indexed)


def _mute(detail: Detail, device: Device) -> Bools:
    """Tell in which rows of the night an inverter sends nothing but a stamp (R27)."""
    stream = detail.generator.device_keys[device.id] + 98
    dates = detail.block.days.dates[detail.rows.day[detail.wanted]]
    clock, steps = detail.at_end(detail.block.days.clock), detail.rows.steps[detail.wanted]
    mute = np.zeros(len(dates), dtype=bool)
    for number, begin in enumerate(MUTE):
        moment = begin + np.floor(chance.uniform(stream + number, dates) * 24.0).astype(np.int64)
        mute |= clock // steps == moment // steps
    return np.asarray(mute & ~detail.awake(device))


def energy_dc(part: Part, device: Device) -> Columns:
    """Return EnergyDc [Wh]."""
    kept = part.everything if part.detail is None else part.detail.awake(device)
    counted = [part.metered[channel] * 1_000 for channel in part.metered if channel[0] == DC]
    count = len(device.arrays)
    if part.detail is None:  # longer periods know the strings that it had before it was changed, too
        count = max([count, *(number + 1 for number, values in enumerate(counted) if values.any())])
    return Columns(kept, {}, {"dcEnergyInput": _listed(counted[:count], part.everything)})


def _string(detail: Detail, device: Device, number: int) -> tuple[Ints, Ints, Ints]:
    """Return power [mW], voltage [mV] and current [mA] of one string per row; the product holds to the last digit."""
    scene, array = detail.block.scene, device.arrays[number]
    poa = scene.irradiance(array)
    cell = pv.cell_temperature(poa, scene.weather.temp_air, scene.weather.wind)
    power = detail.power(detail.block.metered[DC, letters(number + 1)[-1]])
    voltage = detail.lit_mean(in_series(array) * module_voltage(poa, cell))
    voltage = np.rint(voltage * _raised(power, detail.lit_mean(scene.strings(device)[number]))).astype(np.int64)
    # A row in the dark that follows a gap has the gap's power, and no light of its own to take a voltage from.
    voltage = np.where((voltage == 0) & (power > 0), round(in_series(array) * MODULE_VOLTAGE * 1_000.0), voltage)
    current = np.where(voltage > 0, (power * 1_000 + voltage // 2) // np.maximum(voltage, 1), 0)
    # A current has three decimals too, so the voltage gives way.
    closed = (power * 1_000 + current // 2) // np.maximum(current, 1)
    voltage = np.where(current > 0, closed, voltage)
    return (voltage * current + 500) // 1_000, voltage, current


def _raised(power: Ints, possible: Ints) -> Floats:
    """Return how far the voltage is above that of the maximum power point [1] where less than possible is taken.

    Near that point the power falls with the square of the distance; without a current the voltage is the open one.
    """
    taken = np.minimum(power / np.maximum(possible, 1), 1.0)
    return np.asarray(1.0 + OPEN * np.sqrt(1.0 - taken))


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
