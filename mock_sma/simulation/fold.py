"""The repeated hour of an autumn day (switch ``dst_fold``; docs/decisions.md, Measurements)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import Nature
from mock_sma.domain.scenario import DstFold
from mock_sma.simulation.table import Table

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.simulation.part import Cells, Lists


def fold_rows(table: Table, measurement_set: MeasurementSet, fold: DstFold, *, energy: bool) -> Table:
    """Return the table with repeated stamps treated as ``fold`` says; without any it comes back as it is.

    With ``sum`` energies are added; powers and rates are averaged; states are the later ones.
    """
    stamps = table.stamps
    if fold is DstFold.DUPLICATE or len(set(stamps)) == len(stamps):
        return table
    places: dict[str, list[int]] = {}
    for index, stamp in enumerate(stamps):
        places.setdefault(stamp, []).append(index)
    natures = {item.name: item.nature for item in measurement_set.properties}
    columns = {
        name: [_joined(cells, group, natures[name], fold, energy=energy) for group in places.values()]
        for name, cells in table.columns.items()
    }
    indexed = {
        name: [_joined_lists(lists, group, natures[name], fold, energy=energy) for group in places.values()]
        for name, lists in table.indexed.items()
    }
    return Table(table.resolution, list(places), columns, indexed)


def _joined_lists(
    lists: Lists, group: list[int], nature: Nature, fold: DstFold, *, energy: bool
) -> list[tuple[str, float]]:
    letters = [letter for letter, _ in max((lists[index] for index in group), key=len)]
    inputs = {letter: [dict(lists[index]).get(letter) for index in group] for letter in letters}
    places = list(range(len(group)))
    joined = {letter: _joined(cells, places, nature, fold, energy=energy) for letter, cells in inputs.items()}
    return [(letter, value) for letter, value in joined.items() if value is not None]


def _joined(cells: Cells, group: list[int], nature: Nature, fold: DstFold, *, energy: bool) -> float | None:
    if fold is DstFold.FIRST:
        return cells[group[0]]
    if fold is DstFold.LAST or nature is Nature.STATE:
        return cells[group[-1]]
    values = [value for value in (cells[index] for index in group) if value is not None]
    if not values:
        return None
    if energy and nature is Nature.ENERGY:
        return sum(values)
    return round(sum(values) / len(values), 3)
