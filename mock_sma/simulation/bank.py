"""The batteries of a plant: each runs by itself on its share of what is left over, from its first day to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation import battery
from mock_sma.simulation.battery import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.device import Battery, Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.battery import BatteryRun
    from mock_sma.simulation.lives import Life
    from mock_sma.simulation.scene import Scene
    from mock_sma.simulation.slots import Days


RESERVE = 0.05
"""Share of its capacity that a battery never gives away (chosen; makers keep some for standby and back-up)."""

LAG = 12
"""The part of a slot by which a battery follows what is left over late: 25 s (chosen)."""


class Pack(NamedTuple):
    """A battery with the device that it belongs to."""

    device: Device
    battery: Battery
    life: Life

    @property
    def capacity(self) -> int:
        """Usable energy [mWh]."""
        return int(self.battery.capacity * 1_000)

    @property
    def reserve(self) -> int:
        """What it keeps, and begins with [mWh]."""
        return int(self.battery.capacity * 1_000 * RESERVE)


class Offer(NamedTuple):
    """What is left over (or, negative, lacking) for one battery in each slot [mWh], and what it can take and give."""

    surplus: Ints
    limits: Limits


class Bank:
    """All batteries of a plant, in the order of its devices.

    What the plant has left over or lacks is shared by capacity among those that are there and work; what one cannot
    take or give for its limits goes to the others. Their states have no part in that, so that each can be asked for
    any day (docs/simulation.md).
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = list(packs)

    def offers(self, surplus: Ints, scene: Scene) -> list[Offer]:
        """Return each battery's share.

        Args:
            surplus: (n,) generation less consumption [mWh].
        """
        surplus = _late(surplus, scene.days)
        works = [scene.effects.works(pack.device) for pack in self.packs]
        limits = [_limited(Limits.of(pack.battery), part) for pack, part in zip(self.packs, works, strict=True)]
        if len(self.packs) == 1:
            return [Offer(surplus, limits[0])]
        size = np.abs(surplus)
        most = [np.where(surplus > 0, limit.charge, limit.discharge) for limit in limits]
        weights = [
            np.where(True if part is None else part, int(pack.battery.capacity), 0)
            for pack, part in zip(self.packs, works, strict=True)
        ]
        parts = _shared(size, weights, most)
        return [Offer(np.where(surplus > 0, part, -part), limit) for part, limit in zip(parts, limits, strict=True)]

    def steps(self, offers: Sequence[Offer]) -> list[Ints]:
        """Return what each slot would add to or take from boundless batteries [mWh]."""
        return [
            battery.steps(pack.battery, offer.surplus, offer.limits)
            for pack, offer in zip(self.packs, offers, strict=True)
        ]

    def run(self, offers: Sequence[Offer], states: Sequence[int]) -> list[BatteryRun]:
        """Run the batteries through consecutive slots.

        Args:
            states: stored in each at the beginning [mWh].
        """
        return [
            battery.run(pack.battery, offer.surplus, state, offer.limits, pack.reserve)
            for pack, offer, state in zip(self.packs, offers, states, strict=True)
        ]

    def there(self, scene: Scene) -> Bools:
        """Tell in which slots any battery is there."""
        result = np.zeros(scene.days.run.length, dtype=bool)
        for pack in self.packs:
            inside = pack.life.inside(scene.days)
            result |= True if inside is None else inside
        return result


def _late(surplus: Ints, days: Days) -> Ints:
    """Return what batteries go by: it lags behind, but for the first slot of a day, so that days stand alone."""
    before = np.concatenate((surplus[:1], surplus[:-1]))
    first = days.offsets[:-1][days.lengths > 0]
    before[first] = surplus[first]
    return surplus + (before - surplus) // LAG


def _limited(limits: Limits, works: Bools | None) -> Limits:
    return limits if works is None else Limits(limits.charge * works, limits.discharge * works)


def _shared(size: Ints, weights: Sequence[Ints], most: Sequence[Ints]) -> list[Ints]:
    """Share amounts by weights, none getting more than its most, as far as there is room."""
    left, rest, parts = sum(weights, np.zeros_like(size)), size, []
    for weight, limit in zip(weights, most, strict=True):
        part = rest * weight // np.maximum(left, 1)
        rest, left = rest - part, left - weight
        parts.append(np.minimum(part, limit))
    over = size - sum(parts, np.zeros_like(size))
    for number, limit in enumerate(most):
        more = np.minimum(over, limit - parts[number])
        parts[number] = parts[number] + more
        over = over - more
    return parts
