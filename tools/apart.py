"""Packages that cannot lie beside the others: each in a directory of its own, at the end of the search path.

niquests needs urllib3-future, which takes the place of urllib3 in an environment, and with it of requests' transport.
From here it takes nothing's place: niquests then uses the package by its other name, ``urllib3_future``, in the same
process as everything else. Plugins of pytest would be loaded into every run of it.

``python -m tools.apart`` installs them; ``make setup`` does that, and tests do where it has not been done.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

WANTED = {"niquests": "niquests>=3.14", "pytest_httpx": "pytest-httpx>=0.35", "pytest_httpx2": "pytest-httpx2>=1"}
"""Packages, and what is asked of the index."""

FOLDER = Path(sys.prefix) / "apart"


def folder_of(package: str) -> Path:
    """Return the directory of a package, which is installed where it is missing."""
    found = FOLDER / package
    if not found.exists():
        FOLDER.mkdir(exist_ok=True)
        fresh = Path(mkdtemp(dir=FOLDER))
        subprocess.run(
            [sys.executable, "-m", "uv", "pip", "install", "-q", "--target", fresh, WANTED[package]], check=True
        )
        try:
            fresh.rename(found)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    return found


def imported(package: str) -> Any:
    """Import a package; whatever else is installed comes before what it brings along."""
    place = str(folder_of(package))
    if place not in sys.path:
        sys.path.append(place)
    return import_module(package)


if __name__ == "__main__":
    for name in WANTED:
        folder_of(name)
