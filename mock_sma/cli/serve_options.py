"""The options of ``serve``: the settings, each of which is an environment variable too."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from mock_sma.cli.command import number, whole
from mock_sma.settings import SETTINGS, read_settings
from mock_sma.settings import option as option_of

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from mock_sma.settings import Settings

METAVARS = {
    "scenario": "NAME|FILE",
    "scenario_dir": "DIR",
    "consent": "STATE",
    "capsule": "FILE",
    "state": "FILE|URL",
    "now": "TIME",
    "control_token": "TOKEN",
    "allowed_host": "HOST",
    "tls_cert": "FILE",
    "tls_key": "FILE",
    "tls": "auto",
    "tls_dir": "DIR",
    "pass_through": "HOST",
    "otlp": "URL",
    "log_format": "FORMAT",
    "log_level": "LEVEL",
}
"""What stands for the value of an option of ``serve``; of all others their own name."""


def add_serve(serve: ArgumentParser) -> None:
    """Add the options of the command."""
    add_settings(serve)
    serve.set_defaults(run=_serve)


def add_settings(parser: ArgumentParser, left_out: frozenset[str] = frozenset()) -> None:
    """Add an option for each setting.

    Args:
        left_out: settings that get none.
    """
    kinds: dict[str, Callable[[str], object]] = {"port": whole, "seed": whole, "workers": whole, "rate": number}
    for name, field in SETTINGS.items():
        if name in left_out:
            continue
        option = option_of(name)
        about = str(field.metadata["about"])
        if field.default is False:
            parser.add_argument(option, dest=name, action="store_true", default=None, help=about)
        elif field.default == ():
            parser.add_argument(option, dest=name, action="append", metavar=METAVARS.get(name), help=about)
        else:
            default = "" if field.default is None else f" (default {field.default})"
            kind, metavar = kinds.get(name, str), METAVARS.get(name)
            parser.add_argument(option, dest=name, type=kind, metavar=metavar, help=about + default)


def settings_from(arguments: dict[str, object]) -> Settings:
    """Return the settings of a command line over those of the environment.

    Raises:
        UsageError: a value that cannot be used, with its name.
    """
    return read_settings({name: value for name, value in arguments.items() if value is not None})


def _serve(arguments: dict[str, object]) -> int:
    # A mistake in the options is told before the server is loaded.
    settings = settings_from(arguments)
    # What a start loads stays: to look for garbage among it takes a tenth of the start.
    gc.disable()
    try:
        if settings.workers > 1:
            from mock_sma.cli.workers import serve_by_workers  # noqa: PLC0415 - see above

            return serve_by_workers(settings)
        from mock_sma.cli.serve import serve  # noqa: PLC0415 - see above

        return serve(settings)
    finally:
        gc.enable()
