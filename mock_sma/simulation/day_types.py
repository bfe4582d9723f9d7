"""Workdays, Saturdays, and Sundays with holidays (docs/simulation.md, Consumption)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.holidays import holidays

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Ints

WORKDAY, SATURDAY, SUNDAY = 0, 1, 2


def day_types(dates: Ints, country: str | None) -> Ints:
    """Return what kind of day each is: a workday, a Saturday, or a Sunday or holiday.

    Args:
        dates: (n,) proleptic numbers, ascending.
    """
    kinds = np.maximum((dates + 6) % 7 - 4, WORKDAY)
    if country is None or not len(dates):
        return kinds
    first, last = date.fromordinal(int(dates[0])), date.fromordinal(int(dates[-1]))
    for year in range(first.year, last.year + 1):
        for day in holidays(country, year):
            if dates[0] <= day <= dates[-1]:
                kinds[day - int(dates[0])] = SUNDAY
    return kinds
