"""Prefixes of units: one for all that stands together, so that it can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

TILES = (
    ("totalGeneration", "Generation", "Wh"),
    ("pvGeneration", "PV generation", "Wh"),
    ("totalConsumption", "Consumption", "Wh"),
    ("gridFeedIn", "Feed-in", "Wh"),
    ("gridConsumption", "From the grid", "Wh"),
    ("autarkyRate", "Autarky", "%"),
    ("selfConsumptionRate", "Self-consumption", "%"),
)


class Prefix(NamedTuple):
    """A prefix of a unit, such as k for 1,000."""

    size: float
    name: str


NO_PREFIX = Prefix(1.0, "")
PREFIXES = (Prefix(1e9, "G"), Prefix(1e6, "M"), Prefix(1e3, "k"))


def prefix_of(values: Iterable[float | None]) -> Prefix:
    """Return the prefix that the largest of some values reads well with."""
    peak = max((abs(value) for value in values if value is not None), default=0.0)
    return next((prefix for prefix in PREFIXES if peak >= prefix.size), NO_PREFIX)


def prefix_of_totals(totals: dict[str, float]) -> Prefix:
    """Return the prefix of the energies among some sums [Wh]."""
    return prefix_of(totals.get(key) for key, _, unit in TILES if unit == "Wh")


def tiles(totals: dict[str, float], prefix: Prefix | None = None) -> list[tuple[str, str, str]]:
    """Return label, value and unit of the sums that a page shows large.

    Args:
        prefix: of all energies, as the chart beside them has it; None: the one that they read well with.
    """
    found, prefix = [], prefix or prefix_of_totals(totals)
    for key, label, unit in TILES:
        if key not in totals or (key == "pvGeneration" and "totalGeneration" in totals):
            continue
        if unit == "%":
            found.append((label, f"{100 * totals[key]:.1f}", "%"))
        else:
            found.append((label, _number(totals[key] / prefix.size), f"{prefix.name}Wh"))
    return found


def _number(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 1_000
        else f"{value:,.1f}"
        if abs(value) >= 10
        else f"{value:.2f}"
        if abs(value) >= 1
        else f"{value:.3g}"
    )
