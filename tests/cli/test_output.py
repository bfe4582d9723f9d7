"""What commands write: fit for a terminal, and plain words where nobody reads."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mock_sma.cli import main
from tests.server_process import COMMAND, environment, run

if TYPE_CHECKING:
    from pathlib import Path

RED = "\x1b[31mred\x9b\u2028"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario whose names steer terminals."""
    document = {
        "name": RED,
        "users": [{"email": "o@x.de"}],
        "plants": [{"id": "7", "name": RED, "users": [{"email": "o@x.de", "role": "user", "owner": True}]}],
    }
    path = tmp_path / "steering.json"
    path.write_text(json.dumps(document))
    return path


def steady(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("extra", [[], ["--json"], ["--csv"]])
def test_names_do_not_steer_the_terminal_of_sample(
    file: Path, extra: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "7", "--scenario", str(file), *extra]) in (0, 2)
    told = capsys.readouterr()
    assert told.out or told.err
    assert steady(told.out)
    assert steady(told.err)
    if extra == ["--json"] and told.out:
        assert json.loads(told.out)["plant"]["name"] == RED


def test_a_name_in_a_complaint_does_not_steer_the_terminal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", RED, "--scenario", str(file)]) == 2
    assert main(["check", str(file.with_name(RED))]) == 1
    told = capsys.readouterr()
    assert steady(told.out + told.err)
    assert r"\x1b[31mred" in told.err


@pytest.mark.slow
def test_serve_without_a_standard_output_says_so() -> None:
    words = " ".join([*COMMAND, "serve", "--port", "0", "--json"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {words} >&-"],
        capture_output=True, text=True, timeout=30, check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "mock-sma: standard output is closed; redirect it to a file, or to /dev/null\n"


@pytest.mark.slow
def test_serve_ends_with_a_line_where_the_reader_of_its_ready_line_has_gone() -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait(20) == 1
    assert told == "mock-sma: the reader of standard output is gone, so nobody is waiting for this server\n"


@pytest.mark.slow
def test_other_commands_end_quietly_where_their_reader_has_gone() -> None:
    program = f"{sys.executable} -m mock_sma schema"
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {program} | true"],
        capture_output=True, text=True, timeout=30, check=False, env=environment(),
    )  # fmt: skip
    assert done.stderr == ""
    assert run("scenarios").returncode == 0
