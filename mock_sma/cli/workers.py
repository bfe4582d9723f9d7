"""``serve --workers N``: processes that listen at one port and share one state, and the one that looks after them."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mock_sma.cli.output import complain, put_line
from mock_sma.cli.parts import bound, protocol_of, tls_of
from mock_sma.cli.serve import serve
from mock_sma.clock import monotonic
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.printable import printable

if TYPE_CHECKING:
    from mock_sma.settings import Settings

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}

MAX_ENDS = 5
"""Workers that may end within :data:`WHILE` and be replaced."""

WHILE = 10.0
"""Time over which ends of workers are counted [s]."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker has of the process that looks after it.

    Attributes:
        number: its own, from 1.
        news: where it says that it is ready.
        life: ends when that process does.
    """

    number: int
    news: int
    life: int

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
    if settings.state is None or "://" not in settings.state:
        raise UsageError("--workers needs a state that servers can share: --state redis://…")
    if not hasattr(os, "fork"):
        raise UsageError("--workers needs a system on which processes fork")
    protocol_of(settings, tls_of(settings))  # certificates are made once
    # Nobody connects here: it does not listen. It finds a port, and keeps it while a worker is replaced.
    with bound(settings) as held:
        port = held.getsockname()[1]
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        return _Crew(replace(settings, port=port)).work()


class _Crew:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: dict[int, int] = {}
        """Their numbers by process id."""
        self._ends: deque[float] = deque(maxlen=MAX_ENDS)
        self._life = os.pipe()

    def work(self) -> int:
        news, write = os.pipe()
        for number in range(1, self._settings.workers + 1):
            self._hire(number, write)
        os.close(write)
        try:
            status = self._ready(news) or self._watch()
        finally:
            self._dismiss()
        return status

    def _hire(self, number: int, news: int) -> None:
        process = os.fork()
        if not process:
            os.close(self._life[1])
            os._exit(_as_worker(self._settings, Desk(number, news, self._life[0])))
        self._workers[process] = number

    def _ready(self, news: int) -> int:
        """Print the one ready line once all answer; return the status of one that does not."""
        told = b""
        while told.count(b"\n") < self._settings.workers:
            if select.select([news], [], [], 0.05)[0]:
                told += os.read(news, 65_536)
            if signal.sigpending() & {signal.SIGTERM, signal.SIGINT}:
                return 0
            for _, status in self._ended():
                return status or 1
        os.close(news)
        facts, text = json.loads(told.partition(b"\n")[0])
        facts["workers"] = self._settings.workers
        put_line(json.dumps(facts) if self._settings.json_ else printable(f"{text}, by {facts['workers']} workers"))
        return 0

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
                complain(f"mock-sma: worker {number} has ended with {status}; another one takes its place")
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
        for process in self._workers:
            os.kill(process, signal.SIGTERM)
        for process in self._workers:
            os.waitpid(process, 0)


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
