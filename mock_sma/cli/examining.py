"""An exam under way: a process for each situation, with a world, a server and the program."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mock_sma.cli.running import led_to, program_of
from mock_sma.cli.warming import warm
from mock_sma.clock import Clock, monotonic
from mock_sma.exam.judgement import Ending, looked_at, reasons
from mock_sma.exam.result import Result, html, junit, sarif, summary
from mock_sma.frozen import frozen
from mock_sma.hosts import leftovers
from mock_sma.hosts.child.after import end
from mock_sma.hosts.program import CommandError, end_what_is_left, signals_held
from mock_sma.scenarios import load_scenario
from mock_sma.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.context import ForkProcess

    from mock_sma.cli.via import Via
    from mock_sma.exam.plan import Sitting
    from mock_sma.hosts.program import Program

ANSWER, NOW = "MOCK_SMA_ANSWER", "MOCK_SMA_NOW"
MERCY = 1.0
"""Time that a program has to end after SIGTERM [s]."""

SPARE = 30.0
"""Time beside the program's own that a situation may take, after which its process itself is ended [s]."""

SHOWN = 4_000
"""How much of a program's output is kept, its end [bytes]."""


@frozen
class Examination:
    """Sittings of one program."""

    sittings: Sequence[Sitting]
    command: Sequence[str]
    via: Via

    def sit(self, jobs: int | None, tell: Callable[[str], None]) -> tuple[list[Result], float]:
        """Let the program sit all, and return the results in the order of the curriculum, with the time [s].

        Args:
            jobs: how many at once; None: one for each processor.
            tell: shows each result as soon as it is there, and a summary.
        """
        began = monotonic()
        found: dict[str, Result] = {}
        with leftovers.folder() as folder:
            if len(self.sittings) > 1:
                warm(folder / "warm")
            waiting = list(self.sittings)
            running: dict[str, _Desk] = {}
            try:
                while waiting or running:
                    while waiting and len(running) < (jobs or os.cpu_count() or 1):
                        sitting = waiting.pop(0)
                        running[sitting.case.name] = _Desk.taken(sitting, self.command, self.via, folder)
                    for name in _done(running):
                        found[name] = running.pop(name).result()
                        tell(f"[{len(found)}/{len(self.sittings)}] {found[name].line}")
                        sys.stdout.flush()
            finally:
                for desk in running.values():
                    desk.leave()
            judged = any(folder.glob("*/answer.json"))
        results = [found[item.case.name] for item in self.sittings]
        seconds = monotonic() - began
        tell(summary(results, seconds))
        if not judged:
            tell(f"no energies were judged: the command wrote none to ${ANSWER} (mock-sma exam --help)")
        return results, seconds


def _done(running: Mapping[str, _Desk]) -> list[str]:
    wait([desk.process.sentinel for desk in running.values()], timeout=1.0)
    return [name for name, desk in running.items() if desk.is_done()]


@dataclass(slots=True)
class _Desk:
    """A process that one situation is sat in."""

    sitting: Sitting
    process: ForkProcess
    folder: Path
    began: float

    @classmethod
    def taken(cls, sitting: Sitting, command: Sequence[str], via: Via, folder: Path) -> _Desk:
        own = folder / sitting.case.name
        own.mkdir()
        # Forked, so that nothing has to be loaded again; this process has no threads.
        process = multiprocessing.get_context("fork").Process(target=_sat, args=(sitting, command, via, own))
        process.start()
        return cls(sitting, process, own, monotonic())

    def is_done(self) -> bool:
        if self.process.is_alive() and monotonic() - self.began > self.sitting.timeout + SPARE:
            self.leave()
        return not self.process.is_alive()

    def leave(self) -> None:
        """End it; what it runs is ended by it, unless it is stuck."""
        self.process.terminate()
        self.process.join(SPARE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    def result(self) -> Result:
        self.process.join()
        file = self.folder / "result.json"
        if file.is_file():
            return Result.of(json.loads(file.read_text(encoding="utf-8")))
        # Whatever ended it may have left its program; the environment of that names the folder.
        end(str(self.folder).encode(), signal.SIGKILL)
        case = self.sitting.case
        why = f"the exam of this situation broke off: {_end_of(self.folder / 'output') or self.process.exitcode}"
        return Result(name=case.name, about=case.about, reasons=(why,), seconds=monotonic() - self.began)


def _sat(sitting: Sitting, command: Sequence[str], via: Via, folder: Path) -> None:
    """Sit one situation: in a process of its own, whose output is a file."""
    _let_write_to(folder / "output")
    case, present = sitting.case, Clock().now()
    start, day = case.start(present), case.yesterday(present)
    os.environ[ANSWER], os.environ[NOW] = str(folder / "answer.json"), start.isoformat()
    words = [word.replace("{date}", str(start.date())).replace("{yesterday}", str(day)) for word in command]
    # A world of the present goes with the machine's clock.
    settings = Settings(port=0, rate=1.0, log_level="error")
    with signals_held(), ExitStack() as ends:
        led = led_to(settings, folder, ends, lambda: load_scenario(case.document(present)))
        program = program_of(led, words, via)
        began = monotonic()
        with _Limit(program, sitting.timeout) as limit:
            try:
                status, broken = program.run(), None
            except CommandError as error:
                status, broken = error.status, str(error)
        ending = Ending(
            status=status,
            seconds=monotonic() - began,
            limit=sitting.timeout if limit.hit else None,
            answer=folder / "answer.json",
        )
        end_what_is_left()
        why = [broken] if broken else list(reasons(case, led.world, ending, sitting.expected))
        skipped = ""
        if not why and case.now is not None and not looked_at(led.world, day):
            skipped = f"it did not look at {day}; give it the date by {{yesterday}} in the command, or {NOW}"
        result = Result(
            name=case.name,
            about=case.about,
            reasons=tuple(why),
            seconds=ending.seconds,
            skipped=skipped,
            output=_end_of(folder / "output") if why else "",
        )
        (folder / "result.json").write_text(json.dumps(result.as_dict()), encoding="utf-8")


def _let_write_to(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for own in (1, 2):
        os.dup2(descriptor, own)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def _end_of(file: Path) -> str:
    if not file.is_file():
        return ""
    return file.read_bytes()[-SHOWN:].decode("utf-8", "replace").strip()


class _Limit:
    """Ends a program that takes too long.

    Attributes:
        hit: whether it did.
    """

    def __init__(self, program: Program, seconds: float) -> None:
        self.hit = False
        self._process = program.process.pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(seconds,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self, seconds: float) -> None:
        if self._over.wait(seconds):
            return
        self.hit = True
        for kind in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.kill(self._process, kind)
            if self._over.wait(MERCY):
                return


def written(results: Sequence[Result], seconds: float, files: Mapping[str, object], artifact: str) -> None:
    """Write the results to the files that are asked for, by form."""
    makers: dict[str, Callable[[], bytes]] = {
        "junit": lambda: junit(results),
        "html": lambda: html(results, seconds).encode(),
        "sarif": lambda: json.dumps(sarif(results, artifact)).encode(),
    }
    for form, file in files.items():
        if file is not None:
            Path(str(file)).write_bytes(makers[form]())
