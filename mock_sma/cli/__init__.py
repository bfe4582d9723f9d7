"""The command line: the composition root, where settings, worlds and server meet."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mock_sma.cli.command import add_command
from mock_sma.cli.doctor import add_doctor_command
from mock_sma.cli.health import add_health_command
from mock_sma.cli.output import complain, let_go, put
from mock_sma.cli.remote import add_remote_commands
from mock_sma.cli.replay import add_replay_command
from mock_sma.cli.run import NOT_OPTIONS, Via, add_run_options, command_of, is_possible
from mock_sma.cli.sample import add_sample_command
from mock_sma.cli.scenarios import add_scenario_commands
from mock_sma.errors import MockSmaError, ScenarioError, UsageError
from mock_sma.settings import Settings
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

METAVARS = {
    "scenario": "NAME|FILE",
    "scenario_dir": "DIR",
    "capsule": "FILE",
    "now": "TIME",
    "control_token": "TOKEN",
    "allowed_host": "HOST",
    "tls_cert": "FILE",
    "tls_key": "FILE",
    "tls": "auto",
    "tls_dir": "DIR",
    "pass_through": "HOST",
    "log_format": "FORMAT",
    "log_level": "LEVEL",
}
"""What stands for the value of an option of ``serve``; of all others their own name."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 fine, 1 failed, 2 called wrongly."""
    arguments = vars(parser().parse_args(argv))
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


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="mock-sma",
        description="A local emulator of the SMA Monitoring API, independent of SMA.",
        epilog="mock-sma COMMAND --help lists the options of a command. Every option of serve can also be set with an "
        "environment variable: --port is MOCK_SMA_PORT.",
    )
    top.add_argument("--version", action="version", version=f"mock-sma {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    add_health_command(commands)
    add_replay_command(commands)
    add_scenario_commands(commands)
    add_sample_command(commands)
    add_remote_commands(commands)
    add_doctor_command(commands)
    openapi = add_command(commands, "openapi", "print the OpenAPI document of the vendor API")
    openapi.add_argument("--out", metavar="FILE", help="write to this file instead of standard output")
    openapi.set_defaults(run=_openapi)
    return top


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = add_command(commands, "serve", "run the server")
    _add_settings(serve, frozenset())
    serve.set_defaults(run=_serve)
    run = add_command(commands, "run", "run a program unchanged, with its calls to SMA's hosts answered by a world")
    _add_settings(run, NOT_OPTIONS)
    add_run_options(run)
    run.set_defaults(run=_run)


def _add_settings(parser: argparse.ArgumentParser, left_out: frozenset[str]) -> None:
    text: dict[str, type] = {"port": int, "seed": int, "rate": float}
    for name, field in Settings.model_fields.items():
        if name in left_out:
            continue
        option = "--" + name.rstrip("_").replace("_", "-")
        about = str(field.description)
        if field.annotation is bool:
            parser.add_argument(option, dest=name, action="store_true", default=None, help=about)
        elif field.default == ():
            parser.add_argument(option, dest=name, action="append", metavar=METAVARS.get(name), help=about)
        else:
            default = "" if field.default is None else f" (default {field.default})"
            kind, metavar = text.get(name, str), METAVARS.get(name)
            parser.add_argument(option, dest=name, type=kind, metavar=metavar, help=about + default)


def settings_from(arguments: dict[str, object]) -> Settings:
    """Return the settings of a command line over those of the environment.

    Raises:
        UsageError: a value that cannot be used, with its name.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UsageError(
            "; ".join(f"{_source(item['loc'], given)}: {item['msg']}" for item in error.errors())
        ) from None


def _source(where: tuple[int | str, ...], given: dict[str, object]) -> str:
    """Return where a setting came from: its option, or its variable."""
    name = str(where[0]).removeprefix("MOCK_SMA_").lower()
    return f"--{name.replace('_', '-')}" if name in given else f"MOCK_SMA_{name.upper()}"


def _serve(arguments: dict[str, object]) -> int:
    # Heavy imports only where a server is wanted: check and scenarios stay quick.
    from mock_sma.cli.serve import serve  # noqa: PLC0415 - see above

    return serve(settings_from(arguments))


def _run(arguments: dict[str, object]) -> int:
    command, via, report = (arguments.pop(name) for name in ("command", "via", "report"))
    assert isinstance(command, list)
    words = command_of(command)
    if not words:
        raise UsageError("run wants a command: mock-sma run -- COMMAND…")
    if not is_possible():
        raise MockSmaError("run needs a system with processes of POSIX; take serve --proxy here (docs/hosts.md)")
    settings = settings_from(arguments)
    if "port" not in settings.model_fields_set:
        settings = settings.model_copy(update={"port": 0})
    from mock_sma.cli.running import run_program  # noqa: PLC0415 - as in _serve

    return run_program(settings, words, Via(str(via)), None if report is None else Path(str(report)))


def _openapi(arguments: dict[str, object]) -> int:
    # The operations table brings NumPy's neighbours along: only here is it wanted.
    from mock_sma.sandbox.table.openapi import openapi_document  # noqa: PLC0415
    from mock_sma.sandbox.table.operations import OPERATIONS  # noqa: PLC0415

    text = json.dumps(openapi_document(OPERATIONS), indent=2, ensure_ascii=False) + "\n"
    if arguments["out"] is None:
        put(text)
    else:
        Path(str(arguments["out"])).write_text(text, encoding="utf-8")
    return 0
