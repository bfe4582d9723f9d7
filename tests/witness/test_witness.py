"""Traffic held against the emulator: its own confirms it, and each change refutes exactly its row."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.api.har import har_of
from mock_sma.archive.reading import exchanges_of
from mock_sma.cli import main
from mock_sma.errors import UsageError
from mock_sma.fidelity import load_ledger
from mock_sma.fidelity.witnessed import joined, witnesses
from mock_sma.witness import report
from mock_sma.witness.evidence import RowVerdict
from mock_sma.witness.judge import judge
from mock_sma.witness.present import still_has
from tests.sandbox_helpers import ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mock_sma.witness.evidence import Evidence

PLANTS = "/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true"
DAY = "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-10&WithTotal=true"
DC = "/v1/devices/2101/measurements/sets/PowerDc/Day?Date=2025-06-10"
ASKED = (
    "/v1/plants/2100/devices/lean",
    "/v1/devices/2101",
    "/v1/plants/2100/capabilities",
    "/v1/plants/2100/logs?From=2025-06-01&To=2025-06-15",
)


@cache
def traffic() -> str:
    world = make("ennexos")
    bearer = tokens(world)["access_token"]
    for path in (PLANTS, DAY, DC, *ASKED):
        ask(world, "GET", path, bearer=bearer)
    ask(world, "GET", "/v1/plants")
    return json.dumps(har_of(list(world.requests)))


def held(tmp_path: Path, har: Any) -> Evidence:
    file = tmp_path / "session.har"
    file.write_text(har if isinstance(har, str) else json.dumps(har))
    return judge(exchanges_of(file), load_ledger())


def changed(where: str, change: Callable[[str], str]) -> dict[str, Any]:
    """Return the traffic with the body of one answer changed as text."""
    har: dict[str, Any] = json.loads(traffic())
    entry = next(item for item in har["log"]["entries"] if where in item["request"]["url"])
    content = entry["response"]["content"]
    before = content["text"]
    content["text"] = change(before)
    assert content["text"] != before
    return har


def swapped(text: str, change: Callable[[dict[str, Any]], None]) -> str:
    value = json.loads(text)
    change(value)
    return json.dumps(value)


@pytest.mark.slow
def test_the_emulator_confirms_itself(tmp_path: Path) -> None:
    evidence = held(tmp_path, traffic())
    assert list(evidence.names(RowVerdict.REFUTED)) == []
    confirmed = set(evidence.names(RowVerdict.CONFIRMED))
    assert {
        "operation.getPlants",
        "parameter.monitoring.Date",
        "status.monitoring.200",
        "status.monitoring.401",
        "field.Installation.peakPower",
        "field.TokenBody.expires_in",
        "property.EnergyBalance.autarkyRate",
        "property.PowerDc.dcPowerInput",
        "set.EnergyBalance",
        "word.Resolution.FiveMinutes",
        "word.Status.Ok",
    } <= confirmed
    assert "rule.R01" in set(evidence.names(RowVerdict.UNSEEN))


CHANGES: dict[str, tuple[str, Callable[[str], str], str]] = {
    "a required member renamed": (
        PLANTS,
        lambda text: text.replace('"peakPower"', '"peakOutput"'),
        "field.Installation.peakPower",
    ),
    "an optional member renamed": (
        "devices/lean",
        lambda text: text.replace('"generatorPowerDc"', '"generatorPowerDC"'),
        "field.LeanDevice.generatorPowerDc",
    ),
    "a property renamed": (
        DAY,
        lambda text: text.replace('"gridFeedIn"', '"feedIn"'),
        "property.EnergyBalance.gridFeedIn",
    ),
    "a member gone": (
        DAY,
        lambda text: swapped(text, lambda value: value.pop("resolution")),
        "field.PlantMeasurementBody.resolution",
    ),
    "a type changed": (
        "devices/lean",
        lambda text: text.replace('"isActive":true', '"isActive":"true"'),
        "field.LeanDevice.isActive",
    ),
    "an id as a number": (
        PLANTS,
        lambda text: text.replace('"plantId":"2100"', '"plantId":2100'),
        "field.PlantName.plantId",
    ),
    "a whole number": (
        PLANTS,
        lambda text: text.replace('"peakPower":9600.0', '"peakPower":9600'),
        "field.Installation.peakPower",
    ),
    "other decimals": (
        PLANTS,
        lambda text: text.replace('0000,"latitude"', '0,"latitude"'),
        "field.AddressBody.longitude",
    ),
    "another stamp": (DAY, lambda text: text.replace("T00:05:00", "T00:05:00Z"), "field.Row.time"),
    "a scalar for a list": (
        DC,
        lambda text: swapped(text, lambda value: value["set"][40].update(dcPowerInput=1.0)),
        "property.PowerDc.dcPowerInput",
    ),
    "an order changed": (
        DAY,
        lambda text: swapped(
            text, lambda value: [row.update(pvGeneration=row.pop("pvGeneration")) for row in value["set"]]
        ),
        "property.EnergyBalance.pvGeneration",
    ),
    "a word in small letters": (PLANTS, lambda text: text.replace('"Ok"', '"ok"'), "word.Status.Ok"),
    "another interval": (
        DAY,
        lambda text: text.replace("FiveMinutes", "FifteenMinutes"),
        "word.Resolution.FifteenMinutes",
    ),
    "a new member": (
        PLANTS,
        lambda text: text.replace('"plantId":"2100",', '"plantId":"2100","zzz":{},'),
        "operation.getPlants",
    ),
}


def failing(evidence: Evidence) -> bool:
    """Tell whether the test that a report has fails."""
    made: dict[str, Any] = {}
    exec("\n".join(report.failing_test(evidence)), made)  # noqa: S102 - our own text
    try:
        for row, shape in made["REFUTED"]:
            made["test_the_emulator_answers_as_sma_does"](row, shape)
    except AssertionError:
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_a_body_refutes_exactly_its_row(tmp_path: Path, name: str) -> None:
    where, change, row = CHANGES[name]
    evidence = held(tmp_path, changed(where.partition("?")[0], change))
    assert list(evidence.names(RowVerdict.REFUTED)) == [row]
    (shapes,) = evidence.of(RowVerdict.REFUTED)[0].shapes
    assert shapes.ours != shapes.theirs
    assert still_has(row, shapes.ours)
    assert not (row.startswith(("field", "property")) and still_has(row, shapes.theirs))
    assert failing(evidence)


@pytest.mark.parametrize("row", ["property.OfYesterday.power", "property.EnergyBalance.power", "field.Gone.name"])
def test_a_member_that_is_gone_is_mended_with_its_set_or_model_too(row: str) -> None:
    assert not still_has(row, f"a member {row.rpartition('.')[2]!r}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "row"), [(203, "status.monitoring.200"), (422, "status.monitoring.429"), (201, "status.monitoring.200")]
)
def test_another_status_refutes_its_row(tmp_path: Path, status: int, row: str) -> None:
    har = json.loads(traffic())
    entry = next(item for item in har["log"]["entries"] if "devices/lean" in item["request"]["url"])
    entry["response"]["status"] = status
    if status >= 400:
        entry["response"]["content"]["text"] = '{"message":"Unprocessable","code":"422"}'
    assert list(held(tmp_path, har).names(RowVerdict.REFUTED)) == [row]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "text", "refuted"),
    [
        (304, "", []),
        (407, "<html>", []),
        (302, "", ["status.monitoring.200"]),
        (303, "<html>", ["status.monitoring.200"]),
    ],
)
def test_a_body_that_is_no_answer_of_the_apis_refutes_no_shape(
    tmp_path: Path, status: int, text: str, refuted: list[str]
) -> None:
    har = json.loads(traffic())
    answer = next(item for item in har["log"]["entries"] if "devices/lean" in item["request"]["url"])["response"]
    answer |= {"status": status, "headers": [{"name": "content-type", "value": "text/html"}]}
    answer["content"] = {"text": text, "size": len(text)}
    assert list(held(tmp_path, har).names(RowVerdict.REFUTED)) == refuted


@pytest.mark.slow
def test_another_header_refutes_its_row(tmp_path: Path) -> None:
    har = json.loads(traffic())
    entry = next(item for item in har["log"]["entries"] if "devices/lean" in item["request"]["url"])
    for header in entry["response"]["headers"]:
        if header["name"] == "content-type":
            header["value"] = "application/problem+json; charset=utf-8"
    assert list(held(tmp_path, har).names(RowVerdict.REFUTED)) == ["operation.getDevicesLean"]


# ---- what is printed and written -----------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_tells_writes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, out = tmp_path / "good.har", tmp_path / "bad.har", tmp_path / "shapes.json"
    good.write_text(traffic())
    bad.write_text(json.dumps(changed("/v1/plants", lambda text: text.replace('"peakPower"', '"peakOutput"'))))
    assert main(["witness", str(good), "--out", str(out)]) == 0
    assert "confirmed  field.Installation.peakPower" in capsys.readouterr().out
    first = json.loads(out.read_text())
    assert main(["witness", str(good), str(bad), "--markdown", "--out", str(out)]) == 1
    text = capsys.readouterr().out
    assert "| `field.Installation.peakPower` | observed | a member 'peakPower' | a member 'peakOutput' |" in text
    assert "('field.Installation.peakPower', \"a member 'peakPower'\"),  # seen: a member 'peakOutput'" in text
    assert main(["witness", str(bad), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["counts"]["refuted"] == 1
    both = joined([("a", first), ("b", first), ("c", json.loads(out.read_text()))])
    assert both.confirmations["field.Installation.dcPowerInputMax"] == 3
    assert both.confirmations["field.Installation.peakPower"] == 2
    assert both.refuted == {"field.Installation.peakPower"}


def test_no_witness_of_the_package_refutes_what_the_emulator_answers() -> None:
    assert witnesses().refuted == set()
    names = {f"{row.kind}.{row.name}" for row in load_ledger().rows}
    assert set(witnesses().confirmations) <= names
    assert witnesses().confirmations["field.PlantName.plantId"] == 2


@pytest.mark.parametrize("document", [{}, [], {"version": 2, "rows": []}, {"version": 1, "rows": [{}]}])
def test_what_is_no_file_of_shapes_is_refused(document: Any) -> None:
    with pytest.raises(UsageError, match=r"file of shapes"):
        joined([("strange.json", document)])


def test_a_folder_of_answers_is_read_with_its_urls(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    entries = json.loads(traffic())["log"]["entries"]
    body = next(item for item in entries if "devices/lean" in item["request"]["url"])["response"]["content"]["text"]
    (folder / "lean.json").write_text(body)
    (folder / "lean.url").write_text("https://monitoring.smaapis.de/v1/plants/2100/devices/lean\n")
    (folder / "told.json").write_text(
        f'{{"url": "https://sandbox.smaapis.de/monitoring/v1/plants/1/devices/lean", "body": {body}}}'
    )
    evidence = judge(exchanges_of(folder), load_ledger())
    assert evidence.exchanges == 2
    assert "field.LeanDevice.isActive" in set(evidence.names(RowVerdict.CONFIRMED))
    assert list(evidence.names(RowVerdict.REFUTED)) == []
