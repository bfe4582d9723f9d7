"""Rows that come twice, as uploads that are repeated make them (docs/simulation.md, Events)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind
from mock_sma.simulation.misread import happens

if TYPE_CHECKING:
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.part import Part
    from mock_sma.simulation.table import Table


def doubled_stamps(generator: Generator, part: Part, stamps: list[str], device_id: str | None) -> set[str]:
    """Return the stamps of the rows that come twice; what happens to a plant happens to its devices' rows too."""
    return {
        stamp
        for number, event in enumerate(generator.plant.events)
        if event.kind is EventKind.DUPLICATE_ROWS and event.device_id in (None, device_id)
        for stamp, twice in zip(stamps, happens(generator, number, event, part.ends, event.value).tolist(), strict=True)
        if twice
    }


def with_doubles(table: Table, stamps: set[str]) -> Table:
    """Return a table in which the rows with some stamps come twice, one behind the other."""
    if not stamps:
        return table
    places = [place for place, stamp in enumerate(table.stamps) for _ in range(1 + (stamp in stamps))]
    return replace(
        table,
        stamps=[table.stamps[place] for place in places],
        columns={name: [cells[place] for place in places] for name, cells in table.columns.items()},
        indexed={name: [lists[place] for place in places] for name, lists in table.indexed.items()},
    )
