"""EnergyAndPowerBattery: state of charge and health, voltage, current, temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.block import CHARGE, DISCHARGE
from mock_sma.simulation.part import Columns, milli, thousandths

if TYPE_CHECKING:
    from mock_sma.domain.device import Battery, Device
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.part import Cells, Detail, Lists, Part

FADING = 0.02
"""Loss of capacity per year, ageing by time and use together [1/a]; a warranty allows 30 % in ten years."""

LEAST_HEALTH = 60.0
"""[%]"""

INNER_LOSS = 0.02
"""Share of the voltage that the rated current raises or lowers it by."""

CHARGING_VOLTAGE = 1.09
"""Set voltage for charging over the nominal one: 3.49 V per cell of lithium iron phosphate over 3.2 V."""


def energy_and_power_battery(part: Part, device: Device, battery: Battery, begin: float) -> Columns:
    """Return the battery set: state of charge and the electrical detail with W, state of health with Wh.

    Args:
        begin: when the battery began to age [s since the epoch].
    """
    cells = part.unit.cells
    scalars = {
        "batteryCharging": cells(part.metered[CHARGE, device.id]),
        "batteryDischarging": cells(part.metered[DISCHARGE, device.id]),
    }
    if part.detail is None or not part.watts:
        health = state_of_health(part.ends, begin)
        scalars["batteryStateOfHealth"] = health
        return Columns(part.everything, scalars, {"batteryStateOfHealthArray": _single(health)})
    state = part.detail.charge_state([device.id])
    scalars["batteryStateOfCharge"] = state
    voltage, current = terminals(part, device, battery, np.array(state, dtype=np.float64) / 100.0)
    indexed = {
        "batteryStateOfChargeArray": _single(state),
        "batteryVoltage": _single(thousandths(voltage)),
        "batteryCurrent": _single(thousandths(current)),
        "batteryTemperature": _single(thousandths(_temperature(part.detail, battery, voltage, current))),
        "currentBatteryChargingSetVoltage": _single(
            thousandths(np.full(len(voltage), round(battery.nominal_voltage * CHARGING_VOLTAGE * 1_000.0)))
        ),
    }
    return Columns(part.everything, scalars, indexed)


def state_of_health(ends: Ints, begin: float) -> Cells:
    """Return the state of health [%], one decimal."""
    years = np.maximum(ends - begin, 0.0) / (365.25 * 86_400.0)
    return [max(round(100.0 * (1.0 - FADING * age), 1), LEAST_HEALTH) for age in years.tolist()]


def terminals(part: Part, device: Device, battery: Battery, state: Floats) -> tuple[Ints, Ints]:
    """Return voltage [mV] and current [mA, positive while charging] of the pack.

    Half the losses of a cycle lie between the meter and the terminals on the way in, half on the way out.

    Args:
        state: (n,) of charge [0..1].
    """
    loss = (1.0 - battery.round_trip_efficiency) / 2.0
    power = part.metered[CHARGE, device.id] * (1.0 - loss) - part.metered[DISCHARGE, device.id] * (1.0 + loss)
    # Flat in the middle and steep at both ends, as iron phosphate is.
    middle = 2.0 * state - 1.0
    rest = battery.nominal_voltage * (1.005 + 0.02 * middle + 0.035 * middle * middle * middle)
    rated = max(battery.max_charge, battery.max_discharge) * 1_000.0
    voltage = milli(rest * (1.0 + INNER_LOSS * np.clip(power / rated, -1.0, 1.0)))
    return voltage, np.rint(power * 1_000.0 / np.maximum(voltage, 1)).astype(np.int64)


def _temperature(detail: Detail, battery: Battery, voltage: Ints, current: Ints) -> Ints:
    """Return the pack's temperature [m°C]: a cellar's, a little of the weather's, and what the losses warm."""
    outside = detail.at_end(detail.block.scene.air_and_wind[0])
    cellar = np.clip(17.0 + 0.25 * (outside - 10.0), 5.0, 38.0)
    load = np.abs(voltage * current) * (1e-6 / max(battery.max_charge, battery.max_discharge))
    return milli(cellar + 7.0 * load)


def _single(values: Cells) -> Lists:
    return [[] if value is None else [("A", value)] for value in values]
