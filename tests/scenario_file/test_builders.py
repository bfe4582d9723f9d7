"""Scenarios made in Python equal those of files."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mock_sma.domain.people import User
from mock_sma.domain.scenario import InitialConsent, Scenario
from mock_sma.errors import ScenarioError
from mock_sma.scenario_file.build_people import DEMO_CLIENTS
from mock_sma.scenarios import builders as b
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario
from tests.facts import HOUSEHOLDER


def test_python_and_yaml_give_equal_worlds() -> None:
    made = Scenario(
        name="w",
        clients=DEMO_CLIENTS,
        users=(User(email=HOUSEHOLDER, country="DE"),),
        plants=(
            b.household("100", "A", owner=HOUSEHOLDER),
            b.household_battery("200", "B", owner=HOUSEHOLDER),
            b.household_battery_ev("300", "C", owner=HOUSEHOLDER),
            b.commercial_roof("400", "D", owner=HOUSEHOLDER, resolution=15),
            b.pv_only("500", "E", users=[{"email": HOUSEHOLDER, "role": "admin", "owner": True}]),
        ),
        consents=(InitialConsent(email=HOUSEHOLDER),),
        timeline=(b.happening("revoke", after="PT1H", email=HOUSEHOLDER),),
    )
    written = parse_scenario(
        """
        name: w
        users: [{email: owner@example.org, country: DE}]
        plants:
          - {id: 100, name: A, template: household, owner: owner@example.org}
          - {id: 200, name: B, template: household-battery, owner: owner@example.org}
          - {id: 300, name: C, template: household-battery-ev, owner: owner@example.org}
          - {id: 400, name: D, template: commercial-roof, owner: owner@example.org, resolution: 15}
          - id: 500
            name: E
            template: pv-only
            users: [{email: owner@example.org, role: admin, owner: true}]
        consents: [{email: owner@example.org}]
        timeline: [{after: PT1H, action: revoke, email: owner@example.org}]
        """
    )
    assert made == written
    assert b.checked(made) == made
    assert parse_scenario(dump_scenario(made)) == written


def test_every_word_of_a_file_has_a_function_and_both_give_equal_worlds() -> None:
    made = b.scenario(
        "all",
        now="2025-06-15T12:00:00+02:00",
        clients=[b.client("c", "s", quota={"requests": 5}), {"id": "d", "secret": "s"}],
        users=[b.user(HOUSEHOLDER, country="DE", language="en"), b.user("b@example.org")],
        plants=[
            b.household(
                "100",
                "A",
                owner=HOUSEHOLDER,
                events=[b.event("gap", "-P1D", end="PT0S"), b.event("snow", "+2h", device="101", value=0.5)],
            ),
            b.plant("200", "B", devices=[b.device("grid-meter", "M", serial=7)]),
        ],
        consents=[b.consent("*", share=0.5), b.consent("b@example.org", state="rejected")],
        auto_answers=[b.auto_answer(HOUSEHOLDER, "never")],
        timeline=[
            b.happening("change_plant", at="+1h", every="1d", times=3, plant="100", change={"name": "N"}),
            b.happening("add_device", after=60, plant="100", device=b.device("sensor", "S")),
            b.happening("add_fault", after=60, rule={"effect": {"delay": 1}}),
        ],
        faults=[b.fault({"status": 503}, match={"query": {"Date": "*"}}, after=2)],
        quota={"requests": 9},
        switches={"retry_after": False},
    )
    written = parse_scenario(
        """
        name: all
        now: 2025-06-15T12:00:00+02:00
        clients: [{id: c, secret: s, quota: {requests: 5}}, {id: d, secret: s}]
        users: [{email: owner@example.org, country: DE, language: en}, {email: b@example.org}]
        plants:
          - id: 100
            name: A
            template: household
            owner: owner@example.org
            events: [{kind: gap, start: -P1D, end: PT0S}, {kind: snow, start: +2h, device: 101, value: 0.5}]
          - {id: 200, name: B, devices: [{kind: grid-meter, name: M, serial: 7}]}
        consents: [{email: "*", share: 0.5}, {email: b@example.org, state: rejected}]
        auto_answers: [{email: owner@example.org, answer: never}]
        timeline:
          - {at: +1h, every: 1d, times: 3, action: change_plant, plant: 100, change: {name: N}}
          - {after: 60, action: add_device, plant: 100, device: {kind: sensor, name: S}}
          - {after: 60, action: add_fault, rule: {effect: {delay: 1}}}
        faults: [{effect: {status: 503}, match: {query: {Date: "*"}}, after: 2}]
        quota: {requests: 9}
        switches: {retry_after: false}
        """
    )
    assert made == written
    assert parse_scenario(dump_scenario(made)) == written


def test_the_example_of_the_docs_is_the_same_in_both_forms() -> None:
    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text.split("## In Python")[1], re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(compile(code, "docs/scenarios.md", "exec"), names)  # noqa: S102 - our own page
    assert names["world"] == parse_scenario(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0])


def test_a_builder_names_mistakes() -> None:
    for call, words in (
        (lambda: b.user("nobody"), "users[0].email: 'nobody' is not an e-mail"),
        (lambda: b.client("a", "b", flow="code"), "needs redirect_uris"),
        (lambda: b.consent("a@example.org", share=0.5), "consents[0].share: is of all owners"),
        (lambda: b.auto_answer("a@example.org", "maybe"), "answer: 'maybe' is unknown"),
        (lambda: b.event("gap", "+1h", value=3), "events[0].value: 'gap' has no value"),
        (lambda: b.device("toaster", "T"), "kind: 'toaster' is unknown"),
        (lambda: b.fault({"status": 7}), "effect.status: has to be"),
        (lambda: b.scenario("x", plants=[{"id": 1}]), "plants[0]: the key 'name' is missing"),
    ):
        with pytest.raises(ScenarioError) as caught:
            call()
        assert words in str(caught.value)
    with pytest.raises(ScenarioError, match="resolution: 7 is unknown"):
        b.household("100", "A", resolution=7)
    with pytest.raises(ScenarioError, match="unknown action 'revok'"):
        b.happening("revok", after=5)


def test_checked_applies_the_rules() -> None:
    world = Scenario(name="w", timeline=(b.happening("revoke", after=60, email=HOUSEHOLDER),))
    assert world.timeline[0].after == timedelta(minutes=1)
    with pytest.raises(ScenarioError, match="is not among the users"):
        b.checked(world)


def test_an_empty_list_of_clients_stays_empty() -> None:
    assert load_scenario({"clients": []}).clients == ()
    assert b.checked(Scenario(name="w")).clients == ()


def test_what_0_1_had_beside_the_reader_is_still_imported_from_there() -> None:
    from mock_sma import scenario_file, scenarios  # noqa: PLC0415
    from mock_sma.scenario_file import builders as former  # noqa: PLC0415

    assert set(scenarios.__all__) == scenario_file.MOVED
    assert all(getattr(scenario_file, name) is getattr(scenarios, name) for name in scenario_file.MOVED)
    assert former.checked is b.checked
    assert not hasattr(scenario_file, "no_such_name")
    assert not hasattr(former, "no_such_name")
