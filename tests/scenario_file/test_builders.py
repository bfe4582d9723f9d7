"""Scenarios made in Python equal those of files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_sma.domain.people import User
from mock_sma.domain.scenario import InitialConsent, Scenario
from mock_sma.errors import ScenarioError
from mock_sma.scenario_file import builders as b
from mock_sma.scenario_file import dump_scenario, load_scenario, parse_scenario
from mock_sma.scenario_file.build import DEMO_CLIENTS
from tests.facts import HOUSEHOLDER


def test_python_and_yaml_give_equal_worlds() -> None:
    made = Scenario(
        name="w",
        clients=DEMO_CLIENTS,
        users=(User(email=HOUSEHOLDER),),
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


def test_a_builder_names_mistakes() -> None:
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
