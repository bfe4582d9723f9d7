"""What the plots of ``docs/simulation.md`` show: four houses, one seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Plant
from mock_sma.simulation import sky
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mock_sma.simulation.scene import Scene

Data = dict[str, "NDArray[np.float64]"]
"""Curves by their names."""

SEEN = Visibility(int(datetime(2025, 1, 2, tzinfo=UTC).timestamp()))
SEED = 20250615
YEAR = 2024
COLUMNS = ("pvGeneration", "totalConsumption", "gridConsumption", "batteryStateOfCharge")


def device(number: str, kind: DeviceKind, **facts: object) -> Device:
    """Return a device."""
    return Device(id=number, kind=kind, name="D", type="T", product="P", product_id=1, **facts)  # type: ignore[arg-type]


def house(number: str, latitude: float, longitude: float, zone: str, elevation: float, tilt: float) -> Plant:
    """Return a house with 10 kWp facing the equator and a battery of 10 kWh."""
    roof = Array(peak_power=10_000.0, azimuth=180.0 if latitude > 0.0 else 0.0, tilt=tilt)
    battery = Battery(capacity=10_000.0, max_charge=5_000.0, max_discharge=5_000.0)
    return Plant(
        id=number,  # chance goes by it: the same number would have the same clouds
        name="House",
        timezone=zone,
        latitude=latitude,
        longitude=longitude,
        elevation=elevation,
        commissioned=date(YEAR, 1, 1),
        devices=(
            device("101", DeviceKind.SOLAR_INVERTER, generator_power=10_000.0, arrays=(roof,)),
            device("102", DeviceKind.BATTERY_INVERTER, battery=battery),
            device("103", DeviceKind.GRID_METER),
        ),
    )


PLACES = {
    "Kassel": (house("100", 51.31, 9.48, "Europe/Berlin", 200.0, 30.0), date(2024, 6, 21), date(2024, 12, 21)),
    "Sydney": (house("200", -33.87, 151.21, "Australia/Sydney", 40.0, 30.0), date(2024, 12, 21), date(2024, 6, 21)),
    "Nairobi": (house("300", -1.29, 36.82, "Africa/Nairobi", 1_795.0, 10.0), date(2024, 2, 10), date(2024, 7, 20)),
    "Tromsø": (house("400", 69.65, 18.96, "Europe/Oslo", 10.0, 40.0), date(2024, 6, 21), date(2024, 11, 5)),
}
"""A plant, a day of its bright season and one of its dark season."""

WEEKS = (date(2024, 6, 10), date(2024, 1, 15))
"""Of the household: one in summer, one in winter."""


def balance(plant: Plant, span: Span) -> Data:
    """Return the hours since the span's first midnight, and the columns of EnergyBalance [W, %]."""
    table = PlantSimulator(plant, SEED).table(ENERGY_BALANCE, span, seen=SEEN)
    times = [datetime.fromisoformat(stamp) for stamp in table.stamps]
    first = times[0].replace(hour=0, minute=0)
    hours = np.array([(moment - first).total_seconds() / 3_600.0 for moment in times])
    return {"hours": hours} | {name: np.array([v or 0.0 for v in table.columns[name]]) for name in COLUMNS}


def cloudless(plant: Plant, scene: Scene) -> NDArray[np.float64]:
    """Return a cloudless sky's light at a plant's height at lit slots [W/m²]."""
    return np.asarray(sky.clear_sky(scene.sun.up) * sky.thinner_air(plant.elevation))


def clear_power(plant: Plant, on: date) -> NDArray[np.float64]:
    """Return the AC power of each five minutes of a cloudless day [kW], by the same chain."""
    simulator = PlantSimulator(plant, SEED)
    scene = simulator.generator.scene(simulator.generator.days(on, 1))
    light = sky.behind_skyline(sky.split(cloudless(plant, scene), scene.sun), scene.sun)
    scene.specific_power = replace(scene.outdoors, light=light, _specific={}).specific_power
    energy, _ = scene.generation(plant.devices[0])
    return np.asarray(energy * 12.0 / 1e6)


def days() -> Data:
    """Return a bright and a dark day at each place: ``Kassel bright pvGeneration``, ``… clear``."""
    found: Data = {}
    for name, (plant, bright, dark) in PLACES.items():
        for kind, on in (("bright", bright), ("dark", dark)):
            columns = balance(plant, Span(Period.DAY, on)) | {"clear": clear_power(plant, on)}
            found |= {f"{name} {kind} {column}": values for column, values in columns.items()}
    return found


def year() -> Data:
    """Return what each day of a year yields at each place, and cloudless days and means of months [kWh per kWp]."""
    found: Data = {}
    for name, (plant, _, _) in PLACES.items():
        months = [_yields(plant, Span(Period.MONTH, date(YEAR, month, 1))) for month in range(1, 13)]
        clear = [clear_power(plant, date(YEAR, 1, 1) + timedelta(days=n)).sum() / 120.0 for n in range(0, 366, 5)]
        lengths = [len(days) for days in months]
        found[f"{name} days"] = np.concatenate(months)
        found[f"{name} clear"] = np.array(clear)
        found[f"{name} months"] = _yields(plant, Span(Period.YEAR, date(YEAR, 1, 1))) / lengths
    return found


def _yields(plant: Plant, span: Span) -> NDArray[np.float64]:
    table = PlantSimulator(plant, SEED).table(ENERGY_AND_POWER_PV, span, seen=SEEN)
    return np.array([(v or 0.0) / 10_000.0 for v in table.columns.get("pvGeneration", [0.0] * len(table.stamps))])


def household() -> Data:
    """Return the balance of a house over a summer week and a winter week."""
    weeks = [balance(PLACES["Kassel"][0], Span(Period.WEEK, on)) for on in WEEKS]
    return {f"{index} {name}": values for index, week in enumerate(weeks) for name, values in week.items()}


def variability() -> Data:
    """Return clear-sky indices of ten years' days, and by how much that of five minutes changes, smallest first."""
    found: Data = {}
    for name, (plant, _, _) in PLACES.items():
        simulator = PlantSimulator(replace(plant, commissioned=date(2015, 1, 1)), SEED)
        scene = simulator.generator.scene(simulator.generator.days(date(2015, 1, 1), 3_650))
        light, clear = np.zeros((2, len(scene.days.slots)))
        light[scene.lit], clear[scene.lit] = scene.light.ghi, cloudless(plant, scene)
        edges = scene.days.offsets[:-1]
        whole, most = np.add.reduceat(light, edges), np.add.reduceat(clear, edges)
        bright = (clear[1:] > 150.0) & (clear[:-1] > 150.0)
        ramps = np.sort(np.abs(np.diff(light / np.maximum(clear, 1.0)))[bright])
        found[f"{name} indices"] = whole[most > 0] / most[most > 0]
        found[f"{name} ramps"] = ramps[:: max(len(ramps) // 500, 1)]
    return found
