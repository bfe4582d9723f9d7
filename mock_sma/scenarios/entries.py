"""Single entries of a timeline: for a world that runs already, and for Python."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mock_sma.errors import Problem, ScenarioError
from mock_sma.scenario_file.build import Builder
from mock_sma.scenario_file.read import read_mapping
from mock_sma.scenario_file.validate import document_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.timeline import TimelineEntry

WHERE = "timeline[0]"


def read_entry(document: Mapping[str, Any], *, may_be_now: bool = False) -> TimelineEntry:
    """Return the entry of an object in the form of a scenario's ``timeline``.

    Whom and what it names is not looked up: that is up to the world that it is for.

    Args:
        may_be_now: it needs no time.

    Raises:
        ScenarioError: with every mistake in it.
    """
    source = read_mapping({"timeline": [dict(document)]})
    try:
        whole = document_of(source)
        entry = Builder(source, whole).happening(0, whole.timeline[0], may_be_now=may_be_now)
        source.check()
    except ScenarioError as error:
        raise ScenarioError([_own(item) for item in error.problems]) from None
    assert entry is not None
    return entry


def _own(problem: Problem) -> Problem:
    return replace(problem, path=problem.path.removeprefix(WHERE).removeprefix("."))
