"""``mock-sma exam`` as a user runs it, and the tutorial's programs in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mock_sma.exam.curriculum import CURRICULUM
from tests.server_process import COMMAND, environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exam.md").read_text(encoding="utf-8")
STEPS = re.findall(r"<!-- step: (.*?) -->\n```python\n(.*?)```", PAGE, re.DOTALL)
ALL = [case.name for case in CURRICULUM]


def exam(*words: str, cwd: Path | None = None) -> tuple[int, dict[str, str], str]:
    """Return the exit status, the words by situation, and all that was printed."""
    done = subprocess.run(
        [*COMMAND, "exam", *words], capture_output=True, text=True, timeout=400, check=False, env=environment(), cwd=cwd
    )
    found = re.findall(r"^\[\d+/\d+\] (ok|FAIL|skip)\s+(\S+)", done.stdout, re.MULTILINE)
    return done.returncode, {name: word for word, name in found}, done.stdout + done.stderr


def expected(told: str) -> dict[str, str]:
    words = {"passes": "ok", "fails": "FAIL", "skips": "skip"}
    parts = [part.split() for part in told.split(";")]
    return {name: words[kind] for kind, *names in parts for name in (ALL if names == ["all"] else names)}


@pytest.mark.parametrize(("told", "program"), STEPS, ids=range(len(STEPS)))
def test_each_step_of_the_tutorial_does_what_it_says(told: str, program: str, tmp_path: Path) -> None:
    file, wanted = tmp_path / "reader.py", expected(told)
    file.write_text(program, encoding="utf-8")
    only = [word for name in wanted for word in ("--only", name)]
    status, found, text = exam(*only, "--", sys.executable, str(file))
    assert found == wanted, text
    assert status == int("FAIL" in wanted.values())


def test_the_tutorial_begins_with_the_example() -> None:
    program = (ROOT / "examples" / "naive-reader" / "naive.py").read_text(encoding="utf-8")
    assert program.partition('"""\n\n')[2] == STEPS[0][1]


def test_the_example_of_a_client_project_passes_the_exam() -> None:
    """A third of the situations; all of them with ``MOCK_SMA_EXAM=all``, by hand."""
    reader = [sys.executable, "-m", "solar_reader", "--day", "{yesterday}"]
    wanted = ALL if os.environ.get("MOCK_SMA_EXAM") == "all" else ALL[::3]
    only = [word for name in wanted for word in ("--only", name)]
    status, found, text = exam(*only, "--", *reader, cwd=ROOT / "examples" / "solar-reader")
    assert found == dict.fromkeys(wanted, "ok"), text
    assert status == 0


def test_the_naive_reader_fails_at_every_mishap_and_is_told_why() -> None:
    naive = ROOT / "examples" / "naive-reader" / "naive.py"
    mishaps = ["too-many-requests", "gateway-timeout", "connection-reset", "json-malformed"]
    only = [word for name in mishaps for word in ("--only", name)]
    status, found, text = exam(*only, "--", sys.executable, str(naive))
    assert (status, found) == (1, dict.fromkeys(mishaps, "FAIL")), text
    assert text.count("it gave /monitoring/v1/plants/2100/measurements/sets/EnergyBalance/Day up") == len(mishaps)


def test_a_program_that_hangs_and_ignores_signals_is_ended(tmp_path: Path) -> None:
    status, found, text = exam("--only", "gap", "--timeout", "1", "--", "sh", "-c", "trap '' TERM; sleep 99; sleep 99")
    assert (status, found) == (1, {"gap": "FAIL"})
    assert "did not end within 1 s" in text


def test_a_program_that_is_not_there_and_files_of_results(tmp_path: Path) -> None:
    files = [word for form in ("junit", "html", "sarif") for word in (f"--{form}", str(tmp_path / form))]
    status, found, text = exam("--only", "gap", *files, "--", str(tmp_path / "nothing"), cwd=tmp_path)
    assert (status, found) == (1, {"gap": "FAIL"}), text
    assert ET.parse(tmp_path / "junit").getroot().get("failures") == "1"  # noqa: S314 - ours
    assert "nothing" in (tmp_path / "html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_dates_stand_in_the_command(tmp_path: Path) -> None:
    code = "import sys; sys.exit(sys.argv[1:] != ['2024-03-01', '2024-02-29'])"
    status, _, text = exam("--only", "leap-day", "--", sys.executable, "-c", code, "{date}", "{yesterday}")
    assert status == 1
    assert "exit status" not in text
    assert "it read no measurements" in text
