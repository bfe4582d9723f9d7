"""What the report of a failed test says of its world."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mock_sma.report.text import failure_report
from mock_sma.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mock_sma.testing.fixtures import Used


def sections(used: Used) -> list[tuple[str, str]]:
    """Return the sections of a failed test's report."""
    world = used.sandbox
    if not isinstance(world, Sandbox):  # its server goes on
        return [("mock-sma", failure_report(world.requests, used.origin, findings=world.findings))]
    return [("mock-sma", failure_report(world.requests, findings=world.findings, ended=_again(world, used.folder)))]


def _again(world: Sandbox, folder: Callable[[str], Path] | None) -> str:
    """Write a world down as its test has left it, and return the command that serves it."""
    if folder is None or not len(world.requests):
        return "mock-sma serve"
    from mock_sma.capsule import capsule_of  # noqa: PLC0415 - with Pydantic, for worlds of this process

    try:
        file = folder("mock-sma") / "capsule.json"
        file.write_text(capsule_of(world).model_dump_json(), encoding="utf-8")
    except OSError:  # a full disk must not hide why the test has failed
        return "mock-sma serve"
    return f"mock-sma serve --capsule {shlex.quote(str(file))}"
