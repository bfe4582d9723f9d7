"""Clears up after a ``mock-sma run`` that was killed, which cannot do it itself.

``run`` starts this file with a pipe to it and a folder. The pipe ends when ``run`` does, however it ends. By then it
has removed the folder; where it has not, what the program left running is ended here, and the folder removed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time

PATIENCE, STEP = 2.0, 0.02
"""Time that a process has to end by itself, and between two looks at it [s]."""


def main(folder: str) -> None:
    """Wait for the starter's end, and clear up what it has left."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    while os.read(0, 1):
        pass
    if os.path.isdir(folder):  # noqa: PTH112 - quick start
        for kind in (signal.SIGTERM, signal.SIGKILL):
            end(folder.encode(), kind)
        shutil.rmtree(folder, ignore_errors=True)


def end(mark: bytes, kind: signal.Signals) -> None:
    """Send a signal to the processes whose environment names the folder, and wait until they have ended."""
    told: set[int] = set()
    deadline = time.monotonic() + PATIENCE
    while (left := marked(mark)) and time.monotonic() < deadline:
        for pid in left - told:
            try:
                os.kill(pid, kind)
            except OSError:
                continue
        told |= left
        time.sleep(STEP)


def marked(mark: bytes) -> set[int]:
    """Return the processes whose environment names something."""
    found = set()
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():  # noqa: PTH112, PTH208 - as above
        try:
            with open(f"/proc/{int(name)}/environ", "rb") as file:  # noqa: PTH123 - as above
                if mark in file.read():
                    found.add(int(name))
        except (OSError, ValueError):
            continue
    return found - {os.getpid()}


if __name__ == "__main__":
    main(sys.argv[1])
