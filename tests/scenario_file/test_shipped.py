"""The shipped library: complete, commented, and the same after a round trip."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest

from mock_sma.domain.actions import SetOwner
from mock_sma.domain.plant import Backend
from mock_sma.domain.scenario import ConsentState, Scenario
from mock_sma.errors import ScenarioError
from mock_sma.scenario_file.read import read_text
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario, shipped, shipped_directory
from mock_sma.scenarios.parse import read_file
from mock_sma.scenarios.prepared import KIND, mark, prepared
from mock_sma.scenarios.schema import schema_text
from tests.facts import OWNER

NAMES = [
    "sandbox",
    "classic",
    "ennexos",
    "portfolio",
    "gap-week",
    "no-consent",
    "pending-consent",
    "rejected-consent",
    "expired-request",
    "revoked-consent",
    "unregistered-owner",
    "two-owners",
    "delegate-owner",
    "new-plant-after-consent",
    "ownership-lost",
    "deactivated-device",
    "replaced-device",
    "pv-only",
    "processing-delay",
    "professional-package",
    "migration",
    "rate-limited",
    "flaky-network",
    "token-expiry",
    "dst-autumn",
    "dst-spring",
    "commissioning-spike",
    "late-data",
    "polar-night",
    "big-portfolio",
]


@cache
def editor() -> jsonschema_rs.Validator:
    """Return what an editor checks a file with; to build it takes a third of a second."""
    return jsonschema_rs.validator_for(json.loads(schema_text()))


def test_the_library_is_complete() -> None:
    assert sorted(NAMES) == [name for name, _ in shipped()]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenario_says_what_it_shows_and_whose_it_is(name: str) -> None:
    comment = (shipped_directory() / f"{name}.yaml").read_text(encoding="utf-8").split("\nversion:")[0]
    assert len(dict(shipped())[name]) > 30
    assert "demo_api" in comment
    assert "demo_secret" in comment
    assert "$schema=schema/scenario.schema.json" in comment
    scenario = load_scenario(name)
    assert scenario.name == name
    if len(scenario.plants) < 100:
        assert all(user.email in comment for user in scenario.users if any_owner(scenario, user.key))


def any_owner(scenario: Scenario, key: str) -> bool:
    return any(owner.key == key for plant in scenario.plants for owner in plant.owners())


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenario_has_the_demo_clients_and_no_warnings(name: str) -> None:
    scenario = load_scenario(name)
    assert {client.id: client.secret for client in scenario.clients} == {
        "demo_api": "demo_secret",
        "demo_app": "demo_secret",
    }
    assert scenario.warnings == ()


@pytest.mark.parametrize("name", [*NAMES[:-1], pytest.param(NAMES[-1], marks=pytest.mark.slow)])
def test_shipped_scenario_round_trips(name: str) -> None:
    scenario = load_scenario(name)
    assert parse_scenario(dump_scenario(scenario)) == scenario
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario
    assert load_scenario(dump_scenario(scenario, "document")) == scenario


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_finds_no_fault_with_a_shipped_file(name: str) -> None:
    document = read_text((shipped_directory() / f"{name}.yaml").read_bytes(), format="yaml").value
    assert not [str(error) for error in editor().iter_errors(document)]


def test_an_editor_takes_what_the_reader_takes() -> None:
    document = {
        "plants": [{"id": 5, "name": "A", "previous_ids": {}, "serials": [7, None], "address": {"zip_code": 34266}}],
        "consents": [{"email": "a@example.org", "state": "accepted", "plants": [5]}],
        "timeline": [
            {"after": 60, "action": "gap", "plant": 5, "duration": 0.5},
            {"after": 60, "action": "change_device", "device": 6, "change": {"serial": 12345}},
        ],
    }
    assert editor().is_valid(document)


def test_an_editor_finds_typos() -> None:
    validator = editor()
    for wrong in ({"usrs": []}, {"plants": [{"id": 1, "nam": "A"}]}, {"timeline": [{"action": "revok"}]}):
        assert not validator.is_valid(wrong)


def test_r26_the_sandbox_has_nine_plants_of_ten_devices_in_quarter_hours() -> None:
    plants = load_scenario("sandbox").plants
    assert [plant.id for plant in plants] == ["13", "24", "35", "46", "57", "68", "79", "90", "101"]
    for plant in plants:
        assert [int(device.id) - int(plant.id) for device in plant.devices] == list(range(1, 11))
        assert (plant.resolution, plant.timezone, plant.description) == (15, "Europe/Berlin", None)
        assert [owner.email for owner in plant.owners()] == [OWNER]
    first = plants[0].devices
    assert [device.serial for device in first[2:6]] == ["3421111", "9687867", "463688", "4562245"]
    assert first[9].type == "Solar Inverters"
    assert first[9].generator_power is None
    assert plants[0].peak_power == 14_600.0


def test_r12_no_consent_has_none() -> None:
    assert load_scenario("no-consent").consents == ()
    assert load_scenario("sandbox").consents == ()


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("pending-consent", ConsentState.PENDING),
        ("rejected-consent", ConsentState.REJECTED),
        ("expired-request", ConsentState.EXPIRED),
        ("revoked-consent", ConsentState.REVOKED),
    ],
)
def test_consent_scenarios_begin_in_their_state(name: str, state: ConsentState) -> None:
    assert [consent.state for consent in load_scenario(name).consents] == [state]


def test_r18_the_portfolio_mixes_backends_and_owners() -> None:
    plants = load_scenario("portfolio").plants
    assert {plant.backend for plant in plants} == {Backend.CLASSIC, Backend.ENNEXOS}
    assert len({owner.key for plant in plants for owner in plant.owners()}) == 3


def test_r25_processing_delay_differs_by_the_package_alone() -> None:
    plants = load_scenario("processing-delay").plants
    assert [plant.professional_package for plant in plants] == [False, True]
    assert all(plant.backend is Backend.CLASSIC for plant in plants)


def test_r17_the_rate_limit_is_1500_in_five_minutes() -> None:
    quota = load_scenario("rate-limited").quota
    assert quota is not None
    assert (quota.requests, quota.window) == (1500, 300.0)
    assert load_scenario({"profile": "production-2025"}).quota == quota
    assert load_scenario("sandbox").quota is None


def test_r10_ownership_is_lost_and_returns() -> None:
    actions = [entry.action for entry in load_scenario("ownership-lost").timeline]
    assert [action.owner for action in actions if isinstance(action, SetOwner)] == [False, True]


@pytest.mark.slow
def test_the_big_portfolio_has_500_plants_with_ids_of_their_own() -> None:
    plants = load_scenario("big-portfolio").plants
    ids = [plant.id for plant in plants] + [device.id for plant in plants for device in plant.devices]
    assert len(plants) == 500
    assert len(ids) == len(set(ids))


def test_a_file_beside_can_be_extended(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "name: base\nseed: 3\nusers: [{email: a@example.org, country: DE}]\n"
        "plants: [{id: 1, name: A, template: pv-only, owner: a@example.org}]\n"
    )
    (tmp_path / "child.yaml").write_text(
        "extends: base.yaml\nname: child\nswitches: {dst_fold: sum}\n"
        "plants:\n  - {id: 1, name: B}\n  - {id: 50, name: C, template: pv-only, owner: a@example.org}\n"
    )
    scenario = load_scenario(tmp_path / "child.yaml")
    assert (scenario.name, scenario.seed) == ("child", 3)
    assert [(plant.id, plant.name, len(plant.devices)) for plant in scenario.plants] == [
        ("1", "B", 1),
        ("50", "C", 1),
    ]


def test_mistakes_of_a_base_are_named_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "users:\n  - {email: a@example.org, country: DE}\n"
        "plants:\n  - {id: 1, name: A, resolution: 7}\n  - {id: 9, name: B, nam: x, owner: a@example.org}\n"
    )
    (tmp_path / "child.json").write_text(
        '{"extends": "base",\n "plants": [\n  {"id": "9", "resolution": 8},\n  {"id": "20", "name": "C", "owner": 5}]}'
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "child.json")
    found = [(Path(item.file or "").name, item.line, item.path) for item in caught.value.problems]
    assert found == [
        ("child.json", 3, "plants[1].resolution"),
        ("child.json", 4, "plants[2].owner"),
        ("base.yaml", 4, "plants[0].resolution"),
        ("base.yaml", 5, "plants[1].nam"),
    ]


def test_r26_what_no_sandbox_has_is_noted() -> None:
    guid = "0fa3b7c2-1111-4222-8333-000000000001"
    plants = [{"id": guid, "name": "A"}, {"id": "5", "name": "B", "resolution": 5}, {"id": "9", "name": "C"}]

    def notes(document: dict[str, object]) -> int:
        return sum(text.endswith("(R26)") for text in load_scenario(document | {"plants": plants}).warnings)

    assert (notes({"profile": "sandbox"}), notes({})) == (2, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_what_has_been_checked_before_is_what_the_file_says(name: str) -> None:
    file = shipped_directory() / f"{name}.yaml"
    kept, read = load_scenario(name), read_file(file, shown=file.name)
    assert kept == read
    assert kept.warnings == read.warnings
    assert dump_scenario(kept) == dump_scenario(read)


def test_a_file_that_has_been_edited_is_read() -> None:
    text = (shipped_directory() / "sandbox.yaml").read_bytes()
    assert prepared("sandbox.yaml", text) is not None
    assert prepared("sandbox.yaml", text.replace(b"Testplant 1", b"Testplant 2", 1)) is None
    assert prepared("mine.yaml", text) is None


def test_a_part_that_scenarios_no_longer_have_is_read_from_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"sandbox.yaml": {"mark": mark(b""), "scenario": {KIND: "scenario:Scenario", "name": "a", "former": 1}}}
    monkeypatch.setattr("mock_sma.scenarios.prepared._kept", lambda: kept)
    assert prepared("sandbox.yaml", b"") is None


@pytest.mark.slow
def test_a_start_loads_nothing_that_reads_or_checks_documents() -> None:
    code = (
        "import sys; from mock_sma.cli import main, serve, serve_options; from mock_sma import load_scenario; "
        "load_scenario('sandbox'); print([name for name in ('pydantic', 'yaml', 'fastapi') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout == "[]\n"
