"""What the tests of a session met, over all their worlds, workers and servers: ``--sma-coverage`` and its kin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.coverage import nothing
from mock_sma.coverage.shown import ctrf, lines, page
from mock_sma.errors import MockSmaError
from mock_sma.verdicts.coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Generator

    from mock_sma.testing.world import SmaWorld

OUTPUT = "mock_sma_coverage"
"""What a worker of xdist hands on under."""

MAX_FINDINGS = 500


class SessionCoverage:
    """Gathers what worlds have met, and tells of it at the end.

    Args:
        show: print the table.
        files: to write: HTML, JSON, or CTRF where the name ends in ``ctrf.json``.
        least: percent of all situations below which the session fails; None: any will do.
    """

    def __init__(self, *, show: bool, files: list[str], least: float | None) -> None:
        self._show = show
        self._files = files
        self._least = least
        self.coverage = nothing()
        self.findings: list[dict[str, Any]] = []

    def take(self, name: str, world: SmaWorld) -> None:
        """Take note of the world of a test that has run."""
        try:
            met, found = world.coverage, world.findings
        except MockSmaError:
            return  # its server is gone, which the test itself shows
        self.coverage = self.coverage.merged(met)
        self.findings += [{**item.as_dict(), "test": name} for item in found]
        del self.findings[MAX_FINDINGS:]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker of xdist has gathered."""
        given = getattr(node, "workeroutput", {}).get(OUTPUT)
        if given is not None:
            told = json.loads(given)
            self.coverage = self.coverage.merged(Coverage.of(told["coverage"]))
            self.findings += told["findings"]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what this worker has gathered."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[OUTPUT] = json.dumps({"coverage": self.coverage.as_dict(), "findings": self.findings})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Fail the session where it has met too little."""
        result = yield
        if not hasattr(session.config, "workerinput") and self._is_short:
            session.testsfailed += 1
        return result

    @property
    def _is_short(self) -> bool:
        return self._least is not None and self.coverage.percent < self._least

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the table and write the files."""
        for name in self._files:
            Path(name).write_text(self._written(name), encoding="utf-8")
        if self._show:
            terminalreporter.section("mock-sma: situations met")
            for line in lines(self.coverage):
                terminalreporter.write_line(line)
        if self._is_short:
            met = f"{self.coverage.percent:.1f} % of all situations met"
            text = f"mock-sma: {met}, --sma-fail-under wants {self._least:g} %"
            terminalreporter.write_line(text, red=True)

    def _written(self, name: str) -> str:
        if name.endswith("ctrf.json"):
            return json.dumps(ctrf(self.coverage), indent=1)
        if name.endswith(".json"):
            return json.dumps({**self.coverage.as_dict(), "findings": self.findings}, indent=1)
        return page(self.coverage, self.findings)
