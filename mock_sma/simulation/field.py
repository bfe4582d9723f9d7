"""One field of weather over the earth: what stays and changes with the days, and what moves east with the wind.

Both kinds are Gaussian (mean 0, deviation 1 at any place and time) and made of chance at the nodes of a lattice, so
that any place and moment can be asked for alone. Between nodes two values r, s are mixed as
((1 - e) r + e s) / √((1 - e)² + e²): a mean of the two would vary less midway, and the days of a lattice's nodes would
stand out. No lattice of days has a step that is a part or a multiple of a day.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.seeding import splitmix64
from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos_degrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.simulation.arrays import Floats, Ints
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


PART_BITS = 10
PARTS = 1 << PART_BITS
"""Parts of a step of the moving fields that are told apart."""

AT_ONCE = 1_024
"""Places that several noises are worked out for at once: as many as fit into a processor's cache."""

_BEFORE, _AFTER = mixture((np.arange(PARTS) + 0.5) / PARTS)


def vector(latitude: float, longitude: float) -> Vector:
    """Return a place on the globe [°] as a vector of length one."""
    sin_phi, cos_phi = sin_cos_degrees(latitude)
    sin_lambda, cos_lambda = sin_cos_degrees(longitude)
    return cos_phi * cos_lambda, cos_phi * sin_lambda, sin_phi


class Noise(NamedTuple):
    """One of several noises.

    Attributes:
        stream: the stream of its random numbers.
        step: the step of its lattice in time [slots].
        length: the length of its lattice in space [km].
    """

    stream: int
    step: int
    length: float


class StandingNoises:
    """Noises that change with time and place and do not move: weather systems, spells of warmth.

    Args:
        place: on the globe, as a vector of length one.
        noises: they, which are all asked for at once, since a call of NumPy costs more than its few numbers.
    """

    def __init__(self, place: Vector, noises: Sequence[Noise]) -> None:
        self._steps = [noise.step for noise in noises]
        corners = [_corners(noise, place) for noise in noises]
        self._keys = np.array([[key for key, _ in part] for part in corners], dtype=np.uint64).T
        weights = np.array([[weight for _, weight in part] for part in corners]).T
        self._weights = weights / np.sqrt(np.cumsum(weights * weights, axis=0)[-1])

    def at(self, run: Run) -> list[Floats]:
        """Return each in some consecutive slots."""
        last = run.first + run.length - 1
        bases = [run.first // step for step in self._steps]
        counts = [last // step - base + 2 for step, base in zip(self._steps, bases, strict=True)]
        names = np.concatenate([np.arange(base, base + n) for base, n in zip(bases, counts, strict=True)])
        values = chance.normal(np.repeat(self._keys, counts, axis=1), names)
        values *= np.repeat(self._weights, counts, axis=1)
        nodes, found, end = np.cumsum(values, axis=0)[-1], [], 0
        for step, base, count in zip(self._steps, bases, counts, strict=True):
            before, after = _step_mixture(step)
            whole = nodes[end + 1 : end + count, None] * after
            whole += nodes[end : end + count - 1, None] * before
            start = run.first - base * step
            found.append(np.asarray(whole.ravel()[start : start + run.length]))
            end += count
        return found


class MovingNoises:
    """Noises that keep their form and move east with the wind: clouds, and what lets them be thick or thin.

    Args:
        latitude: [°].
        longitude: [° east].
        noises: they, which are all asked for at once; their lengths are from south to north.
    """

    def __init__(self, latitude: float, longitude: float, noises: Sequence[Noise]) -> None:
        self._later = longitude / TURN
        self._pace = np.array([PARTS / noise.step for noise in noises])[:, None]
        rows = [_halved([(n.stream, 1.0)], latitude * (RADIUS * 3.141592653589793 / 180.0 / n.length)) for n in noises]
        self._keys = np.array([[south, north] for (south, _), (north, _) in rows], dtype=np.uint64).T
        weights = np.array([[south, north] for (_, south), (_, north) in rows]).T
        self._weights = weights / np.sqrt(weights[0] * weights[0] + weights[1] * weights[1])

    def at(self, times: Floats) -> Floats:
        """Return (noises, n) each at some places of the moving frame (see :func:`frame`)."""
        if not len(times):
            return np.zeros((len(self._pace), 0))
        low, high = self._parts(np.array([times.min(), times.max()])).T >> PART_BITS
        counts = high - low + 2
        ends = np.cumsum(counts)
        shift = ends - counts - low
        names = np.arange(int(ends[-1]), dtype=np.int64) - np.repeat(shift, counts)
        values = chance.normal(np.repeat(self._keys, counts, axis=1), names)
        values *= np.repeat(self._weights, counts, axis=1)
        nodes, found = values[0] + values[1], np.empty((len(counts), len(times)))
        for start in range(0, len(times), AT_ONCE):
            found[:, start : start + AT_ONCE] = self._between(nodes, shift, times[start : start + AT_ONCE])
        return found

    def _parts(self, times: Floats) -> Ints:
        """Return (noises, n) where they are in parts of a step, of which as many are told apart as no eye does.

        A date before 1970 is none of a plant's.
        """
        return np.asarray(((times - self._later) * self._pace).astype(np.int64))

    def _between(self, nodes: Floats, shift: Ints, times: Floats) -> Floats:
        place = self._parts(times)
        part = place & (PARTS - 1)
        place >>= PART_BITS
        place += shift[:, None]
        found = nodes[place]
        found *= _BEFORE[part]
        place += 1
        after = nodes[place]
        after *= _AFTER[part]
        found += after
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
    gust = _gusts(stream).at(run)[0]
    return np.arange(run.first, run.first + run.length, dtype=np.float64) + (GUST * gust + 0.5)


@lru_cache(maxsize=16)
def _gusts(stream: int) -> StandingNoises:
    """Return what lets the wind be stronger or weaker, all over the earth."""
    return StandingNoises((1.0, 0.0, 0.0), [Noise(stream, GUST_STEP, RADIUS)])


def _corners(noise: Noise, place: Vector) -> list[tuple[int, float]]:
    """Return keys and weights of the corners of the lattice around a place."""
    corners = [(noise.stream, 1.0)]
    for axis in place:
        corners = _halved(corners, axis * (RADIUS / noise.length))
    return corners


def _halved(corners: list[tuple[int, float]], place: float) -> list[tuple[int, float]]:
    """Return corners of a lattice one dimension further: keys of their chance and weights."""
    base = int(place // 1.0)
    share = place - base
    part = share * share * (3.0 - 2.0 * share)
    found = []
    for key, weight in corners:
        low, high = _sides(key, base)
        found += [(low, weight * (1.0 - part)), (high, weight * part)]
    return found


@lru_cache(maxsize=8_192)
def _sides(key: int, base: int) -> tuple[int, int]:
    """Return the keys at both ends of a step of a lattice, which neighbours share."""
    return splitmix64(key ^ splitmix64(base & _MASK)), splitmix64(key ^ splitmix64((base + 1) & _MASK))
