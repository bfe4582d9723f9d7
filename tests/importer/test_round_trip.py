"""A session with one emulator, imported into another: the same questions get the same answers, up to names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.api.har import har_of
from mock_sma.cli import main
from mock_sma.importer import consumption
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import dump_scenario, load_file, load_scenario, parse_scenario
from tests.facts import NOW
from tests.sandbox_helpers import ask, content, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLANT, INVERTER, BATTERY = "2100", "2101", "2102"
ASKED = (
    "/v1/plants?WithInstallation=true&WithLocation=true",
    f"/v1/plants/{PLANT}",
    f"/v1/plants/{PLANT}/devices/lean",
    f"/v1/plants/{PLANT}/devices",
    f"/v1/plants/{PLANT}/measurements/sets",
    *(f"/v1/devices/{device}{end}" for device in (INVERTER, BATTERY) for end in ("", "/measurements/sets")),
    *(f"/v1/plants/{PLANT}/measurements/sets/EnergyBalance/Day?Date=2025-06-{day}" for day in ("08", "09", "12")),
    *(
        f"/v1/devices/{INVERTER}/measurements/sets/{name}/Day?Date=2025-06-09"
        for name in ("EnergyAndPowerPv", "PowerAc", "PowerDc")
    ),
)
NAMES = re.compile(r'"(name|serial|description|city|zipCode|street|streetNo|ipAddress)":"[^"]*"')
PLACE = re.compile(r'"(longitude|latitude)":-?[\d.]+')


def edited() -> Sandbox:
    """Return a world of another seed and an edited scenario."""
    text = dump_scenario(load_scenario("ennexos"), "yaml")
    text = text.replace("Sonnenhof", "Haus Geheim").replace("peak_power: 4800", "peak_power: 3900")
    document = text.replace("owner@example.org", "erika.geheim@example.com")

    return Sandbox(parse_scenario(document), now=NOW, seed=991)


def answers(world: Sandbox) -> dict[str, Any]:
    bearer = tokens(world)["access_token"]
    return {path: content(ask(world, "GET", path, bearer=bearer)) for path in ASKED}


def without_names(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return PLACE.sub(r'"\1":0', NAMES.sub(r'"\1":""', text))


@pytest.mark.slow
@pytest.mark.parametrize("keep", [False, True])
def test_the_same_questions_get_the_same_answers(
    tmp_path: Path, keep: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    first = edited()
    before = answers(first)
    har, out = tmp_path / "session.har", tmp_path / "own.yaml"
    har.write_text(json.dumps(har_of(list(first.requests))))
    assert main(["import", str(har), "--out", str(out), *(["--keep-names"] if keep else [])]) == 0
    assert "all other rows are simulated" in capsys.readouterr().out
    assert main(["check", str(out)]) == 0
    scenario = load_file(out)
    again = answers(Sandbox(scenario, seed=5))
    for path in ASKED:
        if path == ASKED[0]:  # only one of the plants was asked for its devices
            before[path], again[path] = (item[path]["plants"][0] for item in (before, again))
        assert without_names(again[path]) == without_names(before[path]), path
    text = "".join(file.read_text() for file in tmp_path.iterdir() if file != har)
    assert ("Geheim" in text) == keep
    serials = {item["serial"] for item in before[ASKED[2]]["devices"] if "serial" in item}
    assert keep or not any(serial in text for serial in serials)


@pytest.mark.slow
def test_names_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first = edited()
    answers(first)
    har = tmp_path / "session.har"
    har.write_text(json.dumps(har_of(list(first.requests))))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        assert main(["import", str(har), "--out", str(tmp_path / folder / "own.yaml"), "--seed", "7"]) == 0
    files = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert files == sorted(file.name for file in (tmp_path / "b").iterdir())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each member and item of a body, with what holds it."""
    for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(item, (dict, list)):
            yield from places(item)


@pytest.mark.slow
@pytest.mark.parametrize("path", [ASKED[0], ASKED[3], ASKED[4], ASKED[5], ASKED[9]])
def test_a_member_of_another_kind_is_left_out_or_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(consumption, "LIVES", 2)  # how well the load fits does not matter here
    first = edited()
    answers(first)
    archive = har_of([entry for entry in first.requests if f"{entry.path}?{entry.query}".rstrip("?") == path])
    content = archive["log"]["entries"][0]["response"]["content"]
    body = json.loads(content["text"])
    har, out = tmp_path / "session.har", tmp_path / "own.yaml"
    for holder, key in list(places(body))[:25]:
        kept = holder[key]
        for wrong in (None, "x", [5], {"a": []}):
            holder[key] = wrong
            content["text"] = json.dumps(body)
            har.write_text(json.dumps(archive))
            done = main(["import", str(har), "--out", str(out)])
            left = [file for file in tmp_path.iterdir() if file != har]
            assert (done == 0) == bool(left), (key, wrong)
            for file in left:
                file.unlink()
        holder[key] = kept


@pytest.mark.slow
def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = edited()
    answers(first)
    har, rows = tmp_path / "session.har", tmp_path / "own-2100-EnergyBalance-2025-06-12.csv"
    har.write_text(json.dumps(har_of(list(first.requests))))
    rows.write_text("mine")
    assert main(["import", str(har), "--out", str(tmp_path / "own.yaml")]) == 1
    assert f"{rows} already exists; choose another name" in capsys.readouterr().err
    assert {file.name for file in tmp_path.iterdir()} == {har.name, rows.name}
    assert rows.read_text() == "mine"


def test_traffic_without_a_plant_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    har = tmp_path / "session.har"
    entry = {"request": {"method": "GET", "url": "https://example.org/"}, "response": {"status": 200}}
    har.write_text(json.dumps({"log": {"entries": [entry]}}))
    assert main(["import", str(har), "--out", str(tmp_path / "own.yaml")]) == 1
    assert "the traffic has no plant" in capsys.readouterr().err
    assert main(["import", str(har), "--out", str(tmp_path / "own.json")]) == 2


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "", 5])
def test_a_time_zone_that_is_none_is_told_and_replaced(
    tmp_path: Path, zone: object, capsys: pytest.CaptureFixture[str]
) -> None:
    first = edited()
    answers(first)
    archive = har_of([entry for entry in first.requests if f"{entry.path}?{entry.query}".rstrip("?") == ASKED[0]])
    content = archive["log"]["entries"][0]["response"]["content"]
    content["text"] = content["text"].replace('"Europe/Berlin"', json.dumps(zone))
    har, out = tmp_path / "session.har", tmp_path / "own.yaml"
    har.write_text(json.dumps(archive))
    assert main(["import", str(har), "--out", str(out)]) == 0
    assert "timezone: Europe/Berlin" in out.read_text()
    assert "is none; Europe/Berlin is taken" in "".join(capsys.readouterr()) + out.read_text()
