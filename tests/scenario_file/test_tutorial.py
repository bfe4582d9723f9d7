"""The tutorial of docs/scenarios.md does step by step what it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import parse_scenario
from tests.server_process import environment, run, serve, shell

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
TUTORIAL = PAGE.split("## Tutorial")[1].split("\n## ")[0]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TUTORIAL, re.DOTALL | re.MULTILINE)


OLIVIA = "".join(blocks("yaml"))


@pytest.fixture
def olivia(tmp_path: Path) -> Path:
    file = tmp_path / "olivia.yaml"
    file.write_text(OLIVIA, encoding="utf-8")
    return file


def test_each_step_of_the_file_loads() -> None:
    parts = blocks("yaml")
    plants = [len(parse_scenario("".join(parts[:count])).plants) for count in range(1, len(parts) + 1)]
    assert plants == [0, 1, 2, 2]
    assert parse_scenario(OLIVIA).warnings == ()


def test_the_mistake_gets_the_text_it_shows() -> None:
    text = OLIVIA.replace("role: administrator, relationship: installer}", "role: installer, owner: true}")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, file="olivia.yaml")
    assert f"\n{caught.value}\n" in TUTORIAL


@pytest.mark.slow
def test_the_commands_print_what_it_shows(olivia: Path) -> None:
    commands, shown = blocks("sh"), blocks("text")
    assert len(commands) == len(shown) == 4
    assert run("check", str(olivia)).stdout == f"{olivia}: OK, 2 plants, 2 users\n"
    with serve("--scenario", str(olivia), "--rate", "0") as (_, ready):
        # An answer of one line has no end of line of its own; the page shows it on a line.
        script = "echo; echo ----\n".join(commands).replace("http://127.0.0.1:8080", ready["url"])
        shown_here = shell(script)
    printed = [re.sub(r"\}(?=\")", "}\n", part).split() for part in shown_here.split("----\n")]
    assert printed == [part.split() for part in shown]


@pytest.mark.slow
def test_the_test_it_makes_passes(olivia: Path) -> None:
    (olivia.parent / "test_olivia.py").write_text(blocks("python")[0], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_olivia.py"]
    done = subprocess.run(
        command, cwd=olivia.parent, capture_output=True, text=True, timeout=60, check=False, env=environment()
    )
    assert "1 passed" in done.stdout, done.stdout
