"""Files as other programs export them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import RowsError, ScenarioError
from mock_sma.recorded.sheet import sheet_of
from mock_sma.recorded.stamps import local_time_of
from mock_sma.scenarios.load import load_scenario
from tests.recorded.helpers import BALANCE, DEVICE_PV, PLANT_PV, PV, Client, document

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = "\ufeffZeit;PV-Erzeugung / Mittelwerte [kW];Netzeinspeisung / Mittelwerte [kW];Netzbezug / Mittelwerte [kW];\n"
ENGLISH = (
    '"Time","PV power generation / Mean values [W]","Grid feed-in / Mean values [W]",'
    '"External energy supply / Mean values [W]","Limiting of active power feed-in / Mean values [W]"\n'
)


def at(rows: list[dict[str, Any]], clock: str) -> dict[str, Any]:
    return next(row for row in rows if row["time"][11:16] == clock)


def test_a_day_of_smas_portal_in_german_has_its_date_from_the_name_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Energiebilanz_2025_06_10.csv"
    rows = "".join(f"{n // 4:02}:{n % 4 * 15:02};{n},5;1.234,5;;\n" for n in range(96))
    file.write_text(GERMAN + rows, encoding="utf-8")
    served = Client(document({"data": str(file)})).rows(BALANCE, "Day", "2025-06-10")
    assert len(served) == 96
    assert served[0] == {"time": "2025-06-10T00:15:00", PV: 500.0, "gridFeedIn": 1_234_500.0}
    assert served[-1]["time"] == "2025-06-11T00:00:00"
    assert served[-1][PV] == 95_500.0


def test_a_day_of_smas_portal_in_english_ends_at_midnight_where_it_does() -> None:
    clocks = [f"{n // 4 % 24:02}:{n % 4 * 15:02}" for n in range(1, 97)]
    rows = ENGLISH + "".join(f'"{clock}","1,234.5","1","2","0"\n' for clock in clocks)
    own = Client(document({"data": {"rows": rows, "days": ["2025-06-10", "2025-06-10"]}}))
    served = own.rows(BALANCE, "Day", "2025-06-10")
    assert served[0] == {"time": "2025-06-10T00:15:00", PV: 1_234.5, "gridFeedIn": 1.0, "gridConsumption": 2.0}
    assert (len(served), served[-1]["time"]) == (96, "2025-06-11T00:00:00")


def test_a_month_of_smas_portal_has_sums_of_days() -> None:
    rows = "Zeit;Gesamtertrag [kWh]\n" + "".join(f"{day:02}.05.2025;{day},5\n" for day in range(1, 32))
    own = Client(document({"data": {"rows": rows}}))
    assert [row[PV] for row in own.rows(PLANT_PV, "Month", "2025-05")] == [1_000.0 * day + 500 for day in range(1, 32)]


def test_solaredge_has_quarters_by_their_beginning_and_what_modules_give_goes_first() -> None:
    battery, powers = "Battery Charge Level (%)", "System Production (W),StoragePower.Power (W),Solar Production (W)"
    head = f"Time,{battery},Consumption (W),{powers}"
    rows = "\n".join([head, "06/10/2025 12:00,50,300,900,7,1000.5", "06/10/2025 12:15,51,,901,7,1001", ""])
    served = Client(document({"data": {"rows": rows, "set": "EnergyBalance"}})).rows(BALANCE, "Day", "2025-06-10")
    expected = {PV: 1_000.5, "totalConsumption": 300.0, "batteryStateOfCharge": 50.0}
    assert {name: at(served, "12:15")[name] for name in expected} == expected
    assert at(served, "12:30") == {"time": "2025-06-10T12:30:00", PV: 1_001.0, "batteryStateOfCharge": 51.0}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            (
                "statistic_id,unit,start,min,max,mean\nsensor.pv,kW,2025-06-10T08:00:00+00:00,0,9,1.5\n"
                "sensor.pv,kW,2025-06-10T09:00:00+00:00,0,9,2.5\n"
            ),
            [1_500.0, 2_500.0],
        ),
        (
            (
                "statistic_id\tunit\tstart\tstate\tsum\nsensor.pv\tkWh\t10.06.2025 09:00\t7\t100\n"
                "sensor.pv\tkWh\t10.06.2025 10:00\t7\t101.5\nsensor.pv\tkWh\t10.06.2025 11:00\t7\t104\n"
            ),
            [1_500.0, 2_500.0],
        ),
        ("statistic_id,start_ts,state,change\na.b,1749542400.0,1,1.5\na.b,1749546000.0,1,2.5\n", [1_500.0, 2_500.0]),
    ],
)
def test_statistics_of_home_assistant_are_hours_by_their_beginning(rows: str, expected: list[float]) -> None:
    own = Client(document(inverter={"data": {"rows": rows, "format": "home-assistant"}}))
    served = own.rows(DEVICE_PV, "Day", "2025-06-10")
    assert [at(served, clock)[PV] for clock in ("11:00", "12:00")] == expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"rows": "statistic_id,start,mean\na,2025-06-10,1\nb,2025-06-10,1\n"},
            "it has statistics of a, b; export",
        ),
        ({"rows": "entity_id,state,last_changed\na,1,2025-06-10T10:00:00Z\n"}, "has no regular intervals"),
        ({"rows": GERMAN + "12:00;1;1;1;\n"}, "its rows have a time of day and no date"),
        ({"rows": GERMAN + "12:00;1;1;1;\n25:00;1;1;1;\n", "from": "2025-06-10"}, "line 3: '25:00' is no time of day"),
        ({"rows": "time,power\n2025-06-10T12:00:00,1\n", "format": "solaredge"}, "no column of it is known from solar"),
        ({"rows": GERMAN + "12:00;x;1;1;\n12:15;1;1;1;\n", "from": "2025-06-10"}, "line 2: 'x' is no number"),
    ],
)
def test_what_cannot_be_used_is_told(data: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(document({"data": data}))
    assert said in str(refused.value)


def test_german_thousands_are_thousands_in_a_column_without_a_comma() -> None:
    rows = "Zeit;PV-Erzeugung [W];Netzbezug [W]\n14.06.2025 12:00;1.234;0,5\n14.06.2025 12:15;2.345;0,5\n"
    own = Client(document({"data": {"rows": rows}}))
    assert at(own.rows(BALANCE, "Day", "2025-06-14"), "12:15")[PV] == 2_345.0


@pytest.mark.parametrize(
    "rows",
    [
        "time,energy\n0001-01-01,1\n0001-01-02,2\n",
        "time,energy\n9999-12-30,1\n9999-12-31,2\n",
        "time,energy\n9999-11,1\n9999-12,2\n",
        "time,power\n9999-12-31T23:55:00,1\n9999-12-31T23:59:00,2\n",
        "time,power\n0001-01-01T00:05:00+02:00,1\n0001-01-01T00:10:00+02:00,2\n",
        "statistic_id,start_ts,mean\nsensor.a,99999999990,1\n",
        f"statistic_id,start_ts,mean\nsensor.a,{'9' * 400},1\n",
        "statistic_id,start_ts,mean\nsensor.a,²²²²²²²²²²,1\n",
        "time,power [MW]\n2025-06-14T12:00:00,1e308\n2025-06-14T12:05:00,1\n",
    ],
)
def test_what_no_world_can_have_is_refused_in_words(rows: str) -> None:
    with pytest.raises(ScenarioError, match=r"1990 to 2199|no time|no finite number"):
        load_scenario(document({"data": {"rows": rows}}))


def test_home_assistants_milliseconds_are_read_too() -> None:
    rows = "statistic_id,start_ts,mean\n" + "".join(
        f"sensor.a,{1_749_888_000_000 + n * 3_600_000},1\n" for n in range(3)
    )
    own = Client(document({"data": {"rows": rows}})).rows(PLANT_PV, "Day", "2025-06-14")
    assert [at(own, clock)[PV] for clock in ("11:00", "12:00", "13:00")] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "text",
    [
        "10.06.2025 24:00",
        "2025-06-10T24:00:00",
        "2025-06-10 24:00",
        "11.06.25 00:00",
        "6/11/2025, 12:00 AM",
        "06/11/25 12:00 a.m.",
        "6/11/2025 12:00:00\u202fAM",
    ],
)
def test_midnight_is_spelt_in_many_ways(text: str) -> None:
    assert local_time_of(text, 1).isoformat() == "2025-06-11T00:00:00"


@pytest.mark.parametrize("text", ["2025-06-10T24:05:00", "10.06.2025 24:01", "6/11/2025 13:00 XM", "31.02.25 00:00"])
def test_what_no_clock_shows_is_no_time(text: str) -> None:
    with pytest.raises(RowsError, match="is no time"):
        local_time_of(text, 1)


def test_rows_may_end_with_a_delimiter_that_their_heads_have_not() -> None:
    sheet = sheet_of(b"Zeit;PV-Erzeugung [kW]\n10.06.2025 12:00;1,5;\n10.06.2025 12:15;2,5;\n")
    assert [list(column) for column in sheet.columns] == [["1,5", "2,5"]]
    with pytest.raises(RowsError, match="it has 3 cells, and the heads are 2"):
        sheet_of(b"Zeit;PV-Erzeugung [kW]\n10.06.2025 12:00;1,5;\n10.06.2025 12:15;2,5\n")
