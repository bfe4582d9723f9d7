"""The last simulated days of a plant, kept for the next question about them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from mock_sma.simulation.block import Block
    from mock_sma.simulation.generator import Generator

MAX_DAYS = 14  # local days whose slots are kept per plant: a day of ten channels takes 40 kB with its outdoors


class KeptBlocks:
    """Blocks of a generator, made when they are first asked for."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._blocks: OrderedDict[tuple[date, int], Block] = OrderedDict()
        # Measured once: who polls many plants has each of them weighed again and again.
        self._sizes: dict[tuple[date, int], int] = {}

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(self._sizes.values())

    def at(self, first: date, count: int) -> Block:
        """Return the block of ``count`` local days from ``first`` on."""
        key = (first, count)
        block = self._blocks.get(key)
        if block is None:
            block = self._generator.block(first, count)
            if count <= MAX_DAYS:
                self._blocks[key] = block
                self._sizes[key] = block.size
            while sum(days for _, days in self._blocks) > MAX_DAYS:
                del self._sizes[self._blocks.popitem(last=False)[0]]
        else:
            self._blocks.move_to_end(key)
        return block
