"""From metered rows to the columns of each set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.balance import WATT_HOURS, WATTS, Cells, energy_balance, summed
from mock_sma.simulation.block import CHARGE, DISCHARGE, FEED, GRID, PV, USE

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.balance import Unit
    from mock_sma.simulation.block import Channel
    from mock_sma.simulation.chance import Bools, Ints


@dataclass(frozen=True, slots=True)
class Slice:
    """Emitted rows of all metered channels.

    Attributes:
        ends: (n,) end of each fine row, start of each coarse one [s since the epoch].
        metered: (n,) by channel, mW where ``watts``, else Wh.
        stored: (n,) energy in the batteries at the end [mWh], or None.
        capacity: of the batteries [mWh].
        fine: whether rows are intervals within a day.
    """

    ends: Ints
    metered: dict[Channel, Ints]
    watts: bool
    stored: Ints | None
    capacity: int
    fine: bool

    @property
    def unit(self) -> Unit:
        """How its integers become numbers."""
        return WATTS if self.watts else WATT_HOURS

    def last(self) -> Slice:
        """Return its last row only."""
        return replace(
            self,
            ends=self.ends[-1:],
            metered={channel: values[-1:] for channel, values in self.metered.items()},
            stored=None if self.stored is None else self.stored[-1:],
        )

    def summed(self) -> Slice:
        """Return one row with the sums of all [Wh]."""
        return replace(
            self,
            ends=self.ends[:1],
            metered={channel: values.sum(keepdims=True) for channel, values in self.metered.items()},
            stored=None,
            fine=False,
        )

    def charge_state(self) -> Cells | None:
        """Return the state of charge at each row's end [%], two decimals."""
        if self.stored is None or not self.fine:
            return None
        return [round(100.0 * value / self.capacity, 2) for value in self.stored.tolist()]


def columns_of(name: str, part: Slice, device: Device | None) -> tuple[dict[str, Cells], Bools]:
    """Return a set's columns in catalogue order, and which rows it has.

    Args:
        name: of the set.
        device: None for the plant.
    """
    everything = np.ones(len(part.ends), dtype=bool)
    cells = part.unit.cells
    if name == "EnergyBalance":
        return energy_balance(part.metered, part.unit, part.charge_state()), everything
    if name in ("EnergyAndPowerPv", "PvGeneration"):
        values = summed(part.metered, PV, len(part.ends)) if device is None else part.metered[PV, device.id]
        return {"pvGeneration": cells(values)}, awake(values) if part.fine else everything
    if name == "EnergyAndPowerInOut":
        feed, grid = part.metered[FEED, ""], part.metered[GRID, ""]
        return {"gridFeedIn": cells(feed), "gridConsumption": cells(grid)}, everything
    if name == "EnergyAndPowerBattery" and device is not None:
        columns = {
            "batteryCharging": cells(part.metered[CHARGE, device.id]),
            "batteryDischarging": cells(part.metered[DISCHARGE, device.id]),
        }
        state = part.charge_state()
        return columns | ({"batteryStateOfCharge": state} if state is not None else {}), everything
    if name == "EnergyAndPowerConsumption" and device is not None:
        return {"consumption": cells(part.metered[USE, device.id])}, everything
    return {}, ~everything


def awake(values: Ints) -> Bools:
    """Tell in which rows an inverter is awake: while it produces, and one row before and after.

    The row before starts from nothing, so that a client who multiplies W by the time since the last stamp
    does not count the night (R23).
    """
    works = values > 0
    result = works.copy()
    result[:-1] |= works[1:]
    result[1:] |= works[:-1]
    return result
