"""The plots of ``docs/simulation.md``: each carries a sum of its data, by which a stale one is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from tools.generated import plot_data
from tools.generated.file import ROOT
from tools.generated.plot_data import PLACES, WEEKS, YEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from tools.generated.plot_data import Data

SUN, USE, STORE, GRID = "#e8a317", "#444444", "#2a7f62", "#8a1c1c"
LOOK = {"font.size": 8, "axes.grid": True, "grid.alpha": 0.25, "figure.dpi": 90}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SUM = "mock-sma sum"
"""Key of the picture's text with the sum of its data and of this file."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture.

    Attributes:
        name: path in the repository.
        data: returns its curves.
        draw: makes a figure of them.
    """

    name: str
    data: Callable[[], Data]
    draw: Callable[[Data], Figure]

    def is_current(self, root: Path = ROOT) -> bool:
        """Tell whether its data are those of today; not whether another matplotlib would draw it as it is."""
        file = root / self.name
        if not file.is_file():
            return False
        with Image.open(file) as picture:
            return picture.info.get(SUM) == sum_of(self.data())

    def write(self, root: Path = ROOT) -> None:
        """Draw it."""
        data = self.data()
        with mpl.rc_context(LOOK):
            figure = self.draw(data)
            figure.tight_layout()
            figure.savefig(root / self.name, format="png", metadata={"Software": None, SUM: sum_of(data)})
            plt.close(figure)


def sum_of(data: Data) -> str:
    """Return the sum of a plot's data, rounded, and of what draws them."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for name, values in sorted(data.items()):
        found.update(f"{name} {np.round(values, 6).tolist()}".encode())
    return found.hexdigest()[:16]


def days(data: Data) -> Figure:
    """Draw a bright and a dark day at four places."""
    figure, axes = plt.subplots(4, 2, figsize=(9.0, 9.5), sharex=True, sharey="row")
    for line, (name, (_, bright, dark)) in enumerate(PLACES.items()):
        for axis, (kind, on) in zip(axes[line], (("bright", bright), ("dark", dark)), strict=True):
            clear, hours = data[f"{name} {kind} clear"], data[f"{name} {kind} hours"]
            power, use = data[f"{name} {kind} pvGeneration"], data[f"{name} {kind} totalConsumption"]
            axis.plot(np.arange(1, len(clear) + 1) / 12.0, clear, color="#bbbbbb", lw=0.8, ls="--", label="cloudless")
            axis.fill_between(hours, power / 1e3, color=SUN, alpha=0.75, lw=0, label="PV")
            axis.plot(hours, use / 1e3, color=USE, lw=0.7, label="consumption")
            axis.set_title(f"{name}, {on}: {power.sum() / 12e3:.1f} kWh from 10 kWp", fontsize=8)
            axis.set_xlim(0, 24)
            axis.set_xticks(range(0, 25, 4))
            axis.set_ylim(0, 10.5)
        axes[line, 0].set_ylabel("kW")
    axes[0, 0].legend(fontsize=7, loc="upper left")
    for axis in axes[3]:
        axis.set_xlabel("local hour")
    return figure


def year(data: Data) -> Figure:
    """Draw the days of a year at four places."""
    figure, axes = plt.subplots(4, 1, figsize=(9.0, 9.0), sharex=True, sharey=True)
    starts = [(date(YEAR, month, 1) - date(YEAR, 1, 1)).days for month in range(1, 13)]
    for axis, name in zip(axes, PLACES, strict=True):
        yields, clear, months = (data[f"{name} {kind}"] for kind in ("days", "clear", "months"))
        axis.plot(np.arange(0, 366, 5), clear, color="#999999", lw=0.8, ls="--", label="cloudless day")
        axis.bar(np.arange(len(yields)), yields, width=1.0, color=SUN, label="day")
        means = [*months, months[-1]]
        axis.step([*starts, 366], means, where="post", color=GRID, lw=1.2, label="mean of the month")
        axis.set_title(f"{name}: {yields.sum():.0f} kWh per kWp in {YEAR}", fontsize=8)
        axis.set_ylabel("kWh per kWp")
        axis.set_xlim(0, 366)
    axes[0].legend(fontsize=7, loc="upper left", ncols=3)
    axes[3].set_xticks(starts)
    axes[3].set_xticklabels(MONTHS)
    return figure


def household(data: Data) -> Figure:
    """Draw the balance of a house over a summer week and a winter week."""
    figure, axes = plt.subplots(2, 1, figsize=(9.0, 5.0), sharey=True)
    for index, (axis, on) in enumerate(zip(axes, WEEKS, strict=True)):
        times = np.datetime64(on) + (data[f"{index} hours"] * 60.0).astype("timedelta64[m]")
        axis.fill_between(times, data[f"{index} pvGeneration"] / 1e3, color=SUN, alpha=0.7, lw=0, label="PV")
        axis.plot(times, data[f"{index} totalConsumption"] / 1e3, color=USE, lw=0.6, label="consumption")
        downwards = -data[f"{index} gridConsumption"] / 1e3
        axis.plot(times, downwards, color=GRID, lw=0.6, label="from the grid (downwards)")
        state = axis.twinx()
        state.plot(times, data[f"{index} batteryStateOfCharge"], color=STORE, lw=1.0, label="state of charge")
        state.set_ylim(-100, 110)
        state.set_yticks([0, 50, 100])
        state.set_ylabel("%")
        state.grid(visible=False)
        axis.set_ylim(-6, 10.5)
        axis.set_ylabel("kW")
        axis.set_title(f"Kassel, week of {on}: 10 kWp, 10 kWh, 4 MWh a year", fontsize=8)
        axis.xaxis.set_major_formatter(mpl.dates.DateFormatter("%a %d"))
    axes[1].legend(fontsize=7, loc="upper left", ncols=3)
    return figure


def variability(data: Data) -> Figure:
    """Draw how the light of days and of five minutes varies."""
    figure, axes = plt.subplots(1, 2, figsize=(9.0, 3.0))
    for name in PLACES:
        bins = np.arange(0, 1.15, 0.05)
        axes[0].hist(data[f"{name} indices"], bins=bins, histtype="step", density=True, label=name)
        ramps = data[f"{name} ramps"]
        axes[1].plot(ramps, 1.0 - np.linspace(0, 1, len(ramps)), label=name)
    axes[0].set_xlabel("clear-sky index of a day")
    axes[0].set_ylabel("density")
    axes[0].legend(fontsize=7)
    axes[1].set_yscale("log")
    axes[1].set_ylim(1e-3, 1)
    axes[1].set_xlabel("change of the clear-sky index from one five minutes to the next")
    axes[1].set_ylabel("share of changes beyond")
    return figure


mpl.use("Agg")
PLOTS = [
    Plot("docs/plots/days.png", plot_data.days, days),
    Plot("docs/plots/year.png", plot_data.year, year),
    Plot("docs/plots/household.png", plot_data.household, household),
    Plot("docs/plots/variability.png", plot_data.variability, variability),
]
