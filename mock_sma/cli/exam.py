"""The command exam: any program, once in each situation of a curriculum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.command import number, whole
from mock_sma.cli.output import say
from mock_sma.cli.run import command_of, is_possible
from mock_sma.cli.via import Via
from mock_sma.errors import MockSmaError, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

EPILOG = (
    "COMMAND runs as under mock-sma run, several at once, each in a world of its own. It gets MOCK_SMA_URL, "
    "MOCK_SMA_CLIENT_ID, MOCK_SMA_CLIENT_SECRET, and MOCK_SMA_ANSWER: a file that it may write the energies to that it "
    "would store. {date} and {yesterday} in COMMAND stand for the world's dates, which are the machine's but for a few "
    "situations; MOCK_SMA_NOW has its time. A file exam.toml in the current directory chooses situations, time limits "
    "and what is expected (docs/exam.md). Exit status 1 means that a situation failed."
)


def add_exam(exam: ArgumentParser) -> None:
    """Add the options of the command."""
    exam.epilog = EPILOG
    exam.add_argument("--list", action="store_true", help="list the situations, and run nothing")
    exam.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this situation; can be repeated"
    )
    exam.add_argument("--timeout", type=number, metavar="SECONDS", help="time limit for the program (default 30)")
    exam.add_argument("--jobs", type=whole, metavar="N", help="situations at once (default: one per processor)")
    exam.add_argument("--config", metavar="FILE", help="read this file instead of exam.toml")
    exam.add_argument("--via", choices=[str(via) for via in Via], default=str(Via.AUTO), help="as for run")
    for form in ("junit", "html", "sarif"):
        exam.add_argument(f"--{form}", metavar="FILE", help=f"also write the results to this file as {form.upper()}")
    exam.add_argument("command", metavar="COMMAND", nargs="...", help="program and its arguments, after --")
    exam.set_defaults(run=_exam)


def _exam(arguments: dict[str, object]) -> int:
    from mock_sma.exam.curriculum import CURRICULUM  # noqa: PLC0415 - only this command needs it
    from mock_sma.exam.plan import planned  # noqa: PLC0415 - as above

    if arguments["list"]:
        for case in CURRICULUM:
            say(f"{case.name:<20} {case.about}")
        return 0
    words, only, jobs, timeout = (arguments[name] for name in ("command", "only", "jobs", "timeout"))
    assert isinstance(words, list)
    assert isinstance(only, list)
    command = command_of(words)
    if not command:
        raise UsageError("exam wants a command: mock-sma exam -- COMMAND…")
    if isinstance(timeout, float) and not 0 < timeout <= 3_600:
        raise UsageError("--timeout must be more than 0 and at most 3600 seconds")
    if isinstance(jobs, int) and jobs < 1:
        raise UsageError("--jobs must be at least 1")
    plan = planned(_file(arguments["config"]), only, timeout if isinstance(timeout, float) else None)
    if not is_possible():
        raise MockSmaError("exam needs a system with processes of POSIX")
    from mock_sma.cli.examining import Examination, written  # noqa: PLC0415 - after what may be wrong with the options

    exam = Examination(plan.sittings, command, Via(str(arguments["via"])))
    results, seconds = exam.sit(jobs if isinstance(jobs, int) else plan.jobs, say)
    written(results, seconds, {form: arguments[form] for form in ("junit", "html", "sarif")}, command[0])
    return int(any(not item.passed for item in results))


def _file(given: object) -> Path | None:
    if given is not None:
        if not Path(str(given)).is_file():
            raise UsageError(f"--config: there is no file {given}")
        return Path(str(given))
    own = Path("exam.toml")
    return own if own.is_file() else None
