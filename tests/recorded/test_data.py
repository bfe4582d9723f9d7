"""``data`` of a plant or device: the user's own rows, asked for as a client asks."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mock_sma.cli import main
from tests.recorded.helpers import BALANCE, BERLIN, DEVICE_PV, PLANT_PV, PV, Client, document, spelt
from tests.sandbox_helpers import tokens

if TYPE_CHECKING:
    from pathlib import Path


# ---- what is served -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_r23_what_sample_prints_is_served_again_row_for_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "2100", "EnergyBalance", "--scenario", "ennexos", "--date", "2025-06-10", "--csv"]) == 0
    printed = capsys.readouterr().out
    (tmp_path / "day.csv").write_text(printed, encoding="utf-8")
    own = document({"data": str(tmp_path / "day.csv")})
    rows = Client(own).rows(BALANCE, "Day", "2025-06-10")
    expected = [
        {name: cell if name == "time" else float(cell) for name, cell in row.items() if cell}
        for row in csv.DictReader(io.StringIO(printed))
    ]
    assert rows == expected
    assert len(rows) == 288


@pytest.mark.slow
def test_the_day_before_and_the_day_after_are_simulated_still() -> None:
    plain, own = Client(document()), Client(document({"data": {"rows": spelt("2025-06-10", [1.5] * 288)}}))
    assert {row[PV] for row in own.rows(PLANT_PV, "Day", "2025-06-10")} == {1.5}
    for day in ("2025-06-09", "2025-06-11"):
        assert own.answer(PLANT_PV, "Day", day) == plain.answer(PLANT_PV, "Day", day)
    week = own.rows(PLANT_PV, "Week", "2025-06-08")
    assert week == [row for day in range(8, 15) for row in own.rows(PLANT_PV, "Day", f"2025-06-{day:02}")]


def test_a_day_that_is_half_recorded_goes_on_simulated() -> None:
    own = Client(document({"data": {"rows": spelt("2025-06-10", [7.0] * 144)}}))
    plain = Client(document())
    after = [row for row in plain.rows(PLANT_PV, "Day", "2025-06-10") if row["time"] > "2025-06-10T12:00:00"]
    assert own.rows(PLANT_PV, "Day", "2025-06-10")[144:] == after


@pytest.mark.slow
def test_r28_a_row_that_is_missing_between_others_is_a_gap_and_no_zero() -> None:
    lines = spelt("2025-06-10", [5.0] * 864).splitlines()
    del lines[101:103]
    del lines[300:640]
    own = Client(document({"data": {"rows": "\n".join(lines)}}))
    assert len(own.rows(PLANT_PV, "Day", "2025-06-10")) == 286
    assert len(own.rows(PLANT_PV, "Week", "2025-06-10")[:864]) >= 522
    assert own.rows(PLANT_PV, "Day", "2025-06-11")[-1]["time"] < "2025-06-11T04:00:00"


def test_r27_an_empty_cell_leaves_its_property_out() -> None:
    rows = "time,pvGeneration,gridFeedIn,gridConsumption\n2025-06-10T10:00:00,1.0,,3.0\n2025-06-10T10:05:00,2.0,1.0,\n"
    served = Client(document({"data": {"rows": rows, "set": "EnergyBalance"}})).rows(BALANCE, "Day", "2025-06-10")
    assert [row for row in served if "10:00:00" <= row["time"][11:] <= "10:05:00"] == [
        {"time": "2025-06-10T10:00:00", "pvGeneration": 1.0, "gridConsumption": 3.0},
        {"time": "2025-06-10T10:05:00", "pvGeneration": 2.0, "gridFeedIn": 1.0},
    ]


@pytest.mark.slow
@pytest.mark.parametrize("count", [288, 500, 864])
def test_r22_longer_periods_are_the_sums_of_the_days(count: int) -> None:
    values = [place * 7919 % 9_000_011 / 1_000 for place in range(count)]
    own = Client(document({"commissioned": "2025-03-01", "data": {"rows": spelt("2025-05-30", list(values))}}))
    days = {
        day: sum(row[PV] for row in own.rows(PLANT_PV, "Day", day, ReturnEnergyValues=True))
        for day in ("2025-05-30", "2025-05-31", "2025-06-01")
    }
    assert days["2025-05-30"] == round(sum(values[:288]) / 12) or abs(days["2025-05-30"] * 12 - sum(values[:288])) < 6.1
    month = {row["time"][:10]: row[PV] for row in own.rows(PLANT_PV, "Month", "2025-05")}
    assert {day: month[day] for day in ("2025-05-30", "2025-05-31")} == {
        day: days[day] for day in ("2025-05-30", "2025-05-31")
    }
    year = {row["time"][:7]: row[PV] for row in own.rows(PLANT_PV, "Year", "2025")}
    assert year["2025-05"] == sum(month.values())
    total = {row["time"][:4]: row[PV] for row in own.rows(PLANT_PV, "Total")}
    assert total["2025"] == sum(year.values())
    assert own.answer(PLANT_PV, "Month", "2025-05", WithTotal=True)["total"] == {PV: sum(month.values())}


@pytest.mark.slow
def test_r21_minutes_stay_minutes_and_the_answer_says_so() -> None:
    own = Client(document(inverter={"data": {"rows": spelt("2025-06-10", [60.0] * 1440, step=60)}}))
    answer = own.answer(DEVICE_PV, "Day", "2025-06-10")
    assert answer["resolution"] == "OneMinute"
    assert [row["time"] for row in answer["set"][:2]] == ["2025-06-10T00:01:00", "2025-06-10T00:02:00"]
    assert len(answer["set"]) == 1440
    assert {row[PV] for row in own.rows(DEVICE_PV, "Day", "2025-06-10", ReturnEnergyValues=True)} == {1.0}


@pytest.mark.slow
def test_r20_what_has_not_happened_yet_is_not_served() -> None:
    own = Client(document({"data": {"rows": spelt("2025-06-15", [float(place) for place in range(288)])}}))
    assert own.rows(PLANT_PV, "Day", "2025-06-15")[-1]["time"] <= "2025-06-15T12:00:00"
    recent = own.rows(PLANT_PV, "Recent")
    assert recent == own.rows(PLANT_PV, "Day", "2025-06-15")[-1:]
    own.world.clock.advance(minutes=30)
    own.bearer = tokens(own.world)["access_token"]
    assert own.rows(PLANT_PV, "Recent")[0][PV] == recent[0][PV] + 6


def test_recent_after_the_last_recorded_row_is_simulated() -> None:
    plain, own = Client(document()), Client(document({"data": {"rows": spelt("2025-06-10", [1.0] * 288)}}))
    assert own.rows(PLANT_PV, "Recent") == plain.rows(PLANT_PV, "Recent")


@pytest.mark.parametrize("form", ["local", "offset", "utc"])
def test_the_repeated_hour_of_autumn_keeps_both_of_its_halves(form: str) -> None:
    begin = datetime(2025, 10, 26, tzinfo=BERLIN).astimezone(UTC)
    ends = [begin + timedelta(minutes=15 * (place + 1)) for place in range(100)]
    zoned = [end.astimezone(BERLIN) if form != "utc" else end for end in ends]
    stamps = [(end.replace(tzinfo=None) if form == "local" else end).isoformat() for end in zoned]
    rows = "time,power\n" + "".join(f"{stamp},{place}\n" for place, stamp in enumerate(stamps))
    own = Client(document({"data": {"rows": rows}}), "2025-11-02T12:00:00+01:00")
    served = own.rows(PLANT_PV, "Day", "2025-10-26")
    assert [row[PV] for row in served] == [float(place) for place in range(100)]
    assert [row["time"][11:16] for row in served].count("02:30") == 2


def test_the_balance_of_a_plant_brings_its_pv_along() -> None:
    lines = ["time,pvGeneration,gridFeedIn,gridConsumption"]
    lines += [f"2025-06-10T{place // 4:02}:{place % 4 * 15:02}:00,{place},1,2" for place in range(1, 96)]
    own = Client(document({"data": {"rows": "\n".join(lines)}}))
    assert [row[PV] for row in own.rows(PLANT_PV, "Day", "2025-06-10")[:95]] == [float(place) for place in range(1, 96)]


def test_energies_units_and_starts_are_turned_into_what_sma_sends() -> None:
    rows = "time,energy [kWh]\n" + "".join(f"2025-06-10T{hour:02}:00,1.5\n" for hour in range(24))
    own = Client(document(inverter={"data": {"rows": rows, "stamps": "start"}}))
    day = own.answer(DEVICE_PV, "Day", "2025-06-10")
    assert day["resolution"] == "OneHour"
    assert [day["set"][0], day["set"][-1]] == [
        {"time": "2025-06-10T01:00:00", PV: 1500.0},
        {"time": "2025-06-11T00:00:00", PV: 1500.0},
    ]
    assert [row for row in own.rows(DEVICE_PV, "Month", "2025-06") if row["time"].startswith("2025-06-10")] == [
        {"time": "2025-06-10T00:00:00", PV: 36_000.0}
    ]


def test_inputs_of_an_inverter_are_columns_of_their_own() -> None:
    rows = (
        "time,dcPowerInput.A,dcPowerInput.B,isolationResistance\n2025-06-10T10:00:00,1,2,\n2025-06-10T10:05:00,,4,9\n"
    )
    own = Client(document(inverter={"data": {"rows": rows}}))
    served = [
        {name: value for name, value in row.items() if value != []}
        for row in own.rows("devices/701/measurements/sets/PowerDc", "Day", "2025-06-10")
        if row["time"][11:16] in ("10:00", "10:05")
    ]
    assert served == [
        {"time": "2025-06-10T10:00:00", "dcPowerInput": [{"index": "A", "value": 1.0}, {"index": "B", "value": 2.0}]},
        {"time": "2025-06-10T10:05:00", "dcPowerInput": [{"index": "B", "value": 4.0}], "isolationResistance": 9.0},
    ]


def test_rows_from_before_from_are_left_out() -> None:
    data = {"rows": spelt("2025-06-09", [3.0] * 576), "from": "2025-06-10"}
    plain, own = Client(document()), Client(document({"data": data}))
    assert own.rows(PLANT_PV, "Day", "2025-06-09") == plain.rows(PLANT_PV, "Day", "2025-06-09")
    assert {row[PV] for row in own.rows(PLANT_PV, "Day", "2025-06-10")} == {3.0}
