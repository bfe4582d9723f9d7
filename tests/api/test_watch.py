"""A watched scenario is loaded again when its files change; a broken one leaves the world."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.api.watch import ScenarioWatch
from tests.facts import NOW
from tests.server_process import get, run, serve

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario


class Desk:
    """A scenario's files, a world made of them, and what its watch has said."""

    def __init__(self, directory: Path) -> None:
        self.base, self.main = directory / "base.yaml", directory / "main.yaml"
        self.count = 0
        self.write(self.base, "seed: 3\n")
        self.write(self.main, "extends: base.yaml\nname: first\n")
        self.said: list[str] = []
        files: list[Path] = []
        self.world = Sandbox(self.load(files))
        self.has_said = asyncio.Event()
        self.watch = ScenarioWatch(self.world, self.load, files, self.say)

    def say(self, text: str) -> None:
        self.said.append(text)
        self.has_said.set()

    def load(self, files: list[Path]) -> Scenario:
        return load_scenario(self.main, files=files)

    def write(self, file: Path, text: str) -> None:
        file.write_text(text)
        self.count += 1
        os.utime(file, ns=(self.count, self.count))

    def looks(self) -> list[bool]:
        return [self.watch.look() for _ in range(3)]

    @property
    def runs(self) -> tuple[str, int]:
        return self.world.scenario.name, self.world.seed


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_nothing_is_loaded_while_nothing_changes(desk: Desk) -> None:
    assert desk.looks() == [False, False, False]
    assert desk.said == []


def test_a_change_is_loaded_once_it_has_come_to_rest(desk: Desk) -> None:
    desk.write(desk.main, "na")
    assert not desk.watch.look()
    desk.write(desk.main, "extends: base.yaml\nname: second\n")
    assert desk.looks() == [False, True, False]
    assert desk.runs == ("second", 3)
    assert desk.said == ["mock-sma: main.yaml was loaded again: second"]


def test_a_base_is_watched_too_also_one_that_came_later(desk: Desk) -> None:
    desk.write(desk.base, "seed: 4\n")
    desk.looks()
    assert desk.runs == ("first", 4)
    other = desk.base.with_name("other.yaml")
    desk.write(other, "seed: 5\n")
    desk.write(desk.main, "extends: other.yaml\nname: third\n")
    desk.looks()
    desk.write(other, "seed: 6\n")
    desk.looks()
    assert desk.runs == ("third", 6)


def test_a_broken_file_keeps_the_world_and_says_why_until_it_is_mended(desk: Desk) -> None:
    desk.world.clock.set(NOW)
    desk.write(desk.base, "sed: 4\n")
    desk.write(desk.main, "extends: base.yaml\nnam: x\n")
    assert desk.looks() == [False, True, False]
    assert desk.runs == ("first", 3)
    assert "main.yaml:2: nam: unknown key 'nam'; did you mean 'name'?" in desk.said[0]
    assert desk.said[0].endswith("main.yaml was not loaded; the running world stays")
    desk.write(desk.main, "extends: base.yaml\nname: x\n")
    desk.looks()
    desk.write(desk.base, "seed: 9\n")
    desk.looks()
    assert desk.runs == ("x", 9)


def test_it_tells_of_what_makes_little_sense_once_though_its_line_moves(desk: Desk) -> None:
    def save(*lines: str) -> list[str]:
        desk.said.clear()
        desk.write(desk.main, "\n".join(("extends: base.yaml", *lines)) + "\n")
        desk.looks()
        return [text for text in desk.said if "warning: " in text]

    clear, user = "timeline: [{after: 60, action: clear_faults}]", "users: [{email: a@example.org}]"
    assert [text.endswith("or add one before") for text in save("name: a", clear)] == [True]
    assert save("name: b", "", "", clear) == []
    assert [("no country" in text, "main.yaml:3" in text) for text in save("name: c", user, clear)] == [(True, True)]
    assert save("name: d") == []
    assert len(save("name: e", clear)) == 1


def test_a_file_that_is_gone_for_a_while_comes_back(desk: Desk) -> None:
    text = desk.main.read_text()
    desk.main.unlink()
    desk.looks()
    assert "neither a file nor one of" in desk.said[0]
    desk.write(desk.main, text)
    desk.looks()
    assert desk.said[1].endswith("loaded again: first")


async def test_it_looks_until_it_is_cancelled(desk: Desk) -> None:
    task = asyncio.create_task(desk.watch.run(0.0))
    desk.write(desk.main, "name: fourth\n")
    await asyncio.wait_for(desk.has_said.wait(), 10)
    assert desk.runs[0] == "fourth"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.slow
def test_serve_watches_a_scenario_of_a_mounted_directory(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\n")
    options = ("--scenario-dir", str(tmp_path), "--scenario", "mine", "--watch")
    with serve(*options) as (process, ready):
        assert ready["scenario"] == "mine"
        (tmp_path / "mine.yaml").write_text("name: mended\nnope: 1\n")
        assert process.stderr is not None
        assert process.stderr.readline().startswith("mine.yaml:2: nope: unknown key 'nope'")
        assert "the running world stays" in process.stderr.readline()
        (tmp_path / "mine.yaml").write_text("name: mended\n")
        assert "loaded again: mended" in process.stderr.readline()
        url = f"{ready['url']}/_mock/scenario"
        assert get(url).json()["name"] == "mended"
        assert httpx.put(url, json={"name": "mine"}, trust_env=False, timeout=30).json()["name"] == "mended"


@pytest.mark.slow
def test_a_watch_of_a_shipped_scenario_says_that_there_is_nothing_to_watch() -> None:
    with serve("--watch") as (process, ready):
        assert ready["scenario"] == "sandbox"
        assert process.stderr is not None
        line = process.stderr.readline()
    assert line.startswith("warning: --watch is for a scenario file of your own; sandbox is included in mock-sma")
    assert "mock-sma init mine.yaml --from sandbox" in line


@pytest.mark.slow
def test_a_scenario_directory_that_is_none_is_named(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    done = run("serve", "--scenario-dir", str(tmp_path))
    assert (done.returncode, done.stderr) == (2, f"mock-sma: --scenario-dir {tmp_path} is not a directory\n")
    again = run("serve", MOCK_SMA_SCENARIO_DIR=f"{tmp_path.parent}{os.pathsep}{tmp_path}")
    assert again.stderr == done.stderr
