"""What every owner has answered when a world begins: ``--consent``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_sma.cli import main
from mock_sma.cli.kept import served
from mock_sma.cli.parts import world_of
from mock_sma.domain.scenario import ConsentState
from mock_sma.errors import UsageError
from mock_sma.scenarios import load_scenario
from mock_sma.settings import read_settings
from tests.facts import OWNER
from tests.sandbox_helpers import ask, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.sandbox import Sandbox


def scenario() -> Scenario:
    return load_scenario("sandbox")


def world(consent: str) -> Sandbox:
    return world_of(read_settings({}, {"MOCK_SMA_CONSENT": consent}), scenario, print)


@pytest.mark.parametrize("state", ConsentState)
def test_r12_plants_are_shown_where_owners_have_accepted(state: ConsentState) -> None:
    begun = world(state.lower())
    assert [(item.email, item.state) for item in begun.consents] == [(OWNER, state)]
    answer = ask(begun, "GET", "/v1/plants", bearer=tokens(begun)["access_token"])
    assert len(json.loads(answer.body)["plants"]) == (9 if state is ConsentState.ACCEPTED else 0)


def test_none_takes_the_scenarios_own_consents_away() -> None:
    settings = read_settings({"consent": "none"}, {})
    assert list(world_of(settings, lambda: load_scenario("ennexos"), print).consents) == []


def test_a_state_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"--consent: must be accepted or pending or .*, not 'acepted'"):
        read_settings({"consent": "acepted"}, {})


@pytest.mark.slow
def test_a_state_file_goes_on_and_says_that_the_option_does_not_count(tmp_path: Path) -> None:
    told: list[str] = []
    for consent, heard in (("accepted", 0), ("accepted", 0), ("revoked", 1)):
        settings = read_settings({"consent": consent, "state": str(tmp_path / "state.db")}, {})
        kept = served(settings, lambda settings=settings: world_of(settings, scenario, print), told.append)  # type: ignore[misc]
        assert [item.state for item in kept.worlds.default.consents] == [ConsentState.ACCEPTED]
        kept.close()
        assert sum("--consent is ignored" in line for line in told) == heard


@pytest.mark.parametrize("command", [["serve"], ["mcp"], ["run", "--", "true"]], ids=lambda words: words[0])
def test_each_command_that_begins_a_world_takes_it(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command[0], "--consent", "acepted", *command[1:]]) == 2
    assert "--consent: must be accepted or pending" in capsys.readouterr().err
