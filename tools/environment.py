"""Make the environment that the Makefile works in: run by any Python 3.11, before anything is installed.

``python tools/environment.py .venv "make serve"`` installs what the server needs at run time, ``… --dev`` all the rest.
It is told the command that somebody typed, to name it where something is missing.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent

UNREACHED = re.compile(
    r"from versions: none|connection broken|could not fetch url|NewConnectionError|NameResolutionError"
    r"|Name or service not known|(?:Connect|Read)Timeout|ProxyError|Connection refused|Network is unreachable",
    re.IGNORECASE,
)
"""How pips of several years say that nobody answered: of every one of these packages an index has some version."""

SAID_LAST = 15
"""Lines of pip's own words that are shown where it fails for another reason."""

Pip = list[str]
"""The beginning of a pip command."""


class SetupError(Exception):
    """Why there is no environment, and what to do."""


def main() -> int:
    """Make it; say why where that fails."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("venv", type=Path)
    arguments.add_argument("command", help="what was typed, such as 'make serve'")
    arguments.add_argument("--dev", action="store_true")
    given = arguments.parse_args()
    what, size = ("the development tools", 700) if given.dev else ("mock-sma", 120)
    tell(f"{given.command}: installing {what} into {given.venv} (once; {size} MB, some minutes)")
    try:
        python = interpreter(given.venv)
        (install_tools if given.dev else install_package)(python)
    except SetupError as error:
        tell(f"{given.command}: {error}")
        return 1
    return 0


def tell(text: str) -> None:
    """Write to stderr at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def interpreter(venv: Path) -> str:
    """Return the Python of the environment, which is made where it is missing or no longer runs."""
    python = str(venv.absolute() / "bin" / "python")
    if runs([python, "-c", ""]) or runs([sys.executable, "-m", "venv", "--without-pip", "--clear", str(venv)]):
        return python
    raise SetupError(f"{sys.executable} cannot make a virtual environment in {venv}; {advice()}")


def advice() -> str:
    """Return what helps where a Python lacks modules of its own library."""
    return "on Debian and Ubuntu, apt install python3-venv; elsewhere name a complete Python: make PYTHON=python3.12 …"


def pip_for(python: str) -> Pip:
    """Return a pip that installs into an environment: the caller's own, since making another takes seconds."""
    outside = [sys.executable, "-m", "pip", "--python", python]
    inside = [python, "-m", "pip"]
    if runs([*outside, "--version"]):
        return outside
    if runs([*inside, "--version"]) or runs([python, "-m", "ensurepip"]):
        return inside
    raise SetupError(f"{sys.executable} has no pip; {advice()}")


def runs(command: list[str]) -> bool:
    """Tell whether a command ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install_package(python: str) -> None:
    """Install what the package needs at run time, and lead the environment to the package itself.

    That is what an editable installation comes to; building one would take as long as all the rest. Nor is anything
    compiled ahead: the server imports a fraction of all modules, and compiles that when it first starts.
    """
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    install(pip_for(python), "--no-compile", *document["project"]["dependencies"])
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([python, "-c", where], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    Path(packages, "mock-sma-of-this-clone.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = Path(python).with_name("mock-sma")
    command.write_text(f'#!/bin/sh\nexec "{python}" -m mock_sma "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def install_tools(python: str) -> None:
    """Install all that development needs, with the first pip that knows dependency groups."""
    install(pip_for(python), "pip>=25.1")
    install([python, "-m", "pip"], "--editable", ".", "--group", "dev")


def install(pip: Pip, *wanted: str) -> None:
    """Install with pip.

    Raises:
        SetupError: no index is reached, or pip refuses.
    """
    # Without a network, pip would try for a long time.
    environment = {"PIP_RETRIES": "2", **os.environ}
    command = [*pip, "install", "--quiet", "--disable-pip-version-check", *wanted]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode == 0:
        return
    lines = done.stdout.strip().splitlines() or [f"it ended with status {done.returncode}"]
    if UNREACHED.search(done.stdout):
        raise SetupError(
            "no package index can be reached, and not all packages are here yet.\n"
            "They are downloaded once; after that no network is needed. Connect to the network and try again.\n"
            "Behind a proxy, set HTTPS_PROXY. For an index of your own, set PIP_INDEX_URL; for a directory of wheels, "
            f"PIP_NO_INDEX=1 and PIP_FIND_LINKS.\npip said last: {lines[-1]}"
        )
    raise SetupError("\n".join(("pip could not install the packages:", *lines[-SAID_LAST:])))


if __name__ == "__main__":
    sys.exit(main())
