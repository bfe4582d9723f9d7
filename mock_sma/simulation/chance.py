"""Random arrays from a stateless hash, for any date in any order (docs/simulation.md, Time and integers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats, Ints, Words
    from mock_sma.simulation.slots import Run

_G = np.uint64(0x9E37_79B9_7F4A_7C15)
_A = np.uint64(0xBF58_476D_1CE4_E5B9)
_B = np.uint64(0x94D0_49BB_1331_11EB)
_EVEN_QUARTERS = np.uint64(0x0000_FFFF_0000_FFFF)
_HALF = np.uint64(32)


def uniform(stream: int, index: Ints) -> Floats:
    """Return numbers in [0, 1): the SplitMix64 finaliser of each index under the key ``stream``.

    Args:
        stream: 64-bit key.
        index: (n,) any integers.

    Source: Steele, Lea, Flood 2014.
    """
    value = _mixed(stream, index)
    value >>= np.uint64(11)
    # As signed integers, which processors turn into floats in one step.
    numbers = value.view(np.int64).astype(np.float64)
    numbers *= 2.0**-53
    return np.asarray(numbers)


def _mixed(stream: int | Words, index: Ints) -> Words:
    value = index.view(np.uint64) ^ np.asarray(stream, dtype=np.uint64)
    value *= _G
    value ^= value >> np.uint64(30)
    value *= _A
    value ^= value >> np.uint64(27)
    value *= _B
    value ^= value >> np.uint64(31)
    return value


def normal(stream: int | Words, index: Ints) -> Floats:
    """Return numbers with mean 0 and deviation 1, nearly normal: the sum of the four quarters of each index's hash.

    Args:
        stream: 64-bit key, or an array of them that goes with ``index``.
        index: (n,) any integers.
    """
    value = _mixed(stream, index)
    odd = value >> np.uint64(16)
    value &= _EVEN_QUARTERS
    odd &= _EVEN_QUARTERS
    value += odd
    odd = value >> _HALF
    value += odd
    value &= np.uint64(0x3_FFFF)
    # Four uniform numbers below 2¹⁶: mean 131,070, variance 4 (2³² - 1) / 12.
    numbers = value.view(np.int64).astype(np.float64)
    numbers -= 131_070.0
    numbers *= 1.0 / 37_837.2266
    return np.asarray(numbers)


def smooth(stream: int, slots: Ints, period: int) -> Floats:
    """Return value noise in [0, 1): chance every ``period`` slots, eased between.

    The mean is 1/2 and the standard deviation 0.25; slots more than two periods apart are unrelated.

    Args:
        slots: (n,) any slot numbers, ascending.
    """
    if not len(slots):
        return np.zeros(0)
    base = slots // period
    points = uniform(stream, np.arange(base[0], base[-1] + 2, dtype=np.int64))
    place = base - base[0]
    low = points[place]
    return np.asarray(low + (points[place + 1] - low) * _ease(period)[slots - base * period])


def smooth_run(stream: int, run: Run, period: int) -> Floats:
    """Return :func:`smooth` of consecutive slots, by rows of one period each instead of place by place."""
    base = run.first // period
    count = (run.first + run.length - 1) // period - base + 1
    points = uniform(stream, np.arange(base, base + count + 1, dtype=np.int64))
    whole = (points[1:] - points[:-1])[:, None] * _ease(period)
    whole += points[:-1, None]
    start = run.first - base * period
    return np.asarray(whole.ravel()[start : start + run.length])


def held_run(stream: int, run: Run, period: int) -> Floats:
    """Return numbers in [0, 1) that hold for ``period`` of some consecutive slots."""
    base = run.first // period
    count = (run.first + run.length - 1) // period - base + 1
    points = uniform(stream, np.arange(base, base + count, dtype=np.int64))
    start = run.first - base * period
    return np.asarray(np.repeat(points, period)[start : start + run.length])


def _ease(period: int) -> Floats:
    share = np.arange(period, dtype=np.float64) * (1.0 / period)
    return np.asarray(share * share * (3.0 - 2.0 * share))
