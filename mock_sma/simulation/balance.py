"""What follows from metered values of the same row: every identity holds to the last digit (MONITORING 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.block import CHARGE, DISCHARGE, FEED, GRID, PV

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.simulation.block import Channel
    from mock_sma.simulation.chance import Ints

Cells = list[float | None]


@dataclass(frozen=True, slots=True)
class Unit:
    """How integers become numbers of the wire: mW to W, or Wh as they are."""

    divisor: int

    def cells(self, values: Ints) -> Cells:
        """Return the wire's numbers."""
        if self.divisor == 1:
            return [float(value) for value in values.tolist()]
        return [value / self.divisor for value in values.tolist()]


WATTS = Unit(1_000)
WATT_HOURS = Unit(1)


def rate(part: Ints, whole: Ints) -> Cells:
    """Return part / whole with three decimals, between 0 and 1; None where the whole is nothing."""
    return [
        round(min(max(a / b, 0.0), 1.0), 3) if b > 0 else None
        for a, b in zip(part.tolist(), whole.tolist(), strict=True)
    ]


def summed(metered: Mapping[Channel, Ints], kind: str, length: int) -> Ints:
    """Return the sum of all channels of a kind."""
    return sum((values for (name, _), values in metered.items() if name == kind), np.zeros(length, dtype=np.int64))


def energy_balance(metered: Mapping[Channel, Ints], unit: Unit, charge_state: Cells | None) -> dict[str, Cells]:
    """Return the columns of EnergyBalance from emitted metered values.

    Args:
        metered: rows by channel, all in mW or all in Wh.
        charge_state: state of charge per row [%]; None leaves it out (coarse periods).
    """
    length = len(metered[FEED, ""])
    generation, feed, grid = summed(metered, PV, length), metered[FEED, ""], metered[GRID, ""]
    charge, discharge = summed(metered, CHARGE, length), summed(metered, DISCHARGE, length)
    direct = generation - feed - charge
    supply = direct + discharge
    consumption = supply + grid
    own = direct + charge
    columns: dict[str, Cells] = {
        "pvGeneration": unit.cells(generation),
        "directConsumption": unit.cells(direct),
        "totalConsumption": unit.cells(consumption),
    }
    if any(kind == CHARGE for kind, _ in metered):
        columns["batteryCharging"] = unit.cells(charge)
        columns["batteryDischarging"] = unit.cells(discharge)
        if charge_state is not None:
            columns["batteryStateOfCharge"] = charge_state
    return columns | {
        "gridFeedIn": unit.cells(feed),
        "gridConsumption": unit.cells(grid),
        "totalGeneration": unit.cells(generation),
        "selfConsumption": unit.cells(own),
        "autarkyRate": rate(supply, consumption),
        "selfConsumptionRate": rate(own, generation),
        "selfSupply": unit.cells(supply),
    }
