"""The command that begins a server like one that has ended with its program."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.settings import option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.settings import Settings

KEPT = ("scenario", "scenario_dir", "consent", "capsule", "now", "seed", "rate")
"""Settings that say which world it is."""


def serve_again(settings: Settings, world: Sandbox) -> str:
    """Return the command; its world begins as the one that has ended began."""
    return " ".join(["mock-sma serve", *_options(settings, world)])


def _options(settings: Settings, world: Sandbox) -> Iterator[str]:
    for name in KEPT:
        if name in settings.given:
            value = getattr(settings, name)
            for each in value if isinstance(value, tuple) else [value]:
                yield f"{option(name)} {shlex.quote(str(each))}"
    # A clock that was set by nobody began at the present.
    is_present = settings.now is None and settings.capsule is None and world.scenario.now is None
    if is_present and (asked := next(iter(world.requests), None)):
        yield f"--now {datetime.fromtimestamp(asked.at, UTC):%Y-%m-%dT%H:%M:%SZ}"
