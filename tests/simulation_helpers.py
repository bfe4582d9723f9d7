"""Plants for the tests of the simulation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Plant
from mock_sma.simulation.block import CHARGE, DISCHARGE, FEED, GRID, SOURCES
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.block import Block
    from mock_sma.simulation.simulator import PlantSimulator
    from mock_sma.simulation.table import Table

LATER = Visibility(int(datetime(2025, 12, 31, 22, tzinfo=UTC).timestamp()))
"""All that is asked for here can be seen by then."""

JUNE = date(2024, 6, 3)


def device(device_id: str, kind: DeviceKind, **facts: Any) -> Device:
    return Device(
        **({"id": device_id, "kind": kind, "name": "D", "type": "T", "product": "P", "product_id": 1} | facts)
    )


def inverter(device_id: str, rating: float, *arrays: Array, **facts: Any) -> Device:
    return device(device_id, DeviceKind.SOLAR_INVERTER, generator_power=rating, arrays=arrays, **facts)


def pack(capacity: float = 10_000.0) -> Battery:
    return Battery(capacity=capacity, max_charge=5_000.0, max_discharge=5_000.0)


EAST_WEST = (Array(peak_power=3_000.0, azimuth=90.0), Array(peak_power=3_000.0, azimuth=270.0, tilt=20.0))
HYBRID = device(
    "107",
    DeviceKind.HYBRID_INVERTER,
    generator_power=8_000.0,
    arrays=(Array(peak_power=5_000.0), Array(peak_power=5_200.0, tilt=20.0)),
    battery=pack(6_000.0),
)
HOUSE = Plant(
    id="100",
    name="House",
    commissioned=date(2023, 3, 1),
    devices=(
        inverter("101", 6_000.0, *EAST_WEST),
        inverter("102", 4_000.0, Array(peak_power=4_400.0)),
        device("103", DeviceKind.BATTERY_INVERTER, battery=pack()),
        device("104", DeviceKind.GRID_METER),
        device("105", DeviceKind.EV_CHARGER),
        device("106", DeviceKind.SENSOR),
        HYBRID,
        device("108", DeviceKind.CONSUMER),
    ),
)


def with_events(plant: Plant, *events: PlantEvent) -> Plant:
    return replace(plant, events=events)


def event(kind: EventKind, start: datetime, end: datetime | None = None, **facts: Any) -> PlantEvent:
    return PlantEvent(kind=kind, start=start, end=end, **facts)


def ask(
    simulator: PlantSimulator,
    name: str,
    span: Span | date = JUNE,
    device_id: str | None = None,
    *,
    energy: bool = False,
    seen: Visibility = LATER,
) -> Table:
    whole = span if isinstance(span, Span) else Span(Period.DAY, span)
    return simulator.table(ALL_SETS[name.lower()], whole, device_id=device_id, energy=energy, seen=seen)


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return a table as rows."""
    return [
        {"time": stamp}
        | {name: cells[index] for name, cells in table.columns.items()}
        | {name: dict(lists[index]) for name, lists in table.indexed.items()}
        for index, stamp in enumerate(table.stamps)
    ]


def at(hour: float, day: date = JUNE) -> datetime:
    """Return a local hour of the plant's day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 2)


def energy(simulator: PlantSimulator, on: date = JUNE, name: str = "pvGeneration", owner: str | None = None) -> float:
    table = ask(simulator, "EnergyAndPowerPv" if owner else "EnergyBalance", on, owner, energy=True)
    return sum(value or 0.0 for value in table.columns[name])


def consumption(block: Block) -> Ints:
    """Return what balances each slot: generation and import less charge and export [mWh]."""
    signs = dict.fromkeys((*SOURCES, DISCHARGE, GRID), 1) | {CHARGE: -1, FEED: -1}
    parts = [signs[kind] * values for (kind, _), values in block.metered.items() if kind in signs]
    return sum(parts, np.zeros(len(block.days.slots), dtype=np.int64))
