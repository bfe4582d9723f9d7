"""The command that begins a world like one which has ended with its program."""

from __future__ import annotations

import shlex

import pytest

from mock_sma.cli import parser
from mock_sma.cli.ended import serve_again
from mock_sma.cli.parts import world_of
from mock_sma.scenarios import load_scenario
from mock_sma.settings import Settings, read_settings
from tests.sandbox_helpers import tokens


def again(settings: Settings) -> Settings:
    """Ask a world something, and return the settings of the command that begins it anew."""
    world = world_of(settings, lambda: load_scenario(settings.scenario), print)
    tokens(world)
    name, *words = shlex.split(serve_again(settings, world))
    assert name == "mock-sma"
    options = {name: value for name, value in vars(parser({"serve"}).parse_args(words)).items() if name in KEPT}
    return read_settings({name: value for name, value in options.items() if value is not None}, {})


KEPT = ("scenario", "consent", "now", "seed", "rate", "port")
GIVEN = {"scenario": "gap-week", "consent": "revoked", "now": "2025-03-10T12:00:00+01:00", "seed": 9, "rate": 0.0}


@pytest.mark.parametrize("left_out", ["", "consent", "now", "seed"])
def test_the_world_begins_as_the_one_that_has_ended_did(left_out: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != left_out}
    assert again(read_settings(given | {"port": 0}, {})) == read_settings(given, {})


def test_a_clock_that_nobody_set_begins_where_the_program_first_asked() -> None:
    settings = read_settings({"rate": 0, "scenario": "sandbox"}, {})
    world = world_of(settings, lambda: load_scenario("sandbox"), print)
    begun = again(settings).now
    assert begun is not None
    assert begun[:16] >= world.clock.now().isoformat()[:16]
