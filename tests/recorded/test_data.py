"""``data`` of a plant or device: the user's own rows, asked for as a client asks."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.cli import main
from mock_sma.errors import ScenarioError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file import dump_scenario, load_file, load_scenario, parse_scenario
from mock_sma.scenario_file.library import Library
from mock_sma.scenario_file.plant_patch import patched_plant, plant_model
from tests.facts import NOW
from tests.sandbox_helpers import ask, content, tokens

if TYPE_CHECKING:
    from pathlib import Path

BERLIN = ZoneInfo("Europe/Berlin")
INVERTER = {"kind": "solar-inverter", "name": "Roof", "generator_power": 5000, "arrays": [{"peak_power": 6000}]}
METER = {"kind": "grid-meter", "name": "Meter"}
EMAIL = "owner@example.org"


def document(
    plant: dict[str, Any] | None = None, inverter: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "version": 1,
        "profile": "production-2020",
        "clients": [{"id": "demo_api", "secret": "demo_secret"}],
        "users": [{"email": EMAIL, "password": "secret", "country": "DE"}],
        "consents": [{"client_id": "demo_api", "email": EMAIL, "state": "accepted"}],
        "plants": [
            {"id": "700", "name": "Mine", "owner": EMAIL, "devices": [INVERTER | (inverter or {}), METER]}
            | (plant or {})
        ],
        **more,
    }


class Client:
    """Asks for sets."""

    def __init__(self, scenario: Any, now: str = NOW) -> None:
        self.world = Sandbox(load_scenario(scenario) if isinstance(scenario, dict) else scenario, now=now, seed=5)
        self.bearer = tokens(self.world)["access_token"]

    def answer(self, place: str, period: str, date: str | None = None, **flags: bool) -> dict[str, Any]:
        query = [f"{name}={str(value).lower()}" for name, value in flags.items()] + ([f"Date={date}"] if date else [])
        reply = ask(self.world, "GET", f"/v1/{place}/{period}?{'&'.join(query)}", bearer=self.bearer)
        assert reply.status == 200
        return content(reply)

    def rows(self, place: str, period: str, date: str | None = None, **flags: bool) -> list[dict[str, Any]]:
        return list(self.answer(place, period, date, **flags)["set"])


PLANT_PV = "plants/700/measurements/sets/EnergyAndPowerPv"
BALANCE = "plants/700/measurements/sets/EnergyBalance"
DEVICE_PV = "devices/701/measurements/sets/EnergyAndPowerPv"
PV = "pvGeneration"


def spelt(day: str, values: list[float | str], step: int = 300, head: str = "time,power") -> str:
    """Return rows from the midnight of a day in Berlin on, stamped at their ends as SMA does."""
    begin = datetime.fromisoformat(day).replace(tzinfo=BERLIN).timestamp()
    ends = [datetime.fromtimestamp(begin + step * (place + 1), BERLIN) for place in range(len(values))]
    lines = [f"{end.replace(tzinfo=None).isoformat()},{value}" for end, value in zip(ends, values, strict=True)]
    return "\n".join([head, *lines]) + "\n"


# ---- what is served -----------------------------------------------------------------------------------


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


def test_r21_minutes_stay_minutes_and_the_answer_says_so() -> None:
    own = Client(document(inverter={"data": {"rows": spelt("2025-06-10", [60.0] * 1440, step=60)}}))
    answer = own.answer(DEVICE_PV, "Day", "2025-06-10")
    assert answer["resolution"] == "OneMinute"
    assert [row["time"] for row in answer["set"][:2]] == ["2025-06-10T00:01:00", "2025-06-10T00:02:00"]
    assert len(answer["set"]) == 1440
    assert {row[PV] for row in own.rows(DEVICE_PV, "Day", "2025-06-10", ReturnEnergyValues=True)} == {1.0}


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


# ---- files ---------------------------------------------------------------------------------------------


def test_a_path_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "rows.csv").write_text(spelt("2025-06-10", [2.5] * 288))
    base = dump_scenario(load_scenario(document())).replace("  name: Mine", "  name: Mine\n  data: rows.csv")
    (tmp_path / "base" / "base.yaml").write_text(base)
    (tmp_path / "own.yaml").write_text("extends: base/base.yaml\nname: own\n")
    files: list[Path] = []
    scenario = load_file(tmp_path / "own.yaml", files=files)
    assert {row[PV] for row in Client(scenario).rows(PLANT_PV, "Day", "2025-06-10")} == {2.5}
    assert (tmp_path / "base" / "rows.csv").resolve() in files


def test_a_scenario_with_rows_is_written_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(spelt("2025-06-10", [2.5, "", 0.1]))
    scenario = load_scenario(
        document({"data": {"file": str(tmp_path / "rows.csv")}}, {"data": {"rows": spelt("2025-06-10", [1])}})
    )
    again = load_scenario(dump_scenario(scenario, "document"))
    assert again == scenario
    (tmp_path / "rows.csv").unlink()
    inside = load_scenario(dump_scenario(scenario, "document", rows_inside=True))
    assert inside.plants[0].data[0].columns == scenario.plants[0].data[0].columns
    assert inside.plants[0].data[0].ends == scenario.plants[0].data[0].ends


@pytest.mark.parametrize("name", ["../secret.csv", "{outside}/secret.csv", "nothing.csv", "/etc/passwd"])
def test_a_document_from_afar_names_files_in_scenario_folders_only(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(spelt("2025-06-10", [1.0] * 3))
    (folder / "mine.csv").write_text(spelt("2025-06-10", [1.0] * 3))
    library = Library([folder])

    def text(file: str) -> str:
        return str(dump_scenario(load_scenario(document()), "yaml")).replace(
            "name: Mine", f"name: Mine\n  data: {file}"
        )

    assert len(parse_scenario(text("mine.csv"), library=library).plants[0].data[0]) == 3
    with pytest.raises(ScenarioError, match=r"no such file in a scenario folder|ends in \.csv"):
        parse_scenario(text(name.format(outside=tmp_path)), library=library)


def test_a_link_out_of_a_scenario_folder_leads_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(spelt("2025-06-10", [1.0] * 3))
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    text = dump_scenario(load_scenario(document()), "yaml").replace("name: Mine", "name: Mine\n  data: link.csv")
    with pytest.raises(ScenarioError, match="no such file in a scenario folder"):
        parse_scenario(text, library=Library([folder]))


# ---- mistakes ------------------------------------------------------------------------------------------

GOOD = "2025-06-10T10:00:00,1\n2025-06-10T10:05:00,2\n"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (
            "time,power\n" + GOOD + "2025-06-10T10:10:00,much\n",
            r"line 4: 'much' is no number in the column pvGeneration",
        ),
        ("time,power\n" + GOOD + "yesterday,3\n", r"line 4: 'yesterday' is no time; write times such as"),
        ("time,power\n" + GOOD + "2025-06-10T10:05:00,3\n", r"line 4: the time '2025-06-10T10:05:00' comes twice"),
        ("time,power\n" + GOOD + "2025-06-10T09:05:00,3\n", r"line 4: .* comes after .*; sort the rows"),
        (
            "time,power\n" + GOOD + "2025-06-10T10:10:00+02:00,3\n",
            r"line 4: some times have an offset and some have none",
        ),
        ("time,power\n" + GOOD + "2025-06-10T10:10:00,3,4\n", r"line 4: it has 3 cells, and the heads are 2"),
        ("time,power\n" + GOOD + "2025-06-10T10:10:00,inf\n", r"line 4: 'inf' is no finite number"),
        ("time,power\n2025-03-30T02:30:00,1\n2025-03-30T02:35:00,1\n", r"line 2: .* skips an hour in spring"),
        (
            "time,power\n2025-06-10T10:00:00,1\n2025-06-10T10:07:00,1\n",
            r"7 minutes apart; SMA's answers have rows of 1, 5",
        ),
        ("time,power\n", r"no rows, only heads"),
        ("when,power\n" + GOOD, r"line 1: no line has the heads of columns"),
        ("time,pvGeneratoin\n" + GOOD, r"no column 'pvGeneratoin'; did you mean 'pvGeneration'"),
        ("time,power [kVA]\n" + GOOD, r"is in W, kW, MW, Wh, kWh, MWh, not in 'kVA'"),
        ("time\n2025-06-10T10:00:00\n", r"no column beside the times"),
        ("time,power,power\n", r"no rows|there twice|no column"),
    ],
)
def test_broken_rows_are_told_with_line_and_remedy(rows: str, complaint: str) -> None:
    with pytest.raises(ScenarioError, match=complaint) as caught:
        load_scenario(document({"data": {"rows": rows}}))
    assert "plants[0].data" in str(caught.value)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=25, deadline=None)
def test_any_bytes_are_rows_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "any.csv"
    file.write_bytes(data)
    with pytest.raises(ScenarioError, match=r"any\.csv"):
        load_scenario(document({"data": str(file)}))


def test_two_files_of_one_time_are_refused() -> None:
    rows = {"rows": spelt("2025-06-10", [1.0] * 10)}
    with pytest.raises(ScenarioError, match="two files have rows of EnergyAndPowerPv at the same time"):
        load_scenario(document({"data": [rows, rows]}))


@pytest.mark.parametrize(
    ("plant", "inverter", "warning"),
    [
        ([1000.0] * 288, None, "pvGeneration of Roof is simulated"),
        (None, [1000.0] * 288, "pvGeneration of the plant is simulated"),
        ([1000.0] * 288, [1.0] * 288, "pvGeneration of the plant is 24.0 kWh, and its devices' 0.0"),
        ([1000.0] * 288, [1001.0] * 288, None),
    ],
)
def test_plant_and_devices_that_do_not_go_together_are_warned_of(
    plant: list[float] | None, inverter: list[float] | None, warning: str | None
) -> None:
    def data(values: list[float] | None) -> dict[str, Any]:
        return {"data": {"rows": spelt("2025-06-10", list(values))}} if values else {}

    told = [text for text in load_scenario(document(data(plant), data(inverter))).warnings if PV in text]
    assert len(told) == (warning is not None)
    assert warning is None or warning in told[0]


def test_a_patch_of_something_else_leaves_the_rows_alone() -> None:
    data = {"data": {"rows": spelt("2025-06-10", [1.0] * 3)}}
    plant = load_scenario(document(data, data)).plants[0]
    changed = patched_plant(plant, {"name": "Other"}, [EMAIL], datetime(2025, 6, 15, tzinfo=UTC))
    assert (changed.data, changed.devices[0].data) == (plant.data, plant.devices[0].data)
    assert plant_model(plant)["data"][0]["rows"] == 3
    assert patched_plant(plant, {"data": None}, [EMAIL], datetime(2025, 6, 15, tzinfo=UTC)).data == ()
