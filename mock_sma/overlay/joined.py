"""Rows from several sources in one table, and their sums."""

from __future__ import annotations

from dataclasses import field
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from mock_sma.domain.catalogue import Nature
from mock_sma.domain.period import Resolution
from mock_sma.frozen import frozen
from mock_sma.simulation.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.overlay.track import Track
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.table import Total

WEIGHTS = {"selfConsumptionRate": "totalGeneration"}
"""What a rate is a share of; all others are shares of the consumption."""

CONSUMPTION = "totalConsumption"


def table_of_rows(
    resolution: Resolution, stamps: list[str], columns: Mapping[str, Floats], measurement_set: MeasurementSet
) -> Table:
    """Return recorded columns as a table, in the catalogue's order; NaN is no value."""
    scalars: dict[str, list[float | None]] = {}
    indexed: dict[str, list[list[tuple[str, float]]]] = {}
    for item in measurement_set.properties:
        if item.indexed:
            inputs = {
                name.partition(".")[2]: columns[name].tolist() for name in columns if name.startswith(f"{item.name}.")
            }
            if inputs:
                rows = zip(*inputs.values(), strict=True)
                letters = tuple(inputs)
                indexed[item.name] = [
                    [(letter, cell) for letter, cell in zip(letters, row, strict=True) if not isnan(cell)]
                    for row in rows
                ]
        elif item.name in columns:
            values = columns[item.name]
            cells: list[float | None] = values.tolist()
            if np.isnan(values).any():
                cells = [None if cell is None or isnan(cell) else cell for cell in cells]
            if any(cell is not None for cell in cells):
                scalars[item.name] = cells
    return Table(resolution, stamps, scalars, indexed)


def joined(tables: Sequence[Table], ends: Sequence[Ints], measurement_set: MeasurementSet) -> Table:
    """Return the rows of several tables by their ends; the first table's resolution is that of all."""
    order = np.argsort(np.concatenate(ends), kind="stable").tolist()
    stamps = [stamp for table in tables for stamp in table.stamps]
    scalars: dict[str, list[float | None]] = {}
    indexed: dict[str, list[list[tuple[str, float]]]] = {}
    for name in (item.name for item in measurement_set.properties):
        if any(name in table.columns for table in tables):
            cells = [cell for table in tables for cell in table.columns.get(name, [None] * len(table.stamps))]
            scalars[name] = [cells[place] for place in order]
        if any(name in table.indexed for table in tables):
            lists = [row for table in tables for row in table.indexed.get(name, [[] for _ in table.stamps])]
            indexed[name] = [lists[place] for place in order]
    return Table(tables[0].resolution, [stamps[place] for place in order], scalars, indexed)


def day_sums(track: Track, places: slice, opened: Bools, measurement_set: MeasurementSet) -> list[RowCells]:
    """Return the sums of consecutive recorded rows by local day.

    Args:
        opened: (rows,) which rows are the first ones of their days.
    """
    firsts = np.flatnonzero(opened)
    held = {
        name: track.values(name, places, opened, energy=True)
        for name, nature in track.natures.items()
        if nature is not Nature.STATE
    }
    bounds = [*firsts.tolist(), len(opened)]
    rows = []
    for low, high in pairwise(bounds):
        columns = {name: values[low:high] for name, values in held.items()}
        table = table_of_rows(Resolution.ONE_HOUR, [""] * (high - low), columns, measurement_set)
        rows.append(RowCells.sum_of(table, measurement_set))
    return rows


@frozen
class RowCells:
    """One row.

    Attributes:
        scalars: values by property.
        indexed: values of the inputs by property.
    """

    scalars: dict[str, float] = field(default_factory=dict)
    indexed: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table, place: int) -> RowCells:
        """Return a row of a table."""
        cells = {name: cells[place] for name, cells in table.columns.items()}
        scalars = {name: cell for name, cell in cells.items() if cell is not None}
        return cls(scalars, {name: lists[place] for name, lists in table.indexed.items()})

    @classmethod
    def sum_of(cls, table: Table, measurement_set: MeasurementSet) -> RowCells:
        """Return the sum of a table's rows: energies added up, rates by what they are shares of, no states."""
        scalars: dict[str, float] = {}
        indexed: dict[str, list[tuple[str, float]]] = {}
        for item in measurement_set.properties:
            if item.nature is Nature.ENERGY and item.name in table.columns:
                cells = [cell for cell in table.columns[item.name] if cell is not None]
                if cells:
                    scalars[item.name] = round(sum(cells), 3)
            elif item.nature is Nature.ENERGY and item.name in table.indexed:
                sums: dict[str, float] = {}
                for letter, value in (pair for row in table.indexed[item.name] for pair in row):
                    sums[letter] = sums.get(letter, 0.0) + value
                indexed[item.name] = [(letter, round(value, 3)) for letter, value in sums.items()]
            elif item.nature is Nature.RATE and item.name in table.columns:
                rate = _rate(table, item.name)
                if rate is not None:
                    scalars[item.name] = rate
        return cls(scalars, indexed)

    @staticmethod
    def table(resolution: Resolution, rows: Mapping[str, RowCells], measurement_set: MeasurementSet) -> Table:
        """Return rows by their stamps as a table."""
        names = [item.name for item in measurement_set.properties]
        held = [name for name in names if any(name in row.scalars for row in rows.values())]
        lists = [name for name in names if any(name in row.indexed for row in rows.values())]
        return Table(
            resolution,
            list(rows),
            {name: [row.scalars.get(name) for row in rows.values()] for name in held},
            {name: [row.indexed.get(name, []) for row in rows.values()] for name in lists},
        )


def total_of(table: Table, measurement_set: MeasurementSet) -> Total:
    """Return the sums of a set's rows (WithTotal)."""
    row = RowCells.sum_of(table, measurement_set)
    return {**row.scalars, **row.indexed}


def total_of_values(values: Sequence[tuple[str, float]]) -> Total:
    """Return a recorded total: of a property with inputs (``dcEnergyInput.A``) a list."""
    total: dict[str, Any] = {}
    for name, value in values:
        bare, _, letter = name.partition(".")
        if letter:
            total.setdefault(bare, []).append((letter, value))
        else:
            total[bare] = value
    return total


def _rate(table: Table, name: str) -> float | None:
    weights = table.columns.get(WEIGHTS.get(name, CONSUMPTION), [None] * len(table.stamps))
    pairs = [
        (rate, weight)
        for rate, weight in zip(table.columns[name], weights, strict=True)
        if rate is not None and weight is not None
    ]
    whole = sum(weight for _, weight in pairs)
    return round(sum(rate * weight for rate, weight in pairs) / whole, 3) if whole > 0.0 else None
