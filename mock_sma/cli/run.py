"""The options of the command run: any program, unchanged, with SMA's host names led to a world."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.serve_options import add_settings, settings_from
from mock_sma.cli.via import Via
from mock_sma.errors import MockSmaError, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser


EPILOG = (
    "The command runs as it stands, with its own terminal, signals and exit status; nothing is added to its output. "
    "Its environment has MOCK_SMA_URL, MOCK_SMA_CLIENT_ID and MOCK_SMA_CLIENT_SECRET. All other options are those of "
    "serve, but --port is 0 unless it is given. docs/hosts.md describes what each way can reach."
)

NOT_OPTIONS = frozenset({"json_", "proxy", "state", "workers", "otlp"})
"""Settings of serve that mean nothing here: standard output is the command's, a proxy is one of the ways, and the
world ends with the command."""


def add_run(run: ArgumentParser) -> None:
    """Add the options of the command: most of those of serve, and its own."""
    run.epilog = EPILOG
    add_settings(run, NOT_OPTIONS)
    run.add_argument(
        "--via",
        choices=[str(via) for via in Via],
        default=str(Via.AUTO),
        help="how SMA's names lead here: namespace (every program; Linux), proxy (variables and hooks), auto (default)",
    )
    run.add_argument("--report", metavar="FILE", help="write the final report, as of GET /_mock/report, to this file")
    run.add_argument("command", metavar="COMMAND", nargs="...", help="program and its arguments, after --")
    run.set_defaults(run=_run)


def _run(arguments: dict[str, object]) -> int:
    command, via, report = (arguments.pop(name) for name in ("command", "via", "report"))
    assert isinstance(command, list)
    words = command_of(command)
    if not words:
        raise UsageError("run needs a command: mock-sma run -- COMMAND…")
    if not is_possible():
        raise MockSmaError("run does not work on Windows; use serve --proxy instead (docs/hosts.md)")
    if isinstance(report, str) and not Path(report).parent.is_dir():
        raise UsageError(f"--report: there is no directory {Path(report).parent}; make it first")
    settings = settings_from(arguments)
    if "port" not in settings.given:
        settings = replace(settings, port=0)
    from mock_sma.cli.running import run_program  # noqa: PLC0415 - after what may be wrong with the options

    return run_program(settings, words, Via(str(via)), None if report is None else Path(str(report)))


def command_of(words: list[str]) -> list[str]:
    """Return the command behind ``--``."""
    return words[1:] if words[:1] == ["--"] else words


def is_possible() -> bool:
    """Tell whether this system has what run is made of."""
    return sys.platform != "win32"
