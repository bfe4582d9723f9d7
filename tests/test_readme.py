"""What the README shows is run as it stands; what it lists is complete."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from mock_sma.cli import COMMANDS
from mock_sma.settings import Settings
from tests import no_route
from tests.server_process import environment, serve, shell

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
FIRST, *SHELL = re.findall(r"^```sh\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", PYTHON)
def test_python_blocks_run(block: str) -> None:
    exec(compile(block, str(README), "exec"), {"__name__": "readme"})  # noqa: S102 - our own text


@pytest.mark.slow
def test_the_first_page_runs_a_program_unchanged_and_without_any_route(tmp_path: Path) -> None:
    env = environment(PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = no_route.run(["/bin/bash", "-c", f"set -eu\n{FIRST}"], tmp_path / "counted.json", timeout=60, env=env)
    assert json.loads(done.stdout)["token_type"] == "Bearer", done.stderr


def test_shell_blocks_run_one_after_the_other() -> None:
    assert len(SHELL) >= 3
    with serve() as (_, ready):
        script = "\n".join(SHELL).replace("http://127.0.0.1:8080", ready["url"])
        *bodies, token = shell(script + '\nprintf "\\n%s" "$TOKEN"').splitlines()
    assert token.count(".") == 2
    assert '"state":"Pending"' in bodies[0]
    assert bodies[0].count('"state":"Accepted"') == 2
    assert '"plantId":"13"' in bodies[0]
    assert '"resolution":"OneDay","set":[{"time":"2025-05-01T00:00:00","pvGeneration":' in bodies[0]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_named(name: str) -> None:
    bare = name.rstrip("_")
    assert f"`MOCK_SMA_{bare.upper()}` | `--{bare.replace('_', '-')}`" in TEXT


def test_every_command_is_named() -> None:
    assert [name for name in COMMANDS if f"`mock-sma {name}" not in TEXT] == []


def test_files_it_links_to_are_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []
