"""The grid point where what is generated and what is used cross: both ways within one slot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.slots import Days

RESIDUE = 2_500
"""What a battery that balances the house lets through either way in a slot [mWh]: 30 W (chosen)."""

MOST = 1 << 30
"""Widest unrest that is looked at [mWh]."""


def unrest(surplus: Ints, least: Ints, days: Days) -> Ints:
    """Return how far the flow at the grid point swings around its mean within each slot [mWh].

    By half of what changes from slot to slot, and a thirtieth of what crosses; never by more than what is generated or
    used, whichever is less.

    Args:
        surplus: (n,) generation less consumption [mWh].
        least: (n,) the lesser of the two [mWh].
    """
    change = np.zeros_like(surplus)
    np.abs(surplus[1:] - surplus[:-1], out=change[1:])
    change[days.offsets[:-1][days.lengths > 0]] = 0  # days stand alone
    return np.asarray(np.minimum(np.minimum(change // 2 + least // 30, least), MOST))


def both_ways(flow: Ints, width: Ints) -> tuple[Ints, Ints]:
    """Return what goes out and what comes in per slot [mWh], of a flow that swings evenly around its mean.

    Args:
        flow: (n,) mean [mWh], positive out.
        width: (n,) how far it swings either way [mWh].
    """
    out = np.maximum(flow, 0)
    crosses = np.flatnonzero(np.abs(flow) < width)
    narrow = width[crosses]
    swing = flow[crosses] + narrow
    out[crosses] = swing * swing // (4 * narrow)
    return out, out - flow
