"""What is generated and wanted in each slot before battery and grid have their say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.effects import reduce_all

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Channel


class Sources:
    """What is generated and wanted in each slot [mWh], by channel; ``rest`` is the consumption without a meter."""

    def __init__(self, generation: dict[Channel, Ints], use: dict[Channel, Ints], rest: Ints) -> None:
        self.generation = generation
        self.use = use
        self.rest = rest

    def surplus(self) -> Ints:
        """Return generation less consumption [mWh]."""
        return sum(self.generation.values(), np.zeros_like(self.rest)) - sum(self.use.values(), self.rest)

    def lesser(self) -> Ints:
        """Return the lesser of generation and consumption [mWh]."""
        generated = sum(self.generation.values(), np.zeros_like(self.rest))
        return np.minimum(generated, sum(self.use.values(), self.rest))

    def since(self, start: int) -> Sources:
        """Return it without the first ``start`` slots."""
        generation, use = (
            {channel: values[start:].copy() for channel, values in part.items()} for part in (self.generation, self.use)
        )
        return Sources(generation, use, self.rest[start:].copy())

    def curtail(self, excess: Ints) -> None:
        """Take an amount off the generators, each by its share."""
        parts = reduce_all(list(self.generation.values()), excess)
        self.generation = dict(zip(self.generation, parts, strict=True))

    def shed(self, missing: Ints) -> None:
        """Take an amount off the consumption, each by its share."""
        self.rest, *parts = reduce_all([self.rest, *self.use.values()], missing)
        self.use = dict(zip(self.use, parts, strict=True))

    def stop(self, dark: Bools) -> None:
        """Stop everything where there is no grid and no battery."""
        for values in (*self.generation.values(), *self.use.values(), self.rest):
            values[dark] = 0
