"""The documentation as a site, built as ``make docs`` builds it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "THIRD-PARTY.md", "LICENSE")
"""Files at the top of the repository that are pages too."""


def build(out: Path) -> Path:
    """Build the site into a directory and return it.

    Raises:
        AssertionError: a link leads nowhere, a page is not in the navigation, or a diagram is none.
    """
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--site-dir", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def search_index(site: Path) -> dict[str, Any]:
    """Return what the search of a site searches."""
    text = (site / "search" / "index.js").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix("window.searchIndex = ").removesuffix(";\n"))
    return found
