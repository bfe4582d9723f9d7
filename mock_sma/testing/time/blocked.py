"""What Linux knows of a thread: in which call of the system it stands, in ``/proc``.

A thread that waits for a lock stands in ``futex`` without a time limit. One that waits for the interpreter stands there
too, but with a limit, or for a moment in another way, where many do. One that has been woken runs, for the system, long
before it does for Python.
"""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path


def _number() -> bytes | None:
    if sys.platform != "linux" or sys.maxsize < 2**32:  # a system of 64 bits numbers calls of 32 bits otherwise
        return None
    try:
        library = os.confstr("CS_GNU_LIBC_VERSION")  # musl knows this name, too, but not what it asks for
    except (OSError, ValueError):
        return None
    if library is None:
        return None
    return {"x86_64": b"202", "aarch64": b"98"}.get(os.uname().machine)


_FUTEX = _number()
"""Number of the call with which a thread waits for a lock (futex(2)); None: it is not known here."""

_SEMAPHORE = b"0x189"
"""What a lock of Python asks of it with glibc: FUTEX_WAIT_BITSET, for this process alone, by the clock of the day."""

_NO_LIMIT = b"0x0"


class Blocked(Enum):
    """Whether a thread goes on by itself."""

    IN_LOCK = "waits for another thread, for ever"
    IN_CALL = "is in a call of the system: what it waits for is real"
    NOT = "runs, or waits for its turn in the interpreter"


def blocked(thread: int | None) -> Blocked | None:
    """Tell whether a thread of this process is blocked; None: the system does not say.

    Args:
        thread: its native id; None: it is just beginning.
    """
    if _FUTEX is None:
        return None
    try:
        words = _read(thread, "syscall").split()
    except (FileNotFoundError, ProcessLookupError):  # it is gone, maybe since its file was opened
        return Blocked.NOT if Path("/proc/self/syscall").exists() else None
    except OSError:
        return None
    if words[:1] != [_FUTEX]:
        return Blocked.IN_CALL if len(words) > 1 else Blocked.NOT
    return Blocked.IN_LOCK if words[2] == _SEMAPHORE and words[4] == _NO_LIMIT else Blocked.NOT


def runs(thread: int | None) -> bytes:
    """Return what changes whenever a thread of this process runs; the same for ever where the system does not say."""
    try:
        return b"" if _FUTEX is None else _read(thread, "schedstat")
    except OSError:
        return b""


def _read(thread: int | None, name: str) -> bytes:
    """Return what the system says of a thread: in which call it stands, or how long it has run."""
    if thread is None:
        return b""
    # Without the layers of io, which take three times as long: it is asked for every thread whenever one waits.
    descriptor = os.open(f"/proc/self/task/{thread}/{name}", os.O_RDONLY)
    try:
        return os.read(descriptor, 256)
    finally:
        os.close(descriptor)
