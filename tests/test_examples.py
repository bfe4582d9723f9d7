"""The example's own tests pass; that they do with the wheel in a clean environment is shown by examples/run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server_process import environment

EXAMPLE = Path(__file__).parent.parent / "examples" / "solar-reader"


@pytest.mark.slow
def test_the_client_project_passes_its_tests(tmp_path: Path) -> None:
    project = shutil.copytree(EXAMPLE, tmp_path / "project")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-p",
            "no:randomly",
            "-p",
            "no:schemathesis",
        ],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment(PYTHONPATH=str(project)),
    )
    assert done.returncode == 0, done.stdout
    assert "19 passed" in done.stdout


def test_every_language_has_a_readme_and_is_run_and_told_of() -> None:
    script = (EXAMPLE.parent / "run_languages").read_text(encoding="utf-8")
    page = (EXAMPLE.parent.parent / "docs" / "hosts.md").read_text(encoding="utf-8")
    languages = re.findall(r"^(\w+)_\(\) \{", script, re.MULTILINE)
    assert languages == ["node", "php", "go", "java", "testcontainers"]
    for name in languages[:-1]:
        assert "mock-sma run" in (EXAMPLE.parent / name / "README.md").read_text(encoding="utf-8")
        assert f"(../examples/{name})" in page


def test_its_readme_names_each_file_of_tests() -> None:
    told = set(re.findall(r"`tests/(\w+\.py)`", (EXAMPLE / "README.md").read_text(encoding="utf-8")))
    assert told == {file.name for file in (EXAMPLE / "tests").glob("test_*.py")}
