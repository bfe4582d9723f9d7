"""A program that is started, told of signals, waited for, and leaves nothing behind."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.errors import MockSmaError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ENTER = Path(__file__).parent / "child" / "enter.py"
MOST_SOCKETS = 64
"""Most sockets that a namespace hands out."""

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""Exit statuses of a command that could not be run, as of a shell."""

PR_SET_CHILD_SUBREAPER = 36  # sys/prctl.h
SI_KERNEL = 0x80  # bits/siginfo-consts.h

FORWARDED = frozenset(
    getattr(signal, name)
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
)
PATIENCE = 2.0
"""Time that what a program left running has to end by itself [s]."""


@frozen(kw_only=True)
class Space:
    """Namespaces of network and mounts that a program is to be in.

    Attributes:
        binds: pairs of a file and the one that it is seen in place of.
        listen: pairs of address and port whose sockets are handed out.
        addresses: further addresses of the loopback interface.
    """

    binds: Sequence[tuple[str, str]]
    listen: Sequence[tuple[str, int]]
    addresses: Sequence[str] = ()


class NoSpaceError(MockSmaError):
    """The system gives this user no namespaces."""


@dataclass(slots=True)
class Program:
    """A program before it runs.

    Attributes:
        sockets: the sockets that listen in its namespace, in the order of what was asked for.
    """

    command: Sequence[str]
    process: subprocess.Popen[bytes]
    line: socket.socket
    sockets: list[socket.socket] = field(default_factory=list)

    @classmethod
    def prepared(cls, command: Sequence[str], env: Mapping[str, str], space: Space | None = None) -> Program:
        """Return a program that has its namespaces and waits.

        Raises:
            NoSpaceError: it cannot have them; the message says which call was refused.
        """
        ours, theirs = socket.socketpair()
        starting = [sys.executable, "-I", "-S", str(ENTER), str(theirs.fileno())]
        process = subprocess.Popen(starting, env=dict(env), pass_fds=[theirs.fileno()], restore_signals=False)  # noqa: S603
        theirs.close()
        made = cls(command, process, ours)
        wanted = None if space is None else {item.name: getattr(space, item.name) for item in fields(Space)}
        made._tell({"command": list(command), "space": wanted, "starter": os.getpid()})
        data, descriptors, _, _ = socket.recv_fds(ours, 65_536, MOST_SOCKETS)
        made.sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        problem = json.loads(data)["problem"] if data else "it ended"
        if problem is not None:
            made.give_up()
            raise NoSpaceError(str(problem))
        return made

    def _tell(self, message: dict[str, Any]) -> None:
        self.line.sendall(json.dumps(message).encode() + b"\n")

    def give_up(self) -> None:
        """End it before it has run."""
        self.line.close()
        self.process.wait()
        for sock in self.sockets:
            sock.close()

    def run(self) -> int:
        """Let it run to its end and return its exit status, as a shell has it: 128 and the signal's number.

        Raises:
            MockSmaError: there is no such program, or it cannot be executed; ``status`` of it is the exit status.
        """
        self.line.sendall(b"g")
        refused = self.line.makefile("rb").readline()
        self.line.close()
        if refused:
            self.process.wait()
            raise _cannot_run(self.command[0], json.loads(refused))
        status = _awaited(self.process.pid)
        self.process.returncode = status
        return status


class CommandError(MockSmaError):
    """A command that could not be run.

    Attributes:
        status: exit status that says so.
    """

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


def _cannot_run(name: str, said: Mapping[str, Any]) -> CommandError:
    missing = isinstance(OSError(said["errno"], ""), FileNotFoundError)
    return CommandError(f"{name}: {said['text']}", NOT_FOUND if missing else NOT_EXECUTABLE)


class signals_held:  # noqa: N801 - used as a context manager
    """Keep signals for :meth:`Program.run`, also those that come before it; begin before any thread does."""

    def __enter__(self) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, {*FORWARDED, signal.SIGCHLD})
        if sys.platform == "linux":
            # What a program leaves running becomes ours, not the machine's.
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def __exit__(self, *_: object) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)


def _awaited(pid: int) -> int:
    """Forward signals until a process has ended, and return its exit status."""
    while True:
        status = _ended(pid)
        if status is not None:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        came, from_terminal = _next_signal()
        # The terminal tells all processes of its foreground by itself.
        if came != signal.SIGCHLD and not from_terminal:
            with suppress(ProcessLookupError):
                os.kill(pid, came)


def _ended(pid: int) -> int | None:
    """Return a process's wait status where it has ended; others that became ours are buried meanwhile."""
    while True:
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == pid:
            return status
        if not ended:
            return None


def _next_signal() -> tuple[int, bool]:
    wanted = {*FORWARDED, signal.SIGCHLD}
    if hasattr(signal, "sigwaitinfo"):
        info = signal.sigwaitinfo(wanted)
        return info.si_signo, info.si_code == SI_KERNEL
    came = signal.sigwait(wanted)
    return came, came in (signal.SIGINT, signal.SIGQUIT) and sys.stdin.isatty()


def end_what_is_left() -> int:
    """End the processes that a program left running, and return how many there were."""
    count = 0
    for kind, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, PATIENCE)):
        while children := list(_children()):
            count += len(children) if kind == signal.SIGTERM else 0
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(child, kind)
            if not _reaped(children, patience):
                break
    return count


def _children() -> Iterator[int]:
    """Yield the processes whose parent this one is, also those that became so."""
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            yield from map(int, task.read_text(encoding="ascii").split())


def _reaped(children: Sequence[int], patience: float) -> bool:
    """Wait for processes to end, and tell whether all have."""
    left = set(children)
    while left:
        with suppress(ChildProcessError):
            ended, _ = os.waitpid(-1, os.WNOHANG)
            if ended:
                left.discard(ended)
                continue
            if signal.sigtimedwait({signal.SIGCHLD}, patience) is None:
                return False
            continue
        return True
    return True
