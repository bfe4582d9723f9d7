"""The command line: the composition root, where settings, worlds and server meet."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from mock_sma.cli.command import COMMANDS, Parser, near
from mock_sma.cli.output import complain, let_go
from mock_sma.errors import MockSmaError, ScenarioError, UsageError
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


TOP_OPTIONS = ("-h", "--help", "--version")
"""All that may stand before a command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 fine, 1 failed, 2 called wrongly."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = next((word for word in words if not word.startswith("-")), None)
    if name not in COMMANDS and words and words[0] not in TOP_OPTIONS:
        refuse(words[0].partition("=")[0])
    # Only the command that is called is loaded: the others bring a second's worth of modules along.
    arguments = vars(parser({name}).parse_args(words))
    command = arguments.pop("run")
    try:
        return int(command(arguments))
    except ScenarioError as error:
        complain(error)
        return 1
    except UsageError as error:
        complain(f"mock-sma: {error}")
        return 2
    except BrokenPipeError:
        let_go()
        return 1
    except OSError as error:
        what = error if error.filename is None else f"{error.filename}: {error.strerror}"
        complain(f"mock-sma: {what}")
        return 1
    except MockSmaError as error:
        complain(f"mock-sma: {error}")
        return 1


def refuse(first: str) -> NoReturn:
    """End the process: a command line begins with what is neither a command nor an option of all."""
    top = parser(())
    if not first.startswith("-"):
        top.error(f"there is no command {first!r}{near(first, [*COMMANDS, *TOP_OPTIONS])}")
    from mock_sma.settings import SETTINGS, option  # noqa: PLC0415 - a command that is one need not wait for it

    options = [option(name) for name in SETTINGS]
    meant = ("" if first in options else near(first, [*TOP_OPTIONS, *options])) or "."
    top.error(f"there is no option {first} before a command{meant} Options follow it: mock-sma serve --port 8080")


def parser(called: Collection[str | None]) -> Parser:
    """Return the parser of all commands.

    Args:
        called: commands whose options are needed; the others only have their names.
    """
    top = Parser(
        prog="mock-sma",
        description="A local emulator of the SMA Monitoring API, independent of SMA.",
        epilog="mock-sma COMMAND --help lists the options of a command. Every option of serve can also be set with an "
        "environment variable: --port is MOCK_SMA_PORT.",
    )
    top.add_argument("--version", action="version", version=f"mock-sma {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", prog=top.prog)
    for name, (about, module, function) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        command.set_defaults(parser=command)
        if name in called:
            getattr(import_module(f"mock_sma.cli.{module}"), function)(command)
    return top
