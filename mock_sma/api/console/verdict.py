"""What is said of a scenario document while somebody writes it: mistakes, what it would change, its plants' day."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool

from mock_sma.api.console.preview import DayPreview
from mock_sma.errors import Problem, ScenarioError
from mock_sma.scenarios import dump_scenario, parse_scenario

if TYPE_CHECKING:
    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.scenario import Scenario

MOST_PLANTS = 120
"""Plants of a scenario that is compared with another one at each pause of typing."""

MOST_MISTAKES = 200
"""Mistakes that are shown of a document."""

MOST_LINES = 2_000
"""Lines of a difference that are shown where somebody asks for it."""

SOME_LINES = 60
"""Lines of a difference that are shown while one types."""


class Remark(NamedTuple):
    """What is said at a line.

    Attributes:
        line: from 1; None: it is about the whole.
        severity: ``error`` or ``warning``.
    """

    line: int | None
    path: str
    text: str
    severity: str


class Judgement(NamedTuple):
    """What is said of a document.

    Attributes:
        scenario: what it is; None: it has mistakes.
        marks: mistakes or warnings, in order of their lines.
        changes: lines of a unified difference from what runs; None: not compared.
        preview: a day of its plants; None: it has mistakes.
    """

    scenario: Scenario | None
    marks: list[Remark]
    changes: list[str] | None = None
    preview: DayPreview | None = None

    @property
    def errors(self) -> list[Remark]:
        """The mistakes."""
        return [mark for mark in self.marks if mark.severity == "error"]

    @property
    def warnings(self) -> list[Remark]:
        """What does not prevent its use."""
        return [mark for mark in self.marks if mark.severity == "warning"]


async def verdict_on(visit: Visit, text: str | bytes, form: str, *, day: str = "", typing: bool = False) -> Judgement:
    """Judge a document.

    Args:
        form: ``yaml`` or ``json``.
        day: the day of the preview; empty: the one on which the scenario begins.
        typing: leave out what takes long.
    """
    try:
        scenario = await run_in_threadpool(parse_scenario, text, format=form, library=visit.library)
    except ScenarioError as error:
        marks = [_remark(problem, "error") for problem in error.problems[:MOST_MISTAKES]]
        more = len(error.problems) - len(marks)
        if more:
            marks.append(Remark(None, "", f"and {more} more; these come first", "error"))
        return Judgement(None, marks)
    small = len(scenario.plants) <= MOST_PLANTS
    most = SOME_LINES if typing else MOST_LINES
    changes = await run_in_threadpool(_changes, visit.world.scenario, scenario, most) if small or not typing else None
    preview = await DayPreview.of(scenario, visit.world.clock.time(), day)
    return Judgement(scenario, [_remark(note.problem, "warning") for note in scenario.warnings], changes, preview)


def _remark(problem: Problem, severity: str) -> Remark:
    rule = f" ({problem.rule})" if problem.rule else ""
    return Remark(problem.line, problem.path, f"{problem.message}{rule}", severity)


def _changes(running: Scenario, wanted: Scenario, most: int) -> list[str]:
    before, after = (str(dump_scenario(scenario, "yaml")).splitlines() for scenario in (running, wanted))
    lines = list(unified_diff(before, after, n=2, lineterm=""))[2:]
    more = len(lines) - most
    return [*lines[:most], f"@@ and {more} lines more; “Check” shows more of them @@"] if more > 0 else lines
