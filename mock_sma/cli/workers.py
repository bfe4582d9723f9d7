"""``serve --workers N``: processes that listen at one port and share one state, and the one that looks after them."""

from __future__ import annotations

import asyncio
import json
import math
import os
import select
import signal
import sys
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.cli.kept import is_url
from mock_sma.cli.log_process import LogProcess
from mock_sma.cli.output import complain, put_line
from mock_sma.cli.parts import bound, protocol_of, tls_of
from mock_sma.cli.serve import serve
from mock_sma.clock import monotonic
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.frozen import frozen
from mock_sma.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mock_sma.settings import Settings

ENDS = {signal.SIGTERM, signal.SIGINT}

SIGNALS = ENDS | {signal.SIGCHLD}

MAX_ENDS = 5
"""Workers that may end within :data:`WHILE` and be replaced."""

WHILE = 10.0
"""Time over which ends of workers are counted [s]."""

GRACE = 15.0
"""Time that a process has to end after it was told to [s]; one that is held up is killed then."""


@frozen
class Desk:
    """What a worker has of the process that looks after it.

    Attributes:
        number: its own, from 1.
        news: where it says that it is ready.
        life: ends when that process does.
        log: the process that has the state file; None: there is none.
    """

    number: int
    news: int
    life: int
    log: LogProcess | None = None

    def ready(self, facts: dict[str, str], text: str) -> None:
        """Say that requests are answered."""
        with suppress(BrokenPipeError):  # nobody waits for one that took another's place
            os.write(self.news, json.dumps([facts, text]).encode() + b"\n")
        os.close(self.news)
        # A worker that nobody looks after would keep the port.
        asyncio.get_running_loop().add_reader(self.life, os.kill, os.getpid(), signal.SIGTERM)


def serve_by_workers(settings: Settings) -> int:
    """Run servers until a signal ends them, or one of them cannot go on.

    Raises:
        UsageError: they would share nothing.
        MockSmaError: the port is taken, or a file cannot be used.
    """
    if settings.state is None:
        raise UsageError("--workers needs a state that they share: --state FILE, or --state redis://…")
    if settings.watch:
        raise UsageError("--watch is for one server; leave out --workers, or --watch")
    if not hasattr(os, "fork"):
        raise UsageError("--workers needs a system on which processes fork")
    protocol_of(settings, tls_of(settings))  # certificates are made once
    # Nobody connects here: it does not listen. It finds a port, and keeps it while a worker is replaced.
    with bound(settings) as held, ExitStack() as ends:
        log = None if is_url(settings.state) else ends.enter_context(LogProcess(Path(settings.state)))
        port = held.getsockname()[1]
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        return _Crew(replace(settings, port=port), log).work()


class _Crew:
    def __init__(self, settings: Settings, log: LogProcess | None) -> None:
        self._settings = settings
        self._log = log
        self._workers: dict[int, int] = {}
        """Their numbers by process id; the process that has the state file is number 0."""
        self._ends: deque[float] = deque(maxlen=MAX_ENDS)
        self._life = os.pipe()

    def work(self) -> int:
        try:
            return self._begin() or self._watch()
        finally:
            self._dismiss()

    def _begin(self) -> int:
        """Have all of them; return the status of one that cannot begin."""
        status = self._all_ready([0], lambda _: None) if self._log is not None else 0
        if status:
            return status
        from mock_sma.api.control import read_routes  # noqa: PLC0415 - once for all workers

        read_routes()
        return self._all_ready(range(1, self._settings.workers + 1), self._tell_ready)

    def _all_ready(self, numbers: Sequence[int], tell: Callable[[bytes], None]) -> int:
        """Hire some, and wait until all of them are ready; return the status of one that ends instead."""
        news, write = os.pipe()
        for number in numbers:
            self._hire(number, write)
        os.close(write)
        told = b""
        while told.count(b"\n") < len(numbers):
            if select.select([news], [], [], 0.05)[0]:
                told += os.read(news, 65_536)
            if signal.sigpending() & ENDS:
                return 0
            for _, status in self._ended():
                return status or 1
        os.close(news)
        tell(told.partition(b"\n")[0])
        return 0

    def _hire(self, number: int, news: int) -> None:
        process = os.fork()
        if not process:
            os.close(self._life[1])
            if number or self._log is None:
                desk = Desk(number, news, self._life[0], self._log)
                os._exit(_as_worker(self._settings, desk))
            os._exit(self._log.work(self._life[0], news))
        self._workers[process] = number

    def _tell_ready(self, told: bytes) -> None:
        """Print the one ready line."""
        facts, text = json.loads(told)
        facts["workers"] = self._settings.workers
        put_line(json.dumps(facts) if self._settings.json_ else printable(f"{text}, by {facts['workers']} workers"))

    def _watch(self) -> int:
        """Put another worker in the place of one that ends; return when a signal wants an end.

        Raises:
            MockSmaError: they end again and again.
        """
        while signal.sigwait(SIGNALS) == signal.SIGCHLD:
            for number, status in self._ended():
                self._ends.append(monotonic())
                if len(self._ends) == MAX_ENDS and self._ends[-1] - self._ends[0] < WHILE:
                    raise MockSmaError(f"workers end again and again, the last one with {status}")
                who = f"worker {number}" if number else "the process that has the state"
                complain(f"mock-sma: {who} has ended with {status}; another one takes its place")
                read, write = os.pipe()
                self._hire(number, write)
                os.close(write)
                os.close(read)
        return 0

    def _ended(self) -> list[tuple[int, int]]:
        """Return number and status of workers that have ended."""
        found = []
        for process in list(self._workers):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                found.append((self._workers.pop(process), os.waitstatus_to_exitcode(status)))
        return found

    def _dismiss(self) -> None:
        """End all; the process that has the state is the last one, and ends when nobody is left."""
        workers = [process for process, number in self._workers.items() if number]
        for process in workers:
            os.kill(process, signal.SIGTERM)
        wait_for(workers)
        os.close(self._life[1])
        wait_for(self._workers.keys() - workers)


def wait_for(processes: Iterable[int], grace: float = GRACE) -> None:
    """Wait until processes of ours have ended; kill those that have not after ``grace`` [s]."""
    end, left = monotonic() + grace, set(processes)
    while left := {process for process in left if not os.waitpid(process, os.WNOHANG)[0]}:
        if monotonic() >= end:
            for process in left:
                os.kill(process, signal.SIGKILL)
            end = math.inf
        select.select([], [], [], 0.02)


def _as_worker(settings: Settings, post: Desk) -> int:
    """Be a worker; return its exit status."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    try:
        status: Any = serve(settings, post)
    except MockSmaError as error:
        complain(f"mock-sma: {error}")
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status)
