"""Rows of minutes put together into hours of the local clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mock_sma.simulation.arrays import Ints

HOUR = 3_600


def by_hour(ends: Ints, values: Ints, zone: ZoneInfo, until: int) -> tuple[Ints, Ints]:
    """Return the ends of the hours that rows lie in, and the sums of each hour's values.

    Args:
        ends: (n,) of the rows' intervals, rising [s since the epoch].
        values: (n,) energies [Wh].
        zone: the zone whose clock the hours are of; in some it strikes at half past of UTC.
        until: end of what can be seen [s since the epoch]; an hour that is not over then is left out.

    Returns:
        (m,) ends of hours [s since the epoch] and (m,) sums [Wh].
    """
    shifts = np.array([_shift(end, zone) for end in ends.tolist()], dtype=np.int64)
    hours, places = np.unique(-(-(ends + shifts) // HOUR) * HOUR - shifts, return_inverse=True)
    sums = np.zeros(len(hours), dtype=np.int64)
    np.add.at(sums, places, values)
    over = hours <= until
    return hours[over], sums[over]


def _shift(end: int, zone: ZoneInfo) -> int:
    # What holds just before the end: at the end itself the clock may have been changed.
    offset = datetime.fromtimestamp(end - 1, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
