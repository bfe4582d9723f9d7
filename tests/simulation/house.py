"""The house of the simulator's tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Plant
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from mock_sma.simulation.simulator import PlantSimulator

LATER = Visibility(int(datetime(2025, 12, 31, 22, tzinfo=UTC).timestamp()))


def inverter(device_id: str, peak: float = 6_000.0) -> Device:
    return Device(
        id=device_id,
        kind=DeviceKind.SOLAR_INVERTER,
        name="Inverter",
        type="Solar Inverters",
        product="STP",
        product_id=1,
        generator_power=peak,
        arrays=(Array(peak_power=peak / 2, azimuth=90.0), Array(peak_power=peak / 2, azimuth=270.0)),
    )


def other(device_id: str, kind: DeviceKind, **facts: object) -> Device:
    return Device(id=device_id, kind=kind, name="D", type="T", product="P", product_id=1, **facts)  # type: ignore[arg-type]


def pack(capacity: float = 10_000.0) -> Battery:
    return Battery(capacity=capacity, max_charge=5_000.0, max_discharge=5_000.0)


PLANT = Plant(
    id="100",
    name="House",
    commissioned=date(2023, 3, 1),
    devices=(
        inverter("101"),
        inverter("102", 4_000.0),
        other("103", DeviceKind.BATTERY_INVERTER, battery=pack()),
        other("104", DeviceKind.GRID_METER),
        other("105", DeviceKind.EV_CHARGER),
        other("106", DeviceKind.BATTERY_INVERTER, battery=pack(5_000.0)),
    ),
)


def day(simulator: PlantSimulator, on: date, seen: Visibility = LATER, *, energy: bool = False) -> dict:
    table = simulator.table(ENERGY_BALANCE, Span(Period.DAY, on), energy=energy, seen=seen)
    return {"time": table.stamps, **table.columns}
