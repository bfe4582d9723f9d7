"""Draw the plots of docs/simulation.md: ``python docs/plots/make_plots.py``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Plant
from mock_sma.simulation import sky
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility

HERE = Path(__file__).parent
SEEN = Visibility(int(datetime(2025, 1, 2, tzinfo=UTC).timestamp()))
SEED = 20250615
YEAR = 2024
SUN, USE, STORE, GRID = "#e8a317", "#444444", "#2a7f62", "#8a1c1c"

mpl.rcParams.update(
    {"font.size": 8, "axes.grid": True, "grid.alpha": 0.25, "svg.hashsalt": "mock-sma", "figure.dpi": 90}
)


def device(number: str, kind: DeviceKind, **facts: object) -> Device:
    """Return a device."""
    return Device(id=number, kind=kind, name="D", type="T", product="P", product_id=1, **facts)  # type: ignore[arg-type]


def house(number: str, latitude: float, longitude: float, zone: str, elevation: float, tilt: float) -> Plant:
    """Return a house with 10 kWp facing the equator and a battery of 10 kWh."""
    roof = Array(peak_power=10_000.0, azimuth=180.0 if latitude > 0.0 else 0.0, tilt=tilt)
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
            device(
                "102",
                DeviceKind.BATTERY_INVERTER,
                battery=Battery(capacity=10_000.0, max_charge=5_000.0, max_discharge=5_000.0),
            ),
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


def rows(simulator: PlantSimulator, span: Span) -> tuple[list[datetime], dict[str, np.ndarray]]:
    """Return times and columns of EnergyBalance."""
    table = simulator.table(ENERGY_BALANCE, span, seen=SEEN)
    times = [datetime.fromisoformat(stamp) for stamp in table.stamps]
    return times, {name: np.array([v or 0.0 for v in cells]) for name, cells in table.columns.items()}


def hours(times: list[datetime]) -> np.ndarray:
    """Return hours since midnight."""
    first = times[0].replace(hour=0, minute=0)
    return np.array([(moment - first).total_seconds() / 3_600.0 for moment in times])


def clear_power(plant: Plant, on: date) -> tuple[np.ndarray, np.ndarray]:
    """Return hours and AC power of a cloudless day [W], by the same chain."""
    simulator = PlantSimulator(plant, SEED)
    scene = simulator.generator.scene(simulator.generator.days(on, 1))
    scene.light = sky.behind_skyline(sky.split(sky.clear_sky(scene.sun.up), scene.sun), scene.sun)
    energy, _ = scene.generation(plant.devices[0])
    return np.arange(1, len(energy) + 1) / 12.0, energy * 12.0 / 1_000.0


def days() -> None:
    """Draw a bright and a dark day at four places."""
    figure, axes = plt.subplots(4, 2, figsize=(9.0, 9.5), sharex=True, sharey="row")
    for line, (name, (plant, bright, dark)) in enumerate(PLACES.items()):
        simulator = PlantSimulator(plant, SEED)
        for column, on in enumerate((bright, dark)):
            axis = axes[line, column]
            times, values = rows(simulator, Span(Period.DAY, on))
            clear_hours, clear = clear_power(plant, on)
            axis.plot(clear_hours, clear / 1e3, color="#bbbbbb", lw=0.8, ls="--", label="cloudless")
            axis.fill_between(hours(times), values["pvGeneration"] / 1e3, color=SUN, alpha=0.75, lw=0, label="PV")
            axis.plot(hours(times), values["totalConsumption"] / 1e3, color=USE, lw=0.7, label="consumption")
            axis.set_title(f"{name}, {on}: {values['pvGeneration'].sum() / 12e3:.1f} kWh from 10 kWp", fontsize=8)
            axis.set_xlim(0, 24)
            axis.set_xticks(range(0, 25, 4))
            axis.set_ylim(0, 10.5)
        axes[line, 0].set_ylabel("kW")
    axes[0, 0].legend(fontsize=7, loc="upper left")
    for axis in axes[3]:
        axis.set_xlabel("local hour")
    save(figure, "days")


def year() -> None:
    """Draw the days of a year at four places."""
    figure, axes = plt.subplots(4, 1, figsize=(9.0, 9.0), sharex=True, sharey=True)
    for axis, (name, (plant, _, _)) in zip(axes, PLACES.items(), strict=True):
        simulator = PlantSimulator(plant, SEED)
        energies: list[float] = []
        for month in range(1, 13):
            table = simulator.table(ENERGY_AND_POWER_PV, Span(Period.MONTH, date(YEAR, month, 1)), seen=SEEN)
            energies += [(v or 0.0) / 10_000.0 for v in table.columns.get("pvGeneration", [0.0] * len(table.stamps))]
        numbers = np.arange(len(energies))
        clear = [
            clear_power(plant, date(YEAR, 1, 1) + timedelta(days=n))[1].sum() / 12.0 / 10_000.0
            for n in range(0, 366, 5)
        ]
        axis.plot(np.arange(0, 366, 5), clear, color="#999999", lw=0.8, ls="--", label="cloudless day")
        axis.bar(numbers, energies, width=1.0, color=SUN, label="day")
        months = table_of_months(simulator)
        axis.step(
            [*months[0], 366], [*months[1], months[1][-1]], where="post", color=GRID, lw=1.2, label="mean of the month"
        )
        axis.set_title(f"{name}: {sum(energies):.0f} kWh per kWp in {YEAR}", fontsize=8)
        axis.set_ylabel("kWh per kWp")
        axis.set_xlim(0, 366)
    axes[0].legend(fontsize=7, loc="upper left", ncols=3)
    axes[3].set_xticks([(date(YEAR, m, 1) - date(YEAR, 1, 1)).days for m in range(1, 13)])
    axes[3].set_xticklabels(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
    save(figure, "year")


def table_of_months(simulator: PlantSimulator) -> tuple[list[int], list[float]]:
    """Return the months' first days of the year, and their mean daily yields [kWh/kWp]."""
    table = simulator.table(ENERGY_AND_POWER_PV, Span(Period.YEAR, date(YEAR, 1, 1)), seen=SEEN)
    starts = [date.fromisoformat(stamp[:10]) for stamp in table.stamps]
    lengths = [((start + timedelta(days=32)).replace(day=1) - start).days for start in starts]
    energies = table.columns.get("pvGeneration", [0.0] * len(starts))
    return [(s - date(YEAR, 1, 1)).days for s in starts], [
        (v or 0.0) / n / 10_000.0 for v, n in zip(energies, lengths, strict=True)
    ]


def household() -> None:
    """Draw the balance of a house over a summer week and a winter week."""
    figure, axes = plt.subplots(2, 1, figsize=(9.0, 5.0), sharey=True)
    plant = PLACES["Kassel"][0]
    for axis, on in zip(axes, (date(2024, 6, 10), date(2024, 1, 15)), strict=True):
        times, values = rows(PlantSimulator(plant, SEED), Span(Period.WEEK, on))
        axis.fill_between(times, values["pvGeneration"] / 1e3, color=SUN, alpha=0.7, lw=0, label="PV")
        axis.plot(times, values["totalConsumption"] / 1e3, color=USE, lw=0.6, label="consumption")
        axis.plot(times, -values["gridConsumption"] / 1e3, color=GRID, lw=0.6, label="from the grid (downwards)")
        state = axis.twinx()
        state.plot(times, values["batteryStateOfCharge"], color=STORE, lw=1.0, label="state of charge")
        state.set_ylim(-100, 110)
        state.set_yticks([0, 50, 100])
        state.set_ylabel("%")
        state.grid(visible=False)
        axis.set_ylim(-6, 10.5)
        axis.set_ylabel("kW")
        axis.set_title(f"Kassel, week of {on}: 10 kWp, 10 kWh, 4 MWh a year", fontsize=8)
        axis.xaxis.set_major_formatter(mpl.dates.DateFormatter("%a %d"))
    axes[1].legend(fontsize=7, loc="upper left", ncols=3)
    save(figure, "household")


def variability() -> None:
    """Draw how the light of days and of five minutes varies."""
    figure, axes = plt.subplots(1, 2, figsize=(9.0, 3.0))
    for name, (plant, _, _) in PLACES.items():
        simulator = PlantSimulator(replace(plant, commissioned=date(2015, 1, 1)), SEED)
        scene = simulator.generator.scene(simulator.generator.days(date(2015, 1, 1), 3_650))
        light, clear = np.zeros((2, len(scene.days.slots)))
        light[scene.lit], clear[scene.lit] = scene.light.ghi, sky.clear_sky(scene.sun.up)
        edges = scene.days.offsets[:-1]
        whole, most = np.add.reduceat(light, edges), np.add.reduceat(clear, edges)
        axes[0].hist(
            whole[most > 0] / most[most > 0], bins=np.arange(0, 1.15, 0.05), histtype="step", density=True, label=name
        )
        bright = (clear[1:] > 150.0) & (clear[:-1] > 150.0)
        ramps = np.abs(np.diff(light / np.maximum(clear, 1.0)))[bright]
        axes[1].plot(
            np.sort(ramps)[:: max(len(ramps) // 500, 1)],
            1.0 - np.linspace(0, 1, len(np.sort(ramps)[:: max(len(ramps) // 500, 1)])),
            label=name,
        )
    axes[0].set_xlabel("clear-sky index of a day")
    axes[0].set_ylabel("density")
    axes[0].legend(fontsize=7)
    axes[1].set_yscale("log")
    axes[1].set_ylim(1e-3, 1)
    axes[1].set_xlabel("change of the clear-sky index from one five minutes to the next")
    axes[1].set_ylabel("share of changes beyond")
    save(figure, "variability")


def save(figure: plt.Figure, name: str) -> None:
    """Write a figure."""
    figure.tight_layout()
    figure.savefig(HERE / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


if __name__ == "__main__":
    mpl.use("Agg")
    for draw in (days, year, household, variability):
        draw()
