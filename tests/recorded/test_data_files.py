"""Files of rows: where they lie, what is wrong with them, and what does not go together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.api.app import App
from mock_sma.errors import ScenarioError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file.plant_patch import patched_plant, plant_model
from mock_sma.scenarios import dump_scenario, load_file, load_scenario, parse_scenario
from mock_sma.scenarios.library import Library
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW
from tests.recorded.helpers import DEVICE_PV, EMAIL, PLANT_PV, PV, Client, document, spelt
from tests.sandbox_helpers import tokens

if TYPE_CHECKING:
    from pathlib import Path


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


def test_an_unknown_zone_is_told_where_it_stands_and_not_of_the_rows() -> None:
    own = {"timezone": "Europe/Belin", "data": {"rows": spelt("2025-06-10", [1.0] * 3)}}
    with pytest.raises(ScenarioError, match=r"timezone: unknown time zone 'Europe/Belin'") as refused:
        load_scenario(document(own))
    assert len(refused.value.problems) == 1


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


@pytest.mark.slow
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


@pytest.mark.slow
async def test_rows_that_are_put_are_served_and_taken_away_again() -> None:
    world = Sandbox(load_scenario(document()), now=NOW, seed=5)
    transport = httpx.ASGITransport(App(Worlds(world)))
    headers = {"content-type": "text/csv", "authorization": f"Bearer {tokens(world)['access_token']}"}
    asked = f"/v1/{DEVICE_PV}/Day?Date=2025-06-10"
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers=headers) as http:
        before = (await http.get(asked)).json()
        put = await http.put("/_mock/plants/700/data?device=701", content=spelt("2025-06-10", [4.5] * 288))
        assert put.json()["devices"][0]["data"][0]["rows"] == 288
        assert {row[PV] for row in (await http.get(asked)).json()["set"]} == {4.5}
        wrong = await http.put("/_mock/plants/700/data", content="time,power\n2025-06-10T10:00:00,much\n")
        assert wrong.status_code == 422
        assert "'much' is no number" in wrong.text
        foreign = await http.put("/_mock/plants/700/data", content="{}", headers={"content-type": "application/json"})
        assert foreign.status_code == 415
        assert (await http.put("/_mock/plants/700/data?device=701", content="")).status_code == 200
        assert (await http.get(asked)).json() == before
