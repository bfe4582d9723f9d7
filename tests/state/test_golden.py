"""State files of each version that was ever written open, and their worlds answer as they did then."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.period import Period
from mock_sma.sandbox.exchange import Request
from mock_sma.scenarios import load_scenario
from mock_sma.state import StateFile, alive
from mock_sma.state.file import VERSION
from mock_sma.state.written import complete
from mock_sma.worlds.worlds import Worlds
from tests.recorded.helpers import document
from tests.state.golden import files, told

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma import Sandbox


@pytest.mark.slow
@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_a_file_of_each_version_opens_and_answers_as_it_did(version: int, tmp_path: Path) -> None:
    path, answers = files(version)
    expected = json.loads(answers.read_text("utf-8"))
    shutil.copy(path, tmp_path)
    with closing(StateFile.open(tmp_path / path.name)) as file:
        assert file.kept is not None
        assert file.kept.log  # what was asked since the worlds were written is asked again
        first, *others = alive(file).worlds
        worlds = Worlds(first)
        for world in others:
            worlds.take(world)
        assert told(worlds, expected["tokens"]) == expected["told"]
        assert measured(first, expected["tokens"][0])


def measured(world: Sandbox, token: str) -> bool:
    """Tell whether a plant of the file has numbers, which rest on all that it is made of."""
    bearer = {b"authorization": f"Bearer {token}".encode()}
    world.faults.clear()
    plant = next(iter(world.estate.plants))
    path = f"/monitoring/v1/plants/{plant}/measurements/sets/EnergyBalance/Day"
    reply = world.handle(Request("GET", path, "date=2025-06-14", bearer))
    return reply.status == 200 and bool(json.loads(reply.body)["set"])


def test_recorded_rows_of_before_a_field_was_added_get_its_default() -> None:
    rows = "time,power\n2025-06-14T12:00:00,1\n2025-06-14T12:05:00,2\n"
    plant = load_scenario(document({"data": {"rows": rows}})).plants[0]
    (recording,) = plant.data
    object.__delattr__(recording, "until")
    object.__delattr__(recording, "period")
    complete([plant])
    assert (recording.until, recording.period) == (None, Period.DAY)
