"""Instruments that count wrongly: what ``value`` events make of the energies a device reports.

They act on rows as they arrive, so that the plant's sets and all coarse periods follow (docs/simulation.md, Events).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from mock_sma.domain.event import EventKind, PlantEvent, ValueMode
from mock_sma.simulation import chance
from mock_sma.simulation.block import CHARGE, DC, DISCHARGE, FEED, GRID, OWN_FEED, OWN_GRID, PV, USE
from mock_sma.simulation.rows import View, mean_power
from mock_sma.simulation.slots import SLOT
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.rows import Rows

COUNTED = {
    "pvGeneration": (PV,),
    "consumption": (USE,),
    "totalConsumption": (USE,),
    "gridFeedIn": (FEED, OWN_FEED),
    "gridConsumption": (GRID, OWN_GRID),
    "batteryCharging": (CHARGE,),
    "batteryDischarging": (DISCHARGE,),
    "dcEnergyInput": (DC,),
}
"""Kinds of channels by the property of a device that counts them."""

EVER = 1 << 62
LOOK_BACK = 2
"""Days in which the last row before an event is looked for."""

Numbered = tuple[int, PlantEvent]


def happens(generator: Generator, number: int, event: PlantEvent, ends: Ints, share: float | None) -> Bools:
    """Tell to which rows an event happens: those that end within it, all or a share of them.

    Args:
        number: of the event in the plant's list.
        ends: (n,) [s since the epoch].
        share: of the rows [0..1]; None: all.
    """
    end = event.end.timestamp() if event.end is not None else np.inf
    there = (ends > event.start.timestamp()) & (ends <= end)
    if share is not None and there.any():
        there &= chance.uniform(generator.keys["rows"] + number, ends // SLOT) < share
    return np.asarray(there)


def misreadings(plant: Plant, kind: str, device_id: str) -> list[Numbered]:
    """Return the events that act on what a device counts in a kind of channel."""
    return [
        (number, event)
        for number, event in enumerate(plant.events)
        if event.kind is EventKind.VALUE
        and event.device_id == device_id
        and device_id
        and kind in COUNTED.get(event.property_name or "", ())
    ]


def awake_rows(rows: Rows, awake: Bools) -> Bools:
    """Tell in which rows an inverter reports: while it is light, and a row around within the day."""
    works = rows.energy_mwh(awake.astype(np.int64)) > 0
    return around(works, rows.day)


def around(works: Bools, day: Ints) -> Bools:
    """Return it with the row before and after each, within the day: a day has the same rows however it is asked."""
    same = day[1:] == day[:-1]
    result = works.copy()
    result[:-1] |= works[1:] & same
    result[1:] |= works[:-1] & same
    return result


def misread(
    generator: Generator, block: Block, rows: Rows, channel: Channel, owner: str, energy: Ints, counted: Ints
) -> tuple[Ints, Ints]:
    """Return energy [mWh] and counter differences [Wh] of rows as their instrument reports them.

    Args:
        owner: device that reports the channel.
    """
    for number, event in misreadings(generator.plant, channel[0], owner):
        there = happens(generator, number, event, rows.ends, event.share)
        if channel[0] == PV:
            there &= awake_rows(rows, block.awake[owner])
        if there.any():
            energy = np.where(there, _instead(generator, event, channel, owner, energy, rows.spans), energy)
            counted = np.where(there, _whole(rows, energy * there), counted)
    return energy, counted


def _instead(generator: Generator, event: PlantEvent, channel: Channel, owner: str, energy: Ints, spans: Ints) -> Ints:
    """Return the energies that rows have in the place of the measured ones [mWh]."""
    value = event.value or 0.0
    # EnergyDc is in Wh per row, all else in W.
    given = np.full(len(spans), value * 1_000.0) if channel[0] == DC else value * spans / 3.6
    match event.mode:
        case ValueMode.SCALE:
            return _whole_mwh(energy * value)
        case ValueMode.ADD:
            return np.asarray(energy + _whole_mwh(given))
        case ValueMode.FIXED:
            return _whole_mwh(given)
        case ValueMode.STUCK:
            return _whole_mwh(_last_mw(generator, event, channel, owner) * spans / 3_600.0)
    return np.zeros(len(spans), dtype=np.int64)


def _whole_mwh(values: NDArray[Any]) -> Ints:
    return np.asarray(np.rint(values).astype(np.int64))


def _whole(rows: Rows, energy: Ints) -> Ints:
    """Return whole Wh of energies [mWh]; each day counts anew, so that it is the same however it is asked."""
    total = np.cumsum(energy)
    begun = np.concatenate((np.zeros(1, dtype=np.int64), total))[np.searchsorted(rows.day, rows.day, side="left")]
    within = total - begun
    return np.asarray(within // 1_000 - (within - energy) // 1_000)


def _last_mw(generator: Generator, event: PlantEvent, channel: Channel, owner: str) -> int:
    """Return the mean power of the last row before an event [mW]; of one that is far away nothing is known."""
    at = event.start.timestamp()
    day = datetime.fromtimestamp(at - 1, generator.zone).date()
    for _ in range(LOOK_BACK):
        block = generator.block(day, 1)
        if channel[0] == DC:
            block = block.with_strings(next(item for item in generator.plant.devices if item.id == owner))
        rows = View(generator, owner, Visibility(EVER)).rows(block.days)
        count = int(np.searchsorted(rows.ends, at, side="right"))
        if count:
            energy = rows.energy_mwh(block.metered[channel])
            return int(mean_power(energy[count - 1 : count], rows.spans[count - 1 : count])[0])
        day -= timedelta(days=1)
    return 0
