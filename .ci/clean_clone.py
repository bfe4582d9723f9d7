"""What `make serve` does on a machine that has Python and make, and the checkout without git: run by .ci/run.

usage: PYTHON .ci/clean_clone.py CHECKOUT, with a checkout that nothing was installed in.

It ends with an error where the server answers later than it may, or its environment is larger than it may be.
Packages are downloaded first, so that the network is not measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

WORK_MOST = 20.0
"""Longest time until the server is ready, without downloads [s]."""

SIZE_MOST = 200.0
"""Largest environment [MB]."""


def main() -> int:
    """Measure; say what was found."""
    clone = Path(sys.argv[1]).absolute()
    wheels = clone.parent / "wheels"
    document = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))
    pip = [sys.executable, "-m", "pip"]
    subprocess.run([*pip, "download", "--quiet", "--dest", wheels, *document["project"]["dependencies"]], check=True)
    took = time_to_answer(clone, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull})
    size = sum(file.lstat().st_blocks * 512 for file in (clone / ".venv").rglob("*")) / 1e6
    print(f"make serve: ready after {took:.1f} s (at most {WORK_MOST:g}), {size:.0f} MB (at most {SIZE_MOST:g})")
    shutil.rmtree(clone / ".venv")
    told = tells_without_network(clone)
    print("make serve without a network:", "says so" if told else "does not say so")
    return int(took > WORK_MOST or size > SIZE_MOST or not told)


def time_to_answer(clone: Path, variables: dict[str, str]) -> float:
    """Return the time until the server is ready [s]."""
    begun = time.monotonic()
    command = ["make", "--no-print-directory", f"PYTHON={sys.executable}", "serve", "ARGS=--port 0 --json"]
    with subprocess.Popen(command, cwd=clone, env=os.environ | variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        took = time.monotonic() - begun
        assert ready["event"] == "ready", ready
        process.terminate()
    return took


def tells_without_network(clone: Path) -> bool:
    """Tell whether the command says what is missing, in a namespace that has no network."""
    command = ["unshare", "--net", "make", f"PYTHON={sys.executable}", "serve"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    return done.returncode != 0 and "no package index can be reached" in done.stderr


if __name__ == "__main__":
    sys.exit(main())
