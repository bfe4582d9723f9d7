"""Sessions with all periods and sets, sampled: imported, they are answered as they were, and go on from there."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.api.har import har_of
from mock_sma.cli import main
from mock_sma.domain.device import Array
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file import dump_scenario, load_file, load_scenario, parse_scenario
from mock_sma.seeding import key
from tests.importer.test_round_trip import without_names
from tests.sandbox_helpers import ask, content, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.world.entry import Entry

pytestmark = pytest.mark.slow

ASKED = int(os.environ.get("MOCK_SMA_TEST_QUESTIONS", "8"))
"""Questions of a session about measurements."""

WORLDS = [("ennexos", "2025-06-15T12:00:00+02:00"), ("classic", "2025-10-28T09:00:00+01:00")]
"""The second one has the day of October whose hour comes twice in its week."""


class Dice:
    """Chooses, the same each time."""

    def __init__(self, *seed: int) -> None:
        self._seed = seed
        self._thrown = 0

    def choice(self, items: Sequence[Any]) -> Any:
        self._thrown += 1
        return items[key(self._thrown, *self._seed) % len(items)]


def with_roof(scenario: Scenario, roof: tuple[float, float, float]) -> Scenario:
    """Return a scenario whose first plant has one roof: peak power [W], azimuth and tilt [°]."""
    plant = scenario.plants[0]
    arrays = (Array(peak_power=roof[0], azimuth=roof[1], tilt=roof[2]),)
    devices = tuple(replace(device, arrays=arrays) if device.arrays else device for device in plant.devices)
    return replace(scenario, plants=(replace(plant, devices=devices), *scenario.plants[1:]))


class Session:
    """A session with a world of another seed, whose scenario was edited."""

    def __init__(self, name: str, now: str, seed: int, roof: tuple[float, float, float] | None = None) -> None:
        text = dump_scenario(load_scenario(name), "yaml").replace("peak_power: 4800", "peak_power: 3900")
        scenario = parse_scenario(text)
        self.world = Sandbox(scenario if roof is None else with_roof(scenario, roof), now=now, seed=seed)
        self.today = datetime.fromisoformat(now).date()
        self.bearer = tokens(self.world)["access_token"]
        self.entries: list[Entry] = []
        self.answers: dict[str, Any] = {}
        plant = Dice(seed).choice(self("/v1/plants")["plants"])["plantId"]
        self("/v1/plants?WithInstallation=true&WithLocation=true")
        devices = self(f"/v1/plants/{plant}/devices")["devices"]
        self.things = [f"plants/{plant}", *(f"devices/{device['deviceId']}" for device in devices)]
        for device in self.things[1:]:
            self(f"/v1/{device}")

    def __call__(self, path: str) -> Any:
        reply = ask(self.world, "GET", path, bearer=self.bearer)
        assert reply.status == 200
        self.entries.append(list(self.world.requests)[-1])
        self.answers[path] = content(reply)
        return self.answers[path]

    def ask_anything(self, dice: Dice) -> None:
        thing = dice.choice(self.things)
        names = self(f"/v1/{thing}/measurements/sets")["sets"]
        if not names:
            return
        name = dice.choice([each for each in names if each != "EnergyMix"] or names)
        days = [self.today - timedelta(days=back) for back in (0, dice.choice(range(1, 9)), 40)]
        spans = ["Recent", f"Day?Date={days[0]}", f"Day?Date={days[1]}", f"Week?Date={days[1] - timedelta(days=3)}"]
        spans += [f"Month?Date={days[0]:%Y-%m}", f"Month?Date={days[2]:%Y-%m}", f"Year?Date={days[0]:%Y}", "Total"]
        span = dice.choice(spans)
        flags = dice.choice(["", "", "ReturnEnergyValues=true"]) if name != "EnergyMix" else ""
        self(f"/v1/{thing}/measurements/sets/{name}/{span}" + ("&" if "?" in span else "?") * bool(flags) + flags)

    def imported(self, folder: Path) -> Sandbox:
        har, out = folder / "session.har", folder / "own.yaml"
        har.write_text(json.dumps(har_of(self.entries)))
        assert main(["import", str(har), "--out", str(out)]) == 0
        assert main(["check", str(out)]) == 0
        return Sandbox(load_file(out), seed=5)


@pytest.mark.parametrize("world", range(len(WORLDS)))
@pytest.mark.parametrize("seed", range(int(os.environ.get("MOCK_SMA_TEST_TRIPS", "1"))))
def test_any_questions_get_the_same_answers_again(tmp_path: Path, world: int, seed: int) -> None:
    dice = Dice(seed, world)
    session = Session(*WORLDS[world], 990 + seed)
    for _ in range(ASKED):
        session.ask_anything(dice)
    again = session.imported(tmp_path)
    bearer = tokens(again)["access_token"]
    plant = session.things[0].removeprefix("plants/")
    for path, body in session.answers.items():
        pair = [body, content(ask(again, "GET", path, bearer=bearer))]
        if "plants" in body:  # only one of the plants was asked for its devices
            pair = [[own for own in each["plants"] if own["plantId"] == plant] for each in pair]
        assert without_names(pair[1]) == without_names(pair[0]), path


def test_size_and_direction_that_are_not_in_the_traffic_are_fitted_to_clear_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(*WORLDS[0], 993, roof=(7_000, 120, 35))
    session.entries.clear()
    session("/v1/plants?WithLocation=true")
    session("/v1/plants/2100/devices/lean")
    for day in range(1, 15):
        session(f"/v1/plants/2100/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-{day:02}")
    again = session.imported(tmp_path)
    roof = next(device for device in again.scenario.plants[0].devices if device.arrays)
    assert 6_000 < sum(array.peak_power for array in roof.arrays) < 8_000
    assert abs(roof.arrays[0].azimuth - 120) <= 25
    assert abs(roof.arrays[0].tilt - 35) <= 15
    assert "fitted to" in capsys.readouterr().out


def test_sums_of_a_day_a_month_and_a_year_that_went_on_grow_by_what_comes(tmp_path: Path) -> None:
    session = Session(*WORLDS[0], 993)
    place = "/v1/plants/2100/measurements/sets/EnergyAndPowerPv"
    spans = {"Month?Date=2025-06": 10, "Year?Date=2025": 7, "Total": 4}
    before = {span: session(f"{place}/{span}")["set"] for span in spans}
    again = session.imported(tmp_path)
    again.clock.advance(hours=26)
    bearer = tokens(again)["access_token"]
    after = {span: content(ask(again, "GET", f"{place}/{span}", bearer=bearer))["set"] for span in spans}
    days = after["Month?Date=2025-06"]
    assert days[:-2] == before["Month?Date=2025-06"][:-1]
    grown = sum(row["pvGeneration"] for row in days) - sum(row["pvGeneration"] for row in before["Month?Date=2025-06"])
    assert grown > 1_000.0
    for span in ("Year?Date=2025", "Total"):
        assert after[span][:-1] == before[span][:-1]
        assert after[span][-1]["pvGeneration"] - before[span][-1]["pvGeneration"] == grown
