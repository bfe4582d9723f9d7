"""What is switched on in a household for minutes or hours: each appliance runs at most once a day, kettles often.

Starts, runs and powers are chosen after what such devices do; what they take in the mean of many days is known, so
that the rest of a household can be made to have BDEW's shape together with them (docs/simulation.md, Consumption).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation import chance
from mock_sma.simulation.day_types import WORKDAY
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Days

Windows = tuple[tuple[float, float, float], ...]
"""When it is started: from and to [h on the local clock], and the share of runs that begin in between."""

USUAL = 4_000_000.0
"""Annual energy of the household whose habits these are [Wh]; another has more or fewer runs, then larger ones."""

MOST_LIKELY = 0.95
"""Chance of a run a day beyond which runs become larger instead of more frequent."""


class Appliance(NamedTuple):
    """An appliance.

    Attributes:
        power: the power of each slot of a run [W].
        likely: chance of a run a day in the usual household.
        workdays: when it is started on a workday.
        free_days: when at a weekend or on a holiday.
    """

    power: tuple[float, ...]
    likely: float
    workdays: Windows
    free_days: Windows


_COOKING: Windows = ((11.0, 13.0, 0.3), (17.5, 19.5, 0.7))
_SUNDAY_COOKING: Windows = ((10.5, 12.5, 0.6), (17.5, 19.5, 0.4))

APPLIANCES = {
    "washing": Appliance(
        (*[2_000.0] * 4, *[150.0] * 13, *[450.0] * 3), 0.50, ((7.0, 12.0, 0.5), (15.0, 20.0, 0.5)), ((8.0, 18.0, 1.0),)
    ),
    "dishwasher": Appliance(
        (*[60.0] * 2, *[2_000.0] * 4, *[60.0] * 6, *[2_000.0] * 2, *[30.0] * 4),
        0.65,
        ((13.0, 15.0, 0.25), (18.5, 21.5, 0.75)),
        ((12.5, 15.0, 0.5), (18.5, 21.0, 0.5)),
    ),
    "oven": Appliance((*[2_200.0] * 3, *[900.0] * 7), 0.55, _COOKING, _SUNDAY_COOKING),
    "hob": Appliance((*[1_500.0] * 3, *[700.0] * 4), 0.90, _COOKING, _SUNDAY_COOKING),
}

KETTLE_HOURS = (6.5, 22.5)
"""When people are up [h]."""

KETTLE = 1_200.0
"""Mean power of a slot with a kettle, a hair dryer or a vacuum cleaner [W]."""

KETTLE_LIKELY = 0.021
"""Its chance in a slot: four a day."""


def appliance_power(annual: float, days: Days, kinds: Ints, stream: int) -> Floats:
    """Return what appliances and kettles take per slot [W].

    Args:
        annual: energy of the household [Wh per year].
        kinds: (days,) of the days.
    """
    size = annual / USUAL
    power = _kettles(size, days, stream)
    dates = np.arange(3 * len(APPLIANCES), dtype=np.int64)[:, None] + days.dates * 16
    luck = chance.uniform(stream + 4, dates).reshape(len(APPLIANCES), 3, len(days.dates))
    starts = _starts(kinds, luck[:, 1])
    for (does, _, how), appliance, start in zip(luck, APPLIANCES.values(), starts, strict=True):
        likely = min(appliance.likely * size, MOST_LIKELY)
        # The clock has changed by then, if it does; a date that was skipped has no runs.
        runs = (does < likely) & (days.lengths > 0)
        places = (days.offsets[1:] - SLOTS_PER_DAY + start)[runs]
        course = np.array(appliance.power) * (appliance.likely * size / likely)
        slots = places[:, None] + np.arange(len(course), dtype=np.int64)
        power[slots] += (0.8 + 0.4 * how[runs])[:, None] * course
    return power


def _kettles(size: float, days: Days, stream: int) -> Floats:
    likely = min(KETTLE_LIKELY * size, 0.3)
    luck = chance.uniform(stream + 1, days.slots) * (1.0 / likely)
    low, high = (int(hour * 12) for hour in KETTLE_HOURS)
    on = (luck < 1.0) & (days.clock >= low) & (days.clock < high)
    return np.where(on, (0.667 + 0.666 * luck) * (KETTLE * KETTLE_LIKELY * size / likely), 0.0)


def _starts(kinds: Ints, luck: Floats) -> Ints:
    """Return (appliances, days) slots of the day in which each would be started, spread evenly within each window.

    Args:
        kinds: (days,) of the days.
        luck: (appliances, days).
    """
    low, width, before, share = _windows()[:, :, (kinds > WORKDAY).astype(np.int64)]
    later = luck >= before[..., 1]
    low, width, before, share = (np.where(later, part[..., 1], part[..., 0]) for part in (low, width, before, share))
    return np.asarray(np.floor((low + width * ((luck - before) / share)) * 12.0).astype(np.int64))


@cache
def _windows() -> Floats:
    """Return (4, appliances, 2, 2) begin and width of windows [h], shares of the runs before them and within.

    Of each appliance on workdays and free days, two windows each: where there is one, no luck is enough for the second.
    """
    never = (0.0, 1.0, 2.0, 1.0)
    rows = []
    for appliance in APPLIANCES.values():
        for windows in (appliance.workdays, appliance.free_days):
            shares = [share for _, _, share in windows]
            found = [
                (low, high - low, sum(shares[:number], 0.0), share) for number, (low, high, share) in enumerate(windows)
            ]
            rows.append([*found, *[never] * (2 - len(found))])
    return np.array(rows).reshape(len(APPLIANCES), 2, 2, 4).transpose(3, 0, 1, 2)


@cache
def mean_power() -> tuple[Floats, Floats]:
    """Return what appliances and kettles of the usual household take in the mean of many days, by slot [W].

    Returns:
        (288,) each: of workdays, and of weekends and holidays.
    """
    return _mean([(item, item.workdays) for item in APPLIANCES.values()]), _mean(
        [(item, item.free_days) for item in APPLIANCES.values()]
    )


def _mean(appliances: list[tuple[Appliance, Windows]]) -> Floats:
    mean = np.zeros(SLOTS_PER_DAY)
    mean[int(KETTLE_HOURS[0] * 12) : int(KETTLE_HOURS[1] * 12)] = KETTLE * KETTLE_LIKELY
    for appliance, windows in appliances:
        for low, high, share in windows:
            first, count = int(low * 12), int(high * 12) - int(low * 12)
            for number, power in enumerate(appliance.power):
                mean[first + number : first + number + count] += appliance.likely * share / count * power
    return mean
