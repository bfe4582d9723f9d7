"""What the language gives by itself, its aliases and its warnings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain.people import Role
from mock_sma.domain.plant import Gateway
from mock_sma.errors import ScenarioError
from mock_sma.mistakes.json_places import JsonPlaces
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario
from tests.examples import examples
from tests.scenario_file.language import scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Path


@pytest.mark.slow
@given(scenarios())
@examples(40)
def test_any_scenario_made_in_python_survives_yaml_and_json(scenario: Scenario) -> None:
    assert parse_scenario(dump_scenario(scenario)) == scenario
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario


def test_ten_lines_make_a_useful_world() -> None:
    world = parse_scenario(
        "users: [{email: a@example.org, country: DE}]\n"
        "plants: [{id: 100, name: A, template: household-battery, owner: a@example.org}]\n"
    )
    plant = world.plants[0]
    assert [client.id for client in world.clients] == ["demo_api", "demo_app"]
    assert [device.id for device in plant.devices] == ["101", "102", "103"]
    assert (plant.resolution, plant.gateway, plant.has_battery) == (5, Gateway.DATA_MANAGER, True)


def test_r22_a_classic_plant_has_fifteen_minutes_and_devices_with_guids() -> None:
    guid = "0fa3b7c2-1111-4222-8333-000000000001"
    plant = load_scenario({"plants": [{"id": guid, "name": "A", "template": "household"}]}).plants[0]
    assert plant.resolution == 15
    assert all(len(device.id) == 36 for device in plant.devices)


def test_r05_a_missing_country_is_a_warning() -> None:
    world = parse_scenario("users: [{email: a@example.org}]\n")
    text = "users[0]: warning: a@example.org has no country: consent mails will be English (R05)"
    assert world.warnings == (f"1: {text}",)
    assert load_scenario({"users": [{"email": "a@example.org"}]}).warnings == (text,)


def test_an_older_version_loads_with_a_note() -> None:
    note = "version: warning: version 0 is older; it was read as version 1"
    assert parse_scenario("name: old\nversion: 0\n").warnings == (f"2: {note}",)


def test_r01_any_classic_role_may_own_and_ennexos_words_are_read() -> None:
    people = "users: [{email: a@example.org, country: DE}]\n"
    classic = (
        "plants:\n  - id: 0fa3b7c2-1111-4222-8333-000000000001\n    name: A\n"
        "    users: [{email: a@example.org, role: guest, owner: true}]\n"
    )
    assert parse_scenario(people + classic).plants[0].owners()[0].role is Role.GUEST
    ennexos = "plants: [{id: 1, name: A, users: [{email: A@example.org, role: Administrator, owner: true}]}]\n"
    assert parse_scenario(people + ennexos).plants[0].owners()[0].role is Role.ADMIN


def test_unquoted_norway_octal_and_clock_times_stay_what_was_written() -> None:
    world = parse_scenario("users: [{email: a@example.org, country: NO, name: 12:30}]\nname: 0123\n")
    assert (world.users[0].country, world.users[0].name, world.name) == ("NO", "12:30", "0123")


def test_merge_keys_and_own_templates_work() -> None:
    world = parse_scenario(
        "templates:\n  tiny: {devices: [{kind: grid-meter, name: M}]}\n"
        "plants:\n  - &one {id: 10, name: A, template: tiny}\n"
        "  - {<<: *one, id: 20}\n  - {<<: [*one], id: 30}\n"
    )
    assert [(plant.id, plant.name, len(plant.devices)) for plant in world.plants] == [
        ("10", "A", 1),
        ("20", "A", 1),
        ("30", "A", 1),
    ]


def test_a_portfolio_depends_on_the_seed_alone() -> None:
    wish = {"generate": {"count": 30, "owners": 4, "classic": 0.5, "mix": {"household": 1, "pv-only": 1}}}
    first, again = load_scenario(wish), load_scenario(wish)
    other = load_scenario({**wish, "seed": 7})
    assert first == again
    assert [plant.name for plant in first.plants] != [plant.name for plant in other.plants]
    assert {len(plant.id) > 30 for plant in first.plants} == {True, False}


@pytest.mark.slow
@given(scenarios(), st.sampled_from([None, 1, "\t"]))
@examples(15)
def test_every_value_of_a_json_text_has_its_place(scenario: Scenario, indent: int | str | None) -> None:
    text = json.dumps(dump_scenario(scenario, "document"), indent=indent, ensure_ascii=indent is None)
    found = JsonPlaces(text, "x")
    assert found.twice == []
    lines = text.split("\n")
    for path, (line, column, file) in found.places.items():
        rest = lines[line - 1][column - 1 :]
        shown = json.dumps(path[-1], ensure_ascii=indent is None) if path and isinstance(path[-1], str) else ""
        assert rest.startswith(shown)
        assert file == "x"
    assert set(found.places) == set(paths(json.loads(text), ()))


def paths(value: object, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, (*path, name))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def test_a_key_that_stands_twice_in_json_is_named_with_its_line() -> None:
    text = '{\n\t"name": "a",\n\t"plants": [{"id": 1, "id": 2,\n\t"name": "b", "name": "c"}]\n}'
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, format="json", file="x.json")
    assert str(caught.value).splitlines() == [
        "x.json:3: plants[0].id: the key 'id' appears twice",
        "x.json:4: plants[0].name: the key 'name' appears twice",
    ]
