"""Tables: rows of one set, ready to be spelt on the wire."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.domain.period import Resolution


Total = dict[str, "float | list[tuple[str, float]]"]
"""Sums of a set's rows: one value per scalar property, (index, value) per input of an indexed one."""


@frozen
class Table:
    """Rows of one measurement set.

    Attributes:
        stamps: naive plant-local ``YYYY-MM-DDTHH:mm:ss``; interval end in fine periods, interval start in
            Month, Year and Total.
        columns: scalar properties in catalogue order, one value per stamp; a property without any value is
            left out (R27).
        indexed: properties with one value per input, per row a list of (index, value).
    """

    resolution: Resolution
    stamps: list[str] = field(default_factory=list)
    columns: dict[str, list[float | None]] = field(default_factory=dict)
    indexed: dict[str, list[list[tuple[str, float]]]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes it takes, by and large: a number with its place, a stamp, a list with its letters."""
        return len(self.stamps) * (70 + 32 * len(self.columns) + 200 * len(self.indexed))
