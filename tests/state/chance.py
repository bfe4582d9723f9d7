"""Chance that is the same each time."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeVar

from mock_sma.seeding import key, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

Item = TypeVar("Item")


class Chance:
    """A stream of chance.

    Args:
        seed: the same one brings the same.
        label: tells it from others of the seed.
    """

    def __init__(self, seed: int, label: str) -> None:
        self._stream = key(seed, label)
        self._numbers = count()

    def below(self, bound: float) -> float:
        """Return a number from 0 to below ``bound``."""
        return bound * uniform(self._stream, next(self._numbers))

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self.below(len(items)))]
