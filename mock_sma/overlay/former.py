"""Columns of a plant that was changed: rows from before the change are those of the plant as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from mock_sma.simulation.part import Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.part import Former, Part

Cell = TypeVar("Cell")


def with_former(
    measurement_set: MeasurementSet, part: Part, former: Former, was: Columns, make: Callable[[], Columns]
) -> Columns:
    """Return the columns of a part.

    Args:
        was: those of its former rows.
        make: makes those of the plant as it is.
    """
    early = part.ends <= former.until
    places = places_of(part, former)
    own = Columns(~part.everything) if early.all() else make()
    kept = own.kept & ~early
    kept[places >= 0] = was.kept[places[places >= 0]]
    order = [item.name for item in measurement_set.properties]
    return Columns(
        kept,
        _along(order, places, was.scalars, own.scalars, None),
        _along(order, places, was.indexed, own.indexed, []),
    )


def places_of(part: Part, former: Former) -> Ints:
    """Return (n,) the place of each row among the former ones; -1: it is none of them."""
    old = former.part.ends
    places = np.searchsorted(old, part.ends)
    there = (places < len(old)) & (part.ends <= former.until)
    there[there] = old[places[there]] == part.ends[there]
    return np.where(there, places, -1)


def _along(
    order: list[str], places: Ints, was: Mapping[str, list[Cell]], own: Mapping[str, list[Cell]], none: Cell
) -> dict[str, list[Cell]]:
    """Return each row's cells, the former ones where it has a place among them."""
    numbers, nothing = places.tolist(), [none] * len(places)
    found = {}
    for name in (name for name in order if name in was or name in own):
        old, new = was.get(name), own.get(name, nothing)
        found[name] = [
            cell if place < 0 else none if old is None else old[place] for place, cell in zip(numbers, new, strict=True)
        ]
    return found
