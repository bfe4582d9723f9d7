"""The options of the command run: any program, unchanged, with SMA's host names led to a world."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


class Via(StrEnum):
    """How names are led."""

    AUTO = "auto"
    NAMESPACE = "namespace"
    PROXY = "proxy"


EPILOG = (
    "The command runs as it stands, with its own terminal, signals and exit status; nothing is added to its output. "
    "Its environment has MOCK_SMA_URL, MOCK_SMA_CLIENT_ID and MOCK_SMA_CLIENT_SECRET. All other options are those of "
    "serve, but --port is 0 unless it is given. docs/hosts.md describes what each way can reach."
)

NOT_OPTIONS = frozenset({"json_", "proxy"})
"""Settings of serve that mean nothing here: standard output is the command's, and a proxy is one of the ways."""


def add_run_options(run: argparse.ArgumentParser) -> None:
    """Add what run has beside the options of serve."""
    run.epilog = EPILOG
    run.add_argument(
        "--via",
        choices=[str(via) for via in Via],
        default=str(Via.AUTO),
        help="how SMA's names lead here: namespace (every program; Linux), proxy (variables and hooks), auto (default)",
    )
    run.add_argument("--report", metavar="FILE", help="write the final report, as of GET /_mock/report, to this file")
    run.add_argument("command", metavar="COMMAND", nargs="...", help="program and its arguments, after --")


def command_of(words: list[str]) -> list[str]:
    """Return the command behind ``--``."""
    return words[1:] if words[:1] == ["--"] else words


def is_possible() -> bool:
    """Tell whether this system has what run is made of."""
    return sys.platform != "win32"
