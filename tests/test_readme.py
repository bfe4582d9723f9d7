"""What the README shows is run as it stands; what it lists is complete."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mock_sma.cli import COMMANDS
from mock_sma.settings import SETTINGS
from tests import no_route
from tests.server_process import environment, serve, shell

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
STEPS = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


FIRST, *SHELL = blocks(TEXT, "sh")
TESTS = blocks(TEXT, "python")


def test_it_can_be_read_in_a_minute() -> None:
    prose = re.sub(r"^```.*?^```|^\|.*?$|\]\(.*?\)", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert len(prose.split()) < 450
    assert TEXT.count("![") == 1


@pytest.mark.slow
def test_its_tests_pass(tmp_path: Path) -> None:
    for number, block in enumerate(TESTS):
        (tmp_path / f"test_{number}.py").write_text(block, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:randomly", "-p", "no:schemathesis"]
    done = subprocess.run(
        [*command, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment(),
    )
    assert f"{len(TESTS)} passed" in done.stdout, done.stdout


def test_python_of_the_first_steps_runs() -> None:
    (block,) = blocks(STEPS, "python")
    exec(compile(block, "quickstart.md", "exec"), {"__name__": "quickstart"})  # noqa: S102 - our own text


@pytest.mark.slow
def test_the_first_page_runs_a_program_unchanged_and_without_any_route(tmp_path: Path) -> None:
    env = environment(PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = no_route.run(["/bin/bash", "-c", f"set -eu\n{FIRST}"], tmp_path / "counted.json", timeout=300, env=env)
    assert json.loads(done.stdout)["token_type"] == "Bearer", done.stderr


@pytest.mark.slow
def test_its_shell_block_lists_the_plants_of_an_owner() -> None:
    (script,) = SHELL
    with serve() as (_, ready):
        told = shell(script.replace("http://127.0.0.1:8080", ready["url"]))
    assert '"plantId":"13"' in told


@pytest.mark.slow
def test_the_first_steps_run_one_after_the_other() -> None:
    steps = blocks(STEPS, "sh")
    assert len(steps) >= 3
    with serve() as (_, ready):
        script = "\n".join(steps).replace("http://127.0.0.1:8080", ready["url"])
        *bodies, token = shell(script + '\nprintf "\\n%s" "$TOKEN"').splitlines()
    assert token.count(".") == 2
    assert '"state":"Pending"' in bodies[0]
    assert bodies[0].count('"state":"Accepted"') == 2
    assert '"plantId":"13"' in bodies[0]
    assert '"resolution":"OneDay","set":[{"time":"2025-05-01T00:00:00","pvGeneration":' in bodies[0]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_named(name: str) -> None:
    bare = name.rstrip("_")
    assert f"`MOCK_SMA_{bare.upper()}` | `--{bare.replace('_', '-')}`" in COMMANDS_PAGE


def test_every_command_is_named() -> None:
    assert [name for name in COMMANDS if f"`mock-sma {name}" not in COMMANDS_PAGE] == []


def test_files_it_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
