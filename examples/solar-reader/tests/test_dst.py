"""The days on which clocks change: twenty-five hours, and twenty-three."""

from datetime import timedelta
from itertools import pairwise

import pytest
from solar_reader import hours_of


@pytest.mark.parametrize(
    ("day", "count"),
    [
        pytest.param("2025-10-26", 25, marks=pytest.mark.sma(scenario="dst-autumn")),
        pytest.param("2025-03-30", 23, marks=pytest.mark.sma(scenario="dst-spring")),
    ],
)
def test_every_hour_is_there_once(reader, day, count):
    (plant, *_) = reader.plants()
    rows = reader.measurements(plant, "EnergyBalance", "Day", day)
    hours = hours_of(rows, "totalConsumption", "Europe/Berlin")
    assert len(hours) == count
    assert {later.start - hour.start for hour, later in pairwise(hours)} == {timedelta(hours=1)}
    assert sum(hour.energy for hour in hours) == pytest.approx(sum(row["totalConsumption"] for row in rows))
    # No hour has taken in the one that follows it under the same name.
    assert max(hour.energy for hour in hours) < 2.5 * sorted(hour.energy for hour in hours)[-2]
