"""What follows from the metered values of a row: identities hold to the last digit (docs/decisions.md, Numbers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.simulation.block import CHARGE, CHP, DIESEL, DISCHARGE, FEED, GRID, HYDRO, PV, SOURCES, USE
from mock_sma.simulation.part import Columns, rounded
from mock_sma.simulation.reports import STORE

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.part import Cells, Part

GENERATION = (
    (PV, "pvGeneration"),
    (DIESEL, "dieselGeneration"),
    (CHP, "combinedHeatAndPowerGeneration"),
    (HYDRO, "hydroGeneration"),
)


def rate(part: Ints, whole: Ints) -> Cells:
    """Return part / whole with three decimals, between 0 and 1; None where the whole is nothing."""
    cells = rounded(np.minimum(np.maximum(part / np.maximum(whole, 1), 0.0), 1.0), 3)
    for place in np.flatnonzero(whole <= 0).tolist():
        cells[place] = None
    return cells


def summed(part: Part, *kinds: str) -> Ints:
    """Return the sum of all channels of some kinds."""
    total = np.zeros(len(part.ends), dtype=np.int64)
    return sum((part.metered[channel] for channel in part.metered if channel[0] in kinds), total)


def energy_balance(part: Part) -> Columns:
    """Return EnergyBalance, derived from emitted metered values.

    What no instrument was heard of is left out, and so is what is derived where the instruments' energies are not of
    the same time: as one of them falls silent, and with the row that ends its silence (R24, R27).
    """
    generation, feed, grid = summed(part, *SOURCES), summed(part, FEED), summed(part, GRID)
    charge, discharge = summed(part, CHARGE), summed(part, DISCHARGE)
    direct = generation - feed - charge
    supply = direct + discharge
    own = direct + charge
    there = {kind for kind, _ in part.metered}
    metered: dict[str, tuple[str, Ints]] = {
        "batteryCharging": (STORE, charge),
        "batteryDischarging": (STORE, discharge),
        "gridFeedIn": (GRID, feed),
        "gridConsumption": (GRID, grid),
    }
    if CHARGE not in there:
        del metered["batteryCharging"], metered["batteryDischarging"]
    metered |= {name: (kind, summed(part, kind)) for kind, name in GENERATION if kind in there or kind == PV}
    columns = {name: _heard(part, kind, part.unit.cells(values)) for name, (kind, values) in metered.items()}
    if CHARGE in there and part.detail is not None:
        columns["batteryStateOfCharge"] = part.detail.charge_state(
            [name for kind, name in part.metered if kind == CHARGE]
        )
    derived = {
        "directConsumption": part.unit.cells(direct),
        "totalConsumption": part.unit.cells(supply + grid),
        "totalGeneration": part.unit.cells(generation),
        "selfConsumption": part.unit.cells(own),
        "autarkyRate": rate(supply, supply + grid),
        "selfConsumptionRate": rate(own, generation),
        "selfSupply": part.unit.cells(supply),
    }
    columns |= {name: only(cells, part.balanced) for name, cells in derived.items()}
    kept = part.everything
    masks = [part.heard.get(kind) for kind in dict.fromkeys(kind for kind, _ in metered.values())]
    if masks and all(mask is not None for mask in masks):
        kept = sum((mask for mask in masks if mask is not None), ~kept)
    return Columns(kept, {item.name: columns[item.name] for item in ENERGY_BALANCE.properties if item.name in columns})


def only(cells: Cells, there: Bools | None) -> Cells:
    """Return cells where they are there, and None elsewhere; None: they all are."""
    if there is None:
        return cells
    return [cell if keep else None for cell, keep in zip(cells, there.tolist(), strict=True)]


def _heard(part: Part, kind: str, cells: Cells) -> Cells:
    return only(cells, part.heard.get(kind))


def energy_mix(part: Part, device: Device) -> Columns:
    """Return EnergyMix of a consumer: from where the consumption of a row came, in shares that add up to 1.

    A consumer shares the plant's mix; with other generators than the sun the rest is theirs. Rates are
    absent where nothing is consumed (R27).
    """
    generation, pv = summed(part, *SOURCES), summed(part, PV)
    direct = np.maximum(generation - summed(part, FEED) - summed(part, CHARGE), 0)
    sources = [direct, summed(part, DISCHARGE), summed(part, GRID)]
    whole = sum(sources[1:], sources[0])
    used = part.metered[USE, device.id]
    counted = (whole > 0) & (used > 0)
    if part.balanced is not None:
        counted &= part.balanced
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
    total = part.unit.cells(used)
    if device is None:
        total = only(total, part.balanced)
    kept = part.everything if device is not None or part.balanced is None else part.balanced
    return Columns(kept, columns | {"totalConsumption": total})
