"""One field of weather over the earth: what stays and changes with the days, and what moves east with the wind.

Both kinds are Gaussian (mean 0, deviation 1 at any place and time) and made of chance at the nodes of a lattice, so
that any place and moment can be asked for alone. Between nodes two values r, s are mixed as
((1 - e) r + e s) / √((1 - e)² + e²): a mean of the two would vary less midway, and the days of a lattice's nodes would
stand out. No lattice of days has a step that is a part or a multiple of a day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.seeding import splitmix64
from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos_degrees

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats
    from mock_sma.simulation.slots import Run

Vector = tuple[float, float, float]

RADIUS = 6_371.0
"""Of the earth [km]."""

TURN = 0.042
"""What the moving fields turn eastward about the earth's axis in a slot [°]: 10 m/s at 50° of latitude."""

GUST = 150.0
"""Deviation of the moving fields' place from a steady turn [slots]: the wind is stronger or weaker for days."""

GUST_STEP = 853
"""Of the lattice of that deviation [slots]."""

KEPT_SLOTS = 10_000
"""Longest run whose place in the moving frame is kept: a month and some days to start a battery with."""

_MASK = 0xFFFF_FFFF_FFFF_FFFF


def ease(share: Floats) -> Floats:
    """Return what leads from 0 to 1 without a bend at either end."""
    return share * share * (3.0 - 2.0 * share)


def mixture(share: Floats) -> tuple[Floats, Floats]:
    """Return what two nodes' values count between them: a Gaussian mixture of the same deviation everywhere.

    Args:
        share: (n,) of the way from the one to the other.
    """
    part = ease(share)
    rest = 1.0 - part
    size = 1.0 / np.sqrt(rest * rest + part * part)
    return rest * size, part * size


@lru_cache(maxsize=32)
def _step_mixture(step: int) -> tuple[Floats, Floats]:
    """Return the mixture in each slot of a step of a lattice."""
    return mixture(np.arange(step, dtype=np.float64) * (1.0 / step))


PARTS = 1_024
"""Parts of a step of the moving fields that are told apart."""

_BEFORE, _AFTER = mixture((np.arange(PARTS) + 0.5) / PARTS)


def vector(latitude: float, longitude: float) -> Vector:
    """Return a place on the globe [°] as a vector of length one."""
    sin_phi, cos_phi = sin_cos_degrees(latitude)
    sin_lambda, cos_lambda = sin_cos_degrees(longitude)
    return cos_phi * cos_lambda, cos_phi * sin_lambda, sin_phi


class StandingNoise:
    """Noise that changes with time and place and does not move: weather systems, spells of warmth.

    Args:
        stream: the stream of its random numbers.
        place: on the globe, as a vector of length one.
        step: the step of the lattice in time [slots].
        length: the length of the lattice in space [km].
    """

    def __init__(self, stream: int, place: Vector, step: int, length: float) -> None:
        self._step = step
        self._mixture = _step_mixture(step)
        corners = [(stream, 1.0)]
        for axis in place:
            corners = _halved(corners, axis * (RADIUS / length))
        keys = np.array([key for key, _ in corners], dtype=np.uint64)[:, None]
        weights = np.array([weight for _, weight in corners])
        self._keys = keys
        self._weights = weights / np.sqrt(np.cumsum(weights * weights)[-1])

    def at(self, run: Run) -> Floats:
        """Return it in some consecutive slots."""
        step = self._step
        base = run.first // step
        count = (run.first + run.length - 1) // step - base + 2
        values = chance.normal(self._keys, np.arange(base, base + count, dtype=np.int64)[None, :])
        nodes = np.cumsum(self._weights[:, None] * values, axis=0)[-1]
        before, after = self._mixture
        whole = nodes[1:, None] * after
        whole += nodes[:-1, None] * before
        start = run.first - base * step
        return np.asarray(whole.ravel()[start : start + run.length])


class MovingNoise:
    """Noise that keeps its form and moves east with the wind: clouds, and what lets them be thick or thin.

    Args:
        stream: the stream of its random numbers.
        latitude: [°].
        longitude: [° east].
        step: what a node takes to pass [slots].
        length: the length of the lattice from south to north [km].
    """

    def __init__(self, stream: int, latitude: float, longitude: float, step: int, length: float) -> None:
        self._step = step
        self._later = longitude / TURN
        rows = _halved([(stream, 1.0)], latitude * (RADIUS * 3.141592653589793 / 180.0 / length))
        (self._south, south), (self._north, north) = rows
        size = float(np.sqrt(south * south + north * north))
        self._weights = south / size, north / size

    def at(self, times: Floats) -> Floats:
        """Return it at some places of the moving frame (see :func:`frame`)."""
        if not len(times):
            return np.zeros(0)
        # In parts of a step, of which as many are told apart as no eye does; a date before 1970 is none of a plant's.
        fine = ((times - self._later) * (PARTS / self._step)).astype(np.int64)
        numbers, parts = fine // PARTS, fine % PARTS
        low = int(numbers.min())
        names = np.arange(low, int(numbers.max()) + 2, dtype=np.int64)
        south, north = self._weights
        nodes = south * chance.normal(self._south, names) + north * chance.normal(self._north, names)
        numbers -= low
        found = nodes[numbers]
        found *= _BEFORE[parts]
        numbers += 1
        found += nodes[numbers] * _AFTER[parts]
        return np.asarray(found)


def frame(stream: int, run: Run) -> Floats:
    """Return where consecutive slots' middles are in the frame that moves with the wind [slots].

    The wind is one and the same all over the earth; what comes over a place comes over its neighbour in the east later.
    """
    return _kept_frame(stream, run) if run.length <= KEPT_SLOTS else _frame(stream, run)


@lru_cache(maxsize=16)
def _kept_frame(stream: int, run: Run) -> Floats:
    """Return it for the next plant too."""
    found = _frame(stream, run)
    found.flags.writeable = False
    return found


def _frame(stream: int, run: Run) -> Floats:
    gust = StandingNoise(stream, (1.0, 0.0, 0.0), GUST_STEP, RADIUS).at(run)
    return np.arange(run.first, run.first + run.length, dtype=np.float64) + (GUST * gust + 0.5)


def _halved(corners: list[tuple[int, float]], place: float) -> list[tuple[int, float]]:
    """Return corners of a lattice one dimension further: keys of their chance and weights."""
    base = int(place // 1.0)
    share = place - base
    part = share * share * (3.0 - 2.0 * share)
    return [
        (splitmix64(key ^ splitmix64((base + side) & _MASK)), weight * rest)
        for key, weight in corners
        for side, rest in ((0, 1.0 - part), (1, part))
    ]
