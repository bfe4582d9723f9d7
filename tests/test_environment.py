"""``make serve`` and ``make test`` where something is missing: plain words, and no half-made environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The Python of the machine: the one of an environment may have no pip."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a directory with what make needs before anything is installed; its name has a space."""
    folder = tmp_path / "a clone"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "tools/environment.py"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder: Path, *words: str, python: str | Path = PYTHON, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    command = ["make", "--no-print-directory", f"PYTHON={python}", *words]
    return subprocess.run(
        command, cwd=folder, env=kept | more, capture_output=True, text=True, check=False, timeout=300
    )


def modules(folder: Path, **sources: str) -> dict[str, str]:
    """Return the variable by which Python finds these modules in place of its own."""
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def pip_that_says(text: str) -> str:
    return f"import sys\nif '--version' not in sys.argv:\n    print({text!r})\n    sys.exit(1)\n"


@pytest.mark.slow
def test_without_a_network_it_says_so_and_what_to_do(clone: Path) -> None:
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    done = make(clone, "serve", **nowhere, no_proxy="*")
    assert done.returncode != 0
    assert "make serve: no package index can be reached, and not all packages are here yet." in done.stderr
    assert "They are downloaded once; after that no network is needed." in done.stderr
    assert "pip said last: ERROR: No matching distribution found" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (clone / ".venv" / ".runtime").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "said",
    [
        "WARNING: Retrying after connection broken by 'NewConnectionError(…)': /simple/numpy/\nERROR: nothing found",
        "WARNING: … Failed to resolve 'pypi.org' ([Errno -3] …) NameResolutionError\nERROR: nothing found",
        "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed'))\nERROR: nothing found",
    ],
)
def test_every_way_of_pip_to_say_it_is_understood(clone: Path, tmp_path: Path, said: str) -> None:
    done = make(clone, "test", **modules(tmp_path, pip=pip_that_says(said)))
    assert "make test: no package index can be reached" in done.stderr
    assert "pip said last: ERROR: nothing found" in done.stderr


@pytest.mark.slow
def test_what_pip_refuses_for_another_reason_is_shown_as_pip_says_it(clone: Path, tmp_path: Path) -> None:
    done = make(clone, "serve", **modules(tmp_path, pip=pip_that_says("ERROR: No space left on device")))
    assert "make serve: pip could not install the packages:\nERROR: No space left on device\n" in done.stderr


@pytest.mark.slow
def test_with_the_server_installed_only_the_tools_want_a_network(clone: Path, tmp_path: Path) -> None:
    pip = "import sys\nif '--dev' in sys.argv or 'pip>=25.1' in sys.argv:\n    sys.exit('ReadTimeoutError')\n"
    replaced = modules(tmp_path, pip=pip)
    first = make(clone, "serve", "ARGS=--no-such-option", **replaced)
    assert "make serve: installing mock-sma into .venv (once; 120 MB, some minutes)\n" in first.stderr
    command = clone / ".venv" / "bin" / "mock-sma"
    assert "-m mock_sma" in command.read_text(encoding="utf-8")
    command.write_text('#!/bin/sh\necho "served $@"\n', encoding="utf-8")
    second = make(clone, "serve", "ARGS=--port 0", **replaced)
    assert (second.stdout, second.stderr) == ("served serve --port 0\n", "")
    assert "make lint: no package index can be reached" in make(clone, "lint", **replaced).stderr


def test_a_python_that_is_too_old_is_told(clone: Path) -> None:
    old = clone / "python"
    old.write_text(f'#!/bin/sh\nshift\nexec {sys.executable} -c "import sys; sys.version_info = (3, 10); $1"\n')
    old.chmod(0o755)
    assert (
        "mock-sma needs Python 3.11 or newer: make PYTHON=python3.12" in make(clone, "serve", python="./python").stderr
    )


@pytest.mark.slow
def test_a_python_without_venv_is_told_with_what_helps(clone: Path, tmp_path: Path) -> None:
    done = make(clone, "serve", **modules(tmp_path, venv="raise ImportError('no venv here')\n"))
    assert "cannot make a virtual environment" in done.stderr
    assert "apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr
