"""Commands on a network without any way out, held to mean to leave it in no way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTED = Path(__file__).with_name("counted.py")
KINDS = (("unshare", "--net", "--mount"), ("unshare", "--user", "--map-root-user", "--net", "--mount"))
NOTHING: dict[str, Any] = {"looked up": [], "without route": 0}


@cache
def spaces() -> tuple[str, ...]:
    """Return the command that gives a network of its own; empty where the kernel allows none."""
    for kind in KINDS:
        words = [*kind, sys.executable, str(COUNTED), os.devnull, "true"]
        try:
            if subprocess.run(words, capture_output=True, check=False).returncode == 0:
                return (*kind, "--fork", "--kill-child")
        except FileNotFoundError:  # no such command: no Linux
            return ()
    return ()


def counted(command: Sequence[str], file: Path, **more: Any) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run a command without any route; return what it did, and what meant to leave.

    Args:
        file: where the counts go.
    """
    words = [*spaces(), sys.executable, str(COUNTED), str(file), *command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    return done, json.loads(file.read_text())


def run(command: Sequence[str], file: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command, which must not mean to leave: without any route where the kernel allows it."""
    if not spaces():
        return subprocess.run(command, capture_output=True, text=True, check=False, **more)
    done, seen = counted(command, file, **more)
    assert seen == NOTHING, done.stdout + done.stderr
    return done
