"""Scenarios made of several files: bases, parts, parameters, lists that are appended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import dump_scenario, load_file, load_scenario, parse_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario


def loaded(folder: Path, main: str, **files: str) -> Scenario:
    """Return the scenario ``main`` with files of other names beside it."""
    for name, text in files.items():
        (folder / name).with_suffix(".yaml").write_text(text, encoding="utf-8")
    file = folder / "main.yaml"
    file.write_text(main, encoding="utf-8")
    return load_file(file, shown="main.yaml")


def complaint(folder: Path, main: str, **files: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loaded(folder, main, **files)
    return str(caught.value)


PEOPLE = "users: [{email: a@example.org, country: DE}, {email: b@example.org, country: DE}]\n"
HOUSE = "plants: [{id: 2100, name: House, template: household, owner: a@example.org}]\n"


def test_of_several_bases_each_goes_over_those_before_it(tmp_path: Path) -> None:
    world = loaded(
        tmp_path,
        "extends: [people, house, sunny]\nname: mine\nplants: [{id: 2100, elevation: 7}]\n",
        people=PEOPLE,
        house=HOUSE + "description: house\n",
        sunny="description: sunny\nplants: [{id: 2100, latitude: 40, longitude: -3, timezone: Europe/Madrid}]\n",
    )
    plant = world.plants[0]
    assert (world.name, world.description, len(world.users)) == ("mine", "sunny", 2)
    assert (plant.name, plant.latitude, plant.elevation, len(plant.devices)) == ("House", 40.0, 7.0, 2)


def test_a_mistake_is_named_in_the_base_that_has_it(tmp_path: Path) -> None:
    text = complaint(tmp_path, "extends: [people, house]\n", people=PEOPLE, house=HOUSE + "\n\nqouta: {requests: 5}\n")
    assert text.startswith("house.yaml:4: qouta: unknown key 'qouta'; did you mean 'quota'?")
    assert complaint(tmp_path, "name: x\nextends: [people, 7]\n", people=PEOPLE).startswith(
        "main.yaml:2: extends[1]: has to be the name of a scenario or file"
    )
    assert "leads back to itself" in complaint(tmp_path, "extends: [loop]\n", loop="extends: [loop]\n")


def test_append_adds_to_the_lists_of_the_base(tmp_path: Path) -> None:
    base = PEOPLE + HOUSE + "consents: [{email: a@example.org}]\ntimeline: [{after: P1D, action: clear_faults}]\n"
    more = (
        "append:\n  timeline: [{after: P2D, action: revoke, email: a@example.org}]\n  faults: [{effect: {delay: 1}}]\n"
    )
    world = loaded(tmp_path, "extends: base\n" + more, base=base)
    assert [entry.after.days for entry in world.timeline if entry.after is not None] == [1, 2]
    assert len(world.faults) == 1
    replaced = loaded(tmp_path, "extends: base\n" + more.replace("append:\n", "").replace("  ", ""), base=base)
    assert len(replaced.timeline) == 1


def test_append_adds_to_the_lists_of_a_template_and_of_a_bases_plant(tmp_path: Path) -> None:
    charger = "{kind: ev-charger, name: Box}"
    plain = loaded(
        tmp_path, PEOPLE + f"plants: [{{id: 1, name: A, template: household, append: {{devices: [{charger}]}}}}]\n"
    )
    assert [device.name for device in plain.plants[0].devices] == ["Inverter", "Energy Meter", "Box"]
    main = f"extends: base\nplants: [{{id: 2100, append: {{devices: [{charger}]}}}}]\n"
    over = loaded(tmp_path, main, base=PEOPLE + HOUSE)
    assert [device.name for device in over.plants[0].devices] == ["Inverter", "Energy Meter", "Box"]
    twice = loaded(tmp_path, main.replace("base", "middle"), base=PEOPLE + HOUSE, middle=main)
    assert len(twice.plants[0].devices) == 4
    own = main.replace(f"append: {{devices: [{charger}]}}", "devices: [{kind: grid-meter, name: M}]")
    assert len(loaded(tmp_path, own, base=PEOPLE + HOUSE).plants[0].devices) == 1


def test_a_mistake_in_what_is_appended_is_named_where_it_stands(tmp_path: Path) -> None:
    main = "extends: base\n\nplants:\n  - id: 2100\n    append:\n      devices:\n        - {kind: ev-chager, name: B}\n"
    assert "main.yaml:7: plants[0].devices[2].kind: 'ev-chager' is unknown; did you mean 'ev-charger'" in complaint(
        tmp_path, main, base=PEOPLE + HOUSE
    )
    wrong = "extends: base\nappend:\n  timeline: 7\n  quota: []\n"
    text = complaint(tmp_path, wrong, base=PEOPLE + HOUSE)
    assert "main.yaml:3: append.timeline: has to be a list" in text
    quota = complaint(tmp_path, wrong.replace("7", "[]"), base=PEOPLE + HOUSE)
    assert "main.yaml:4: quota: has to be a mapping" in quota


# ---- Parameters -----------------------------------------------------------------------------------------------

HOUSE_OF = (
    "parameters: {owner: a@example.org, id: 2100, kwp: 10, label: House of}\n"
    "users: [{email: '${owner}', country: DE}]\n"
    "plants:\n"
    "  - id: ${id}\n"
    "    name: ${label} ${owner}, ${kwp} kWp\n"
    "    owner: ${owner}\n"
    "    resolution: ${step}\n"
    "    devices: [{kind: solar-inverter, name: I, arrays: [{peak_power: '${kwp}'}]}]\n"
)


def test_parameters_have_defaults_that_another_document_overrides(tmp_path: Path) -> None:
    base = HOUSE_OF.replace("${step}", "5")
    plant = loaded(tmp_path, base).plants[0]
    assert (plant.id, plant.name, plant.peak_power) == ("2100", "House of a@example.org, 10 kWp", 10.0)
    over = loaded(tmp_path, "extends: base\nparameters: {owner: c@example.org, id: 7}\n", base=base)
    assert (over.plants[0].id, over.users[0].email) == ("7", "c@example.org")
    document = load_scenario(
        {"extends": "ennexos", "name": "${who}", "parameters": {"who": "me"}}, parameters={"who": "you"}
    )
    assert document.name == "you"


def test_a_parameter_keeps_its_type_where_it_stands_alone_and_is_text_within_text(tmp_path: Path) -> None:
    text = (
        "parameters: {n: 3, on: true, list: [a@example.org], who: '${n}', gone: null}\n"
        "name: n${n} ${on} ${who}${gone} $${n}\nseed: ${n}\n"
        "users: [{email: a@example.org, registered: '${on}', country: DE}]\n"
    )
    world = loaded(tmp_path, text)
    assert (world.name, world.seed, world.users[0].registered) == ("n3 true 3 ${n}", 3, True)


def test_unknown_parameters_are_named_with_their_place(tmp_path: Path) -> None:
    assert "main.yaml:7: plants[0].resolution: no parameter 'step'; known are id, kwp, label, owner" in complaint(
        tmp_path, HOUSE_OF
    )
    assert "main.yaml:1: name: no parameter 'x'; name it under 'parameters'" in complaint(tmp_path, "name: ${x}\n")
    assert "the parameter 'a' is neither text" in complaint(tmp_path, "parameters: {a: [1]}\nname: my ${a}\n")
    assert "has to be a mapping of names" in complaint(tmp_path, "parameters: 7\n")
    assert "is not a parameter name" in complaint(tmp_path, "parameters: {a b: 7}\n")
    with pytest.raises(ScenarioError, match="no parameter 'owns' in this scenario"):
        load_scenario({"parameters": {"owner": "x"}}, parameters={"owns": 1})


def test_what_only_looks_like_a_parameter_survives_the_dump() -> None:
    world = load_scenario(
        {"name": "$${x} and $$${y} and $ {z}", "faults": [{"effect": {"status": 200, "body": "$${a}"}}]}
    )
    assert world.name == "${x} and $${y} and $ {z}"
    assert parse_scenario(dump_scenario(world)) == world


# ---- Parts ----------------------------------------------------------------------------------------------------

PART = (
    "parameters: {kwp: 10}\n"
    "id: ${id}\n"
    "name: House ${id}\n"
    "owner: ${owner}\n"
    "devices: [{kind: solar-inverter, name: I, arrays: [{peak_power: '${kwp}'}]}]\n"
)


def test_parts_stand_in_the_place_of_their_include(tmp_path: Path) -> None:
    world = loaded(
        tmp_path,
        "parameters: {owner: b@example.org}\n"
        "users: {include: people}\n"
        "plants:\n"
        "  - {include: house.yaml, with: {id: 100}}\n"
        "  - {id: 200, name: Own}\n"
        "  - {include: house, with: {id: 300, kwp: 4, owner: a@example.org}}\n"
        "timeline:\n"
        "  - include: story\n"
        "  - {after: P9D, action: clear_faults}\n",
        people="- {email: a@example.org, country: DE}\n- {email: b@example.org, country: DE}\n",
        house=PART,
        story="- {after: P1D, action: clear_faults}\n- {after: P2D, action: clear_faults}\n",
    )
    assert [(plant.id, plant.peak_power) for plant in world.plants] == [("100", 10.0), ("200", 0.0), ("300", 4.0)]
    assert [plant.owners()[0].email for plant in world.plants if plant.users] == ["b@example.org", "a@example.org"]
    assert [entry.after.days for entry in world.timeline if entry.after is not None] == [1, 2, 9]


def test_a_mistake_in_a_part_is_named_in_its_file_and_one_behind_it_in_its_own(tmp_path: Path) -> None:
    text = complaint(
        tmp_path,
        "users: []\nplants:\n  - include: two\n  - {id: 3, name: C, elevaton: 1}\n",
        two="- {id: 1, name: A}\n- {id: 2, name: B, latitude: 91}\n",
    )
    assert "main.yaml:4: plants[2].elevaton: unknown key" in text
    assert "two.yaml:2: plants[1].latitude: " in text


def test_an_include_that_cannot_be_followed_says_why(tmp_path: Path) -> None:
    main = "plants:\n  - {include: %s}\n"
    assert "main.yaml:2: plants[0].include: no part 'none': there is no such file" in complaint(tmp_path, main % "none")
    assert "leads back to itself" in complaint(tmp_path, main % "loop", loop="- {include: loop}\n")
    assert "'house' has no ${kpw}" in complaint(
        tmp_path, "plants: [{include: house, with: {id: 1, owner: a, kpw: 3}}]\n", house=PART
    )
    assert "an include is {include: FILE}" in complaint(tmp_path, main % "7")
    with pytest.raises(ScenarioError, match="a document that is no file includes none"):
        load_scenario({"plants": [{"include": "pyproject"}]})


def test_watchers_learn_of_every_file(tmp_path: Path) -> None:
    loaded(tmp_path, "extends: [people]\nplants: [{include: house}]\n", people=PEOPLE, house="id: 1\nname: A\n")
    files: list[Any] = []
    load_file(tmp_path / "main.yaml", files=files)
    assert sorted(file.name for file in files) == ["house.yaml", "main.yaml", "people.yaml"]


@pytest.mark.parametrize("order", ["13 14 15", "15 14 13"])
def test_r19_devices_without_ids_give_way_to_the_ids_that_a_file_names(order: str) -> None:
    plants: list[dict[str, Any]] = [
        {"id": name, "name": name, "template": "household-battery", "owner": "a@example.org"} for name in order.split()
    ]
    named = {"id": "17", "name": "Meter", "kind": "grid-meter"}
    plants.append({"id": "20", "name": "Own", "owner": "a@example.org", "devices": [named]})
    scenario = load_scenario({"users": [{"email": "a@example.org", "country": "DE"}], "plants": plants})
    ids = [part.id for plant in scenario.plants for part in (plant, *plant.devices)]
    assert len(ids) == len(set(ids))
    assert scenario.plants[3].devices[0].id == "17"
    assert [plant.id for plant in scenario.plants] == [*order.split(), "20"]
    assert parse_scenario(dump_scenario(scenario)) == scenario
