"""Worlds for classes of unittest, under pytest or ``python -m unittest``."""

from __future__ import annotations

import os
import sys
import unittest
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

from mock_sma.report.text import failure_report
from mock_sma.testing.choice import Choice, Shelf
from mock_sma.testing.given import SmaHosts, program_variables
from mock_sma.testing.routers import router
from mock_sma.testing.session import ServerOfSession

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.respx_router import SmaRouter


class WorldTestCase(unittest.TestCase):
    """A test case with a fresh world for each test. It answers nobody: take a class below.

    Attributes:
        sma_world: keywords of the marker ``sma``: ``{"scenario": "gap-week", "consent": "accepted"}``.
        sma_sandbox: the world.
    """

    sma_world: ClassVar[dict[str, Any]] = {}
    sma_sandbox: Sandbox

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Run the test; what unittest tells of a failure ends with the report of the world."""
        # pytest gives an object of its own here, and has its own section for the report.
        problems = [result.failures, result.errors] if isinstance(result, unittest.TestResult) else []
        counts = [len(told) for told in problems]
        ended = super().run(result)
        for told, count in zip(problems, counts, strict=True):
            for index in range(count, len(told)):
                case, text = told[index]
                told[index] = (case, f"{text}\n{self._report()}\n")
        return ended

    def _report(self) -> str:
        world = getattr(self, "sma_sandbox", None)
        if world is None:
            return ""
        return f"mock-sma:\n{failure_report(world.requests, findings=world.findings, ended='mock-sma serve')}"

    def setUp(self) -> None:
        """Make the world; call it first where you override it."""
        super().setUp()
        # Under pytest a fixture may have made it.
        if "sma_sandbox" not in vars(self):
            self.sma_sandbox = _shelf(type(self)).sandbox(Choice.of(self.sma_world, _directory(type(self))))


class SmaTestCase(WorldTestCase):
    """A test case with a fresh world for each test, which answers all clients of httpx and httpx2 for SMA's hosts.

    Asynchronous tests name ``unittest.IsolatedAsyncioTestCase`` as a second base.

    Attributes:
        sma_router: the respx router, for routes of one's own.
    """

    sma_router: SmaRouter

    def setUp(self) -> None:
        """Let the world answer; call it first where you override it."""
        super().setUp()
        self.sma_router = self.enterContext(router(self.sma_sandbox))


class SmaHostsTestCase(WorldTestCase):
    """A test case with a fresh world for each test under SMA's https host names, for every library and program.

    Asynchronous tests name ``unittest.IsolatedAsyncioTestCase`` as a second base.

    Attributes:
        sma_hosts: what the fixture ``sma_hosts`` gives.
    """

    sma_hosts: SmaHosts
    _sma_session: ClassVar[ServerOfSession]

    @classmethod
    def setUpClass(cls) -> None:
        """Begin to serve; call it first where you override it."""
        super().setUpClass()
        cls._sma_session = ServerOfSession()
        cls.addClassCleanup(cls._sma_session.close)

    def setUp(self) -> None:
        """Lead SMA's names to the world; call it first where you override it."""
        super().setUp()
        led = self._sma_session.hosts()
        server = led.server
        self.addCleanup(server.serve, server.sandbox)
        server.serve(self.sma_sandbox)
        env = self.enterContext(led.leading()) | program_variables(self.sma_sandbox, server.url)
        self.enterContext(mock.patch.dict(os.environ, env))
        self.sma_hosts = SmaHosts(self.sma_sandbox, server.url, led.way.authority, env)


def _shelf(case: type[WorldTestCase]) -> Shelf:
    """Return the scenarios that a class has read already."""
    found: Shelf | None = case.__dict__.get("_sma_shelf")
    if found is None:
        found = Shelf()
        case._sma_shelf = found  # type: ignore[attr-defined]  # noqa: SLF001 - our own base class
    return found


def _directory(case: type[WorldTestCase]) -> Path | None:
    file = getattr(sys.modules.get(case.__module__), "__file__", None)
    return Path(file).parent if file else None
