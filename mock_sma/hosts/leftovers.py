"""A folder that is gone when this process is, however it ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AFTER = Path(__file__).parent / "child" / "after.py"


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that another process removes if this one is killed.

    It first ends the processes whose environment names the folder. Begin before signals are blocked: the other process
    is to end by one.
    """
    name = mkdtemp(prefix="mock-sma-")
    command = [sys.executable, "-I", "-S", str(AFTER), name]
    # A session of its own: what is sent to this process's group, or by its terminal, does not reach it.
    watcher = subprocess.Popen(  # noqa: S603 - our own file
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
        assert watcher.stdin is not None
        watcher.stdin.close()
        watcher.wait()
