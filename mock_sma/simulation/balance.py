"""What follows from metered values of the same row: every identity holds to the last digit (MONITORING 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.block import CHARGE, CHP, DIESEL, DISCHARGE, FEED, GRID, HYDRO, PV, SOURCES, USE
from mock_sma.simulation.part import Columns

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.part import Cells, Part

FURTHER = ((DIESEL, "dieselGeneration"), (CHP, "combinedHeatAndPowerGeneration"), (HYDRO, "hydroGeneration"))


def rate(part: Ints, whole: Ints) -> Cells:
    """Return part / whole with three decimals, between 0 and 1; None where the whole is nothing."""
    return [
        round(min(max(a / b, 0.0), 1.0), 3) if b > 0 else None
        for a, b in zip(part.tolist(), whole.tolist(), strict=True)
    ]


def summed(part: Part, *kinds: str) -> Ints:
    """Return the sum of all channels of some kinds."""
    total = np.zeros(len(part.ends), dtype=np.int64)
    return sum((values for (name, _), values in part.metered.items() if name in kinds), total)


def energy_balance(part: Part) -> Columns:
    """Return EnergyBalance, derived from emitted metered values."""
    cells = part.unit.cells
    generation, feed, grid = summed(part, *SOURCES), part.metered[FEED, ""], part.metered[GRID, ""]
    charge, discharge = summed(part, CHARGE), summed(part, DISCHARGE)
    direct = generation - feed - charge
    supply = direct + discharge
    consumption = supply + grid
    own = direct + charge
    there = {kind for kind, _ in part.metered}
    columns: dict[str, Cells] = {
        "pvGeneration": cells(summed(part, PV)),
        "directConsumption": cells(direct),
        "totalConsumption": cells(consumption),
    }
    if CHARGE in there:
        columns["batteryCharging"] = cells(charge)
        columns["batteryDischarging"] = cells(discharge)
        state = part.charge_state()
        if state is not None:
            columns["batteryStateOfCharge"] = state
    columns |= {name: cells(summed(part, kind)) for kind, name in FURTHER if kind in there}
    return Columns(
        part.everything,
        columns
        | {
            "gridFeedIn": cells(feed),
            "gridConsumption": cells(grid),
            "totalGeneration": cells(generation),
            "selfConsumption": cells(own),
            "autarkyRate": rate(supply, consumption),
            "selfConsumptionRate": rate(own, generation),
            "selfSupply": cells(supply),
        },
    )


def energy_mix(part: Part, device: Device | None) -> Columns:
    """Return EnergyMix: from where the plant's consumption of the row came, in shares that add up to 1.

    A consumer shares the plant's mix; with other generators than the sun the rest is theirs. Rates are
    absent where nothing is consumed (R27).
    """
    generation, pv = summed(part, *SOURCES), summed(part, PV)
    direct = np.maximum(generation - part.metered[FEED, ""] - summed(part, CHARGE), 0)
    sources = [direct, summed(part, DISCHARGE), part.metered[GRID, ""]]
    whole = sum(sources[1:], sources[0])
    used = whole if device is None else part.metered[USE, device.id]
    counted = (whole > 0) & (used > 0)
    # In thousandths, the grid taking what rounding leaves.
    from_own, from_battery = ((2_000 * item + whole) // np.maximum(2 * whole, 1) for item in sources[:2])
    from_grid = 1_000 - from_own - from_battery
    from_pv = np.where(generation > 0, from_own * pv // np.maximum(generation, 1), from_own)
    names = ("pvConsumptionRate", "batteryConsumptionRate", "gridConsumptionRate")
    columns: dict[str, Cells] = {
        name: [
            value / 1_000.0 if there else None for value, there in zip(values.tolist(), counted.tolist(), strict=True)
        ]
        for name, values in zip(names, (from_pv, from_battery, from_grid), strict=True)
    }
    return Columns(part.everything, columns | {"totalConsumption": part.unit.cells(used)})
