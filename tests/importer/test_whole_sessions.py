"""Sessions with several owners, logs, totals and answers about consents: imported, they are answered as they were."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.api.har import har_of
from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.archive.writing import ArchiveWriter, entry_of
from mock_sma.cli import main
from mock_sma.importer.owners import ConsentFacts, Sightings, owners_of
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file import dump_scenario, load_file, load_scenario, parse_scenario
from tests.importer.test_round_trip import without_names
from tests.sandbox_helpers import ask, content, tokens

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2025-06-15T12:00:00+02:00"
ANNA, BEN, CLARA, DORA = "anna@example.net", "ben@example.net", "clara@example.net", "dora@example.net"
HOME = {
    "latitude": 50.1,
    "longitude": 8.6,
    "commissioned": "2023-03-01",
    "devices": [
        {"kind": "hybrid-inverter", "name": "Roof", "generator_power": 5000, "arrays": [{"peak_power": 6100}]}
        | {"battery": {"capacity": 7000, "max_charge": 3000, "max_discharge": 3000}},
        {"kind": "grid-meter", "name": "Meter"},
        {"kind": "consumer", "name": "Heater", "annual_energy": 900_000},
    ],
}


@cache
def world_of(seed: int) -> Sandbox:
    log = [
        {"kind": "message", "start": "2025-06-11T08:00:00+02:00", "message_tag": 4711, "level": "Warning"}
        | {"text": "Herr Meier, SN 1234567, an Dach Süd", "log_id": "42", "device": "101"},
        {"kind": "message", "start": "2025-06-11T08:00:00+02:00", "text": "zweimal"},
        {"kind": "message", "start": "2025-06-11T08:00:00+02:00", "text": "zweimal"},
        {"kind": "gap", "start": "2025-06-12T09:00:00+02:00", "end": "2025-06-12T11:00:00+02:00"},
        {"kind": "device-fault", "start": "2025-06-15T07:00:00+02:00", "device": "101"},
    ]
    people = {ANNA: "accepted", BEN: "accepted", CLARA: "revoked", DORA: "pending"}
    document = {
        "version": 1,
        "profile": "production-2020",
        "users": [{"email": email, "password": "secret"} for email in people],
        "plants": [
            HOME | {"id": "100", "name": "Haus Meier", "owner": ANNA, "events": log},
            HOME | {"id": "200", "name": "Haus Ben", "owner": BEN},
            HOME | {"id": "250", "name": "Of which the list alone is asked", "owner": BEN},
            HOME | {"id": "300", "name": "Haus Clara", "owner": CLARA},
        ],
        "consents": [
            {"email": email, "state": state, "requested_at": f"2025-06-1{number}T10:20:30.123Z"}
            for number, (email, state) in enumerate(people.items())
        ],
    }
    return Sandbox(load_scenario(document), now=NOW, seed=seed)


def questions() -> list[str]:
    sets = [("devices/103", "EnergyMix"), ("plants/100", "EnergyBalance")]
    spans = ["Recent?WithTotal=true", "Week?Date=2025-06-04&WithTotal=true", "Month?Date=2025-06&WithTotal=true"]
    spans += ["Day?Date=2025-06-15&WithTotal=true", "Total?WithTotal=true", "Year?Date=2024&WithTotal=true"]
    return [
        "/v1/plants?WithStatus=true&WithInstallation=true",
        *(f"/v1/plants/{plant}/devices" for plant in ("100", "200")),
        "/v1/plants/100/logs?From=2025-06-01&To=2025-06-15",
        "/v1/plants/100/logs?Level=Warning",
        "/v1/devices/101/logs",
        *(f"/oauth2/v2/bc-authorize/{email}" for email in (ANNA, BEN, CLARA, DORA)),
        *(f"/v1/{thing}/measurements/sets" for thing, _ in sets),
        *(f"/v1/{thing}/measurements/sets/{name}/{span}" for thing, name in sets for span in spans),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("keep", [False, True])
def test_logs_totals_and_consents_of_several_owners_come_back(tmp_path: Path, keep: bool) -> None:
    first = world_of(77)
    bearer = tokens(first)["access_token"]
    before = {path: content(ask(first, "GET", path, bearer=bearer)) for path in questions()}
    har, out = tmp_path / "session.har", tmp_path / "own.yaml"
    har.write_text(json.dumps(har_of(list(first.requests))))
    assert main(["import", str(har), "--out", str(out), *(["--keep-names"] if keep else [])]) == 0
    assert main(["check", str(out)]) == 0
    again = Sandbox(load_file(out), seed=5)
    bearer = tokens(again)["access_token"]
    theirs = dict(zip((ANNA, BEN, CLARA, DORA), (user.email for user in again.scenario.users), strict=True))
    for path, body in before.items():
        asked, expected = path, without_names(body)
        for email, other in theirs.items():
            asked, expected = asked.replace(email, other), expected.replace(email, other)
        answer = without_names(content(ask(again, "GET", asked, bearer=bearer)))
        if not keep and "/logs" in path:
            assert "1234567" not in answer
            answer, expected = (json.dumps(_without_digits(text)) for text in (answer, expected))
        assert answer == expected, path
    owners = {plant.id: [user.email for user in plant.owners()] for plant in again.scenario.plants}
    assert {email for own in owners.values() for email in own} >= {theirs[ANNA], theirs[BEN], theirs[CLARA]}
    written = parse_scenario(dump_scenario(again.scenario, "yaml"))
    assert [plant.data for plant in written.plants] == [plant.data for plant in again.scenario.plants]


def _without_digits(text: str) -> Any:
    value = json.loads(text)
    for entry in value["logs"]:
        if "SN" in entry["message"]:
            entry["message"] = entry["message"].partition("SN")[0]
    return value


def test_owners_are_told_by_lists_of_tokens_and_by_consents_that_came() -> None:
    accepted = ConsentFacts("Accepted", None)
    seen = Sightings()
    seen.listed("1", ["a", "b"])
    seen.listed("2", ["c"])
    found = owners_of(["a", "b", "c", "d"], {ANNA: accepted, BEN: accepted}, seen)
    assert found.of_plants["a"] == found.of_plants["b"] != found.of_plants["c"]
    assert {found.of_plants["a"], found.of_plants["c"]} == {ANNA, BEN}
    seen = Sightings()
    seen.answered(ANNA, "Accepted")
    seen.listed("1", ["a"])
    seen.answered(BEN, "Pending")
    seen.listed("1", ["a"])
    seen.answered(BEN, "Accepted")
    seen.listed("2", ["a", "z"])
    consents = {BEN: accepted, ANNA: accepted, CLARA: ConsentFacts("Revoked", None)}
    found = owners_of(["a", "z"], consents, seen)
    assert found.of_plants == {"a": ANNA, "z": BEN}
    assert found.others == [CLARA]
    assert owners_of(["a", "b"], {}, Sightings()).unnamed == 1
    assert owners_of(["a", "b", "c"], {ANNA: accepted, BEN: accepted}, Sightings()).dealt


def test_a_recorder_tells_tokens_apart_and_keeps_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.archive.writing.MAX_TOKENS", 2)
    writer = ArchiveWriter(tmp_path / "a.har")
    for token in ("one-s3cret", "two-s3cret", "one-s3cret", "three-s3cret"):
        headers = (("Authorization", f"Bearer {token}"),)
        url = "https://sandbox.smaapis.de/monitoring/v1/plants"
        writer.write(ArchivedExchange(method="GET", url=url, status=200, request_headers=headers, body=b"{}"))
    writer.close()
    text = (tmp_path / "a.har").read_text()
    assert "s3cret" not in text
    entries = json.loads(text)["log"]["entries"]
    assert [entry["request"]["headers"][0]["value"] for entry in entries] == ["*** 1", "*** 2", "*** 1", "***"]


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://sandbox.smaapis.de/s?Date=2025", "https://sandbox.smaapis.de/s?Date=2025"),
        ("https://anna:s3cret@sandbox.smaapis.de:8443", "https://sandbox.smaapis.de:8443/"),
        ("http://[", "/"),
    ],
)
def test_a_recorder_writes_where_was_asked_and_not_who(url: str, written: str) -> None:
    entry = entry_of(ArchivedExchange(method="GET", url=url, status=200), 0.0)
    assert entry["request"]["url"] == written
