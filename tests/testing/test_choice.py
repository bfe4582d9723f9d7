"""Which world a test gets, asked directly; the marker's way there is in test_plugin."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.scenario import ConsentState, Scenario
from mock_sma.errors import UsageError
from mock_sma.report.text import failure_report
from mock_sma.scenarios import load_scenario
from mock_sma.scenarios.answers import with_consents
from mock_sma.testing.choice import Choice, Shelf
from mock_sma.testing.fixtures import SmaServer
from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import ask, make

if TYPE_CHECKING:
    from pathlib import Path


def test_a_scenario_may_be_a_value_a_document_a_name_or_a_file(tmp_path: Path) -> None:
    shelf = Shelf()
    value = load_scenario("pv-only")
    assert shelf.scenario(Choice(scenario=value)) is value
    assert shelf.scenario(Choice(scenario={"name": "made"})).name == "made"
    assert shelf.scenario(Choice(scenario="gap-week")) is shelf.scenario(Choice(scenario="gap-week"))
    file = tmp_path / "own.yaml"
    file.write_text("name: first\n")
    assert shelf.scenario(Choice(scenario="own.yaml", directory=tmp_path)).name == "first"
    file.write_text("name: second\n")
    os.utime(file, (1, 1))
    assert shelf.scenario(Choice(scenario=file)).name == "second"


def test_changes_are_put_over_the_scenario_and_read_once() -> None:
    shelf = Shelf()
    choice = Choice.of({"scenario": "ennexos", "plants": [{"id": "2100", "name": "Renamed"}], "consent": "pending"})
    scenario = shelf.scenario(choice)
    assert [plant.name for plant in scenario.plants] == ["Renamed", "Werkhalle Sued"]
    assert [(item.email, item.state) for item in scenario.consents] == [(HOUSEHOLDER, ConsentState.PENDING)]
    assert shelf.scenario(choice).plants is scenario.plants


def test_consents_by_person_keep_those_of_others() -> None:
    portfolio = load_scenario("portfolio")
    owners = list(dict.fromkeys(user.email for plant in portfolio.plants for user in plant.owners()))
    assert len(owners) > 1
    changed = with_consents(with_consents(portfolio, "accepted"), {owners[0]: "none", owners[1]: "rejected"})
    states = {item.email: item.state for item in changed.consents}
    assert owners[0] not in states
    assert states[owners[1]] is ConsentState.REJECTED
    assert all(states[name] is ConsentState.ACCEPTED for name in owners[2:])


@pytest.mark.parametrize(
    ("users", "message"),
    [
        (
            "users: [{email: a@example.org, registered: false}]",
            "never completed registration, so has no Accepted consent",
        ),
        ("users: [{email: a@example.org}]", "owns no plant, so has no Accepted consent"),
    ],
)
def test_r04_r06_who_cannot_have_accepted_has_not(tmp_path: Path, users: str, message: str) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(users)
    with pytest.raises(UsageError, match=message):
        Shelf().scenario(Choice(scenario=file, consent={"a@example.org": "accepted"}))
    pending = Shelf().scenario(Choice(scenario=file, consent={"a@example.org": "pending"}))
    assert [item.state for item in pending.consents] == [ConsentState.PENDING]


def test_r04_who_is_not_registered_has_rejected_nothing_and_may_be_late(tmp_path: Path) -> None:
    scenario = load_scenario("unregistered-owner")
    (invited,) = (user.email for user in scenario.users if not user.registered)
    with pytest.raises(UsageError, match="never completed registration, so has no Rejected consent"):
        with_consents(scenario, {invited: "rejected"})
    assert invited not in [item.email for item in with_consents(scenario, "rejected").consents]
    for consent in ("expired", {invited: "expired"}):
        found = [item.state for item in with_consents(scenario, consent).consents if item.email == invited]
        assert found == [ConsentState.EXPIRED]


def test_a_world_without_clients_says_so() -> None:
    world = Shelf().sandbox(Choice(scenario=Scenario(name="nobody")))
    with pytest.raises(UsageError, match="this world has no client"):
        _ = SmaServer(world, "http://127.0.0.1:1").client_id


def test_a_report_shortens_long_paths() -> None:
    world = make()
    ask(world, "GET", "/v1/plants/" + "1" * 200)
    table = failure_report(world.requests).splitlines()[1]
    assert "1…" in table
    assert len(table) < 160


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"scenario": 5}, "the marker's scenario has to be a name, a file or a document, not 5"),
        ({"now": 5}, "the marker's now has to be a time like 2025-06-15T12:00:00\\+02:00, not 5"),
        ({"consent": 5}, "the marker's consent has to be a state, or states by e-mail, not 5"),
        ({"seed": True}, "the marker's seed has to be a whole number, not True"),
        ({"seed": -1}, "a seed is between 0 and 2\\*\\*63 - 1, not -1"),
        ({"seed": 2**63}, "a seed is between 0 and"),
        (
            {"nope": 1},
            "known are append, auto_answers, clients, consent, consents, .*, plants, .*, scenario, seed, switches",
        ),
    ],
)
def test_words_of_another_kind_are_refused(keywords: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Choice.of(keywords)
