"""``data`` of whole days, months and years, and rows that end when they were recorded."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenario_file import dump_scenario, load_scenario
from tests.recorded.helpers import PLANT_PV, PV, Client, document, spelt

DAYS = "time,pvGeneration [kWh]\n" + "".join(f"2025-05-{day:02},{day}\n" for day in range(1, 32))


@pytest.mark.slow
def test_r22_sums_of_days_are_served_in_month_and_added_up_in_year_and_total() -> None:
    own, plain = Client(document({"data": {"rows": DAYS}})), Client(document())
    month = own.answer(PLANT_PV, "Month", "2025-05", WithTotal=True)
    assert [row[PV] for row in month["set"]] == [1_000.0 * day for day in range(1, 32)]
    assert month["total"] == {PV: 496_000.0}
    year = own.rows(PLANT_PV, "Year", "2025")
    others = plain.rows(PLANT_PV, "Year", "2025")
    assert [row[PV] for row in year if row["time"] == "2025-05-01T00:00:00"] == [496_000.0]
    assert [row for row in year if row["time"][5:7] != "05"] == [row for row in others if row["time"][5:7] != "05"]
    total = {row["time"][:4]: row[PV] for row in own.rows(PLANT_PV, "Total")}
    assert total["2025"] == sum(row[PV] for row in year)
    assert own.answer(PLANT_PV, "Day", "2025-05-07") == plain.answer(PLANT_PV, "Day", "2025-05-07")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "period", "date", "stamp"),
    [
        ("time;pvGeneration [kWh]\n01.2024;12,5\n02.2024;1.012,5\n", "Year", "2024", "2024-02-01T00:00:00"),
        ("time,energy\n2023,9000\n2024,1012500\n", "Total", None, "2024-01-01T00:00:00"),
        (
            "time,energy\n2024-02-02T00:00:00,1\n2024-02-03T00:00:00,1012500\n",
            "Month",
            "2024-02",
            "2024-02-03T00:00:00",
        ),
    ],
)
def test_what_rows_are_sums_of_is_told_by_the_rows(rows: str, period: str, date: str | None, stamp: str) -> None:
    own = Client(document({"commissioned": "2022-01-01", "data": {"rows": rows}}))
    assert {row["time"]: row[PV] for row in own.rows(PLANT_PV, period, date)}[stamp] == 1_012_500.0


def test_a_day_that_is_recorded_too_does_not_change_its_sum() -> None:
    data = [{"rows": DAYS}, {"rows": spelt("2025-05-07", [12.0] * 288)}]
    own = Client(document({"data": data}))
    assert {row[PV] for row in own.rows(PLANT_PV, "Day", "2025-05-07")} == {12.0}
    assert own.rows(PLANT_PV, "Month", "2025-05")[6][PV] == 7_000.0


def test_powers_and_energies_of_the_same_time_are_each_served_as_they_are() -> None:
    energies = spelt("2025-06-10", [7.0] * 288, head="time,energy")
    own = Client(document({"data": [{"rows": spelt("2025-06-10", [12.0] * 288)}, {"rows": energies}]}))
    assert {row[PV] for row in own.rows(PLANT_PV, "Day", "2025-06-10")} == {12.0}
    assert {row[PV] for row in own.rows(PLANT_PV, "Day", "2025-06-10", ReturnEnergyValues=True)} == {7.0}
    assert own.rows(PLANT_PV, "Month", "2025-06")[9][PV] == 7.0 * 288


def test_what_is_later_than_the_recording_is_simulated() -> None:
    rows = spelt("2025-06-14", [1.5] * 144)
    data = {"rows": rows, "days": ["2025-06-14", "2025-06-14"], "until": "2025-06-14T13:00:00"}
    own, plain = Client(document({"data": data})), Client(document())
    later = [row for row in plain.rows(PLANT_PV, "Day", "2025-06-14") if row["time"] > "2025-06-14T13:00:00"]
    assert own.rows(PLANT_PV, "Day", "2025-06-14")[144:] == later


def test_sums_and_moments_are_written_and_read_again() -> None:
    rows = {"rows": spelt("2025-06-14", [1.5] * 9), "until": "2025-06-14T13:00:00"}
    scenario = load_scenario(document({"data": [{"rows": DAYS, "until": "2025-05-31T13:00:00+02:00"}, rows]}))
    first, second = scenario.plants[0].data
    again = load_scenario(dump_scenario(scenario, "document")).plants[0].data
    for item, other in zip((first, second), again, strict=True):
        assert (item.period, item.until, item.ends, item.columns) == (
            other.period,
            other.until,
            other.ends,
            other.columns,
        )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rows": "time,power [kW]\n2025-05-01,1\n2025-05-02,2\n"}, "a day, month or year has an energy"),
        ({"rows": "time,energy\n2025-05-02,1\n2025-05-01,2\n"}, "line 3: the date '2025-05-01' comes after"),
        (
            {"rows": "time,energy\n2025-05-02,1\n2025-05-02,2\n", "interval": "day"},
            "line 3: the date '2025-05-02'",
        ),
        ({"rows": "time,energy\n2025-05-02,1\n2025-05-32,2\n", "interval": "day"}, "line 3: '2025-05-32' is"),
        (
            {"rows": "time,energy\n2025-05-02,1\n2025-05-09,2\n"},
            "months or years; say it with 'interval'",
        ),
        ({"rows": "time,energy\n2025-05-02,1\n2025-05-09,2\n", "interval": "month"}, "a month has one row"),
        ({"rows": "time,energy\n"}, "it has no rows, only heads"),
    ],
)
def test_sums_that_cannot_be_read_are_told_with_their_line(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(document({"data": data}))
    assert said in str(refused.value)


@pytest.mark.slow
def test_sums_from_a_day_on_have_that_day_and_simulated_ones_before_it() -> None:
    own, plain = Client(document({"data": {"rows": DAYS, "from": "2025-05-10"}})), Client(document())
    month, others = (client.rows(PLANT_PV, "Month", "2025-05") for client in (own, plain))
    assert [row[PV] for row in month[9:]] == [1_000.0 * day for day in range(10, 32)]
    assert month[:9] == others[:9]
