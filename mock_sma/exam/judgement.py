"""How a program did in one situation: by the journal, its exit status and its answer file."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from mock_sma.errors import UsageError
from mock_sma.findings.traffic import Turn
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_sma.domain.period import Span
    from mock_sma.exam.curriculum import Case
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.verdicts.truth import Truth

LISTS = frozenset({"getPlants", "getPlantsV2", "getReportingPlants"})
PV = "pvGeneration"
"""The property that a number by itself stands for."""

TOLERANCE = 1.0
SHARE = 0.001
"""What an energy may be off by: [Wh], or a share of it where that is more."""

MOST = 5
"""Energies that are told of; of more, the number."""


@frozen(kw_only=True)
class Ending:
    """How a program ended.

    Attributes:
        status: exit status; of a signal, 128 and its number.
        seconds: that it took.
        limit: that it was ended after; None: it ended by itself.
        answer: file that it may have written.
    """

    status: int
    seconds: float
    limit: float | None
    answer: Path


def reasons(case: Case, world: Sandbox, ending: Ending, expected: frozenset[int] = frozenset({0})) -> Iterator[str]:
    """Yield why a program failed; nothing where it passed."""
    if ending.limit is not None:
        yield f"it did not end within {ending.limit:g} s and was ended"
    elif ending.status not in expected:
        yield f"it ended with exit status {ending.status}"
    turns = [Turn.of(entry) for entry in world.requests]
    yield from _unasked(case, turns)
    yield from _left(turns)
    for item in world.findings.at_least(case.severity):
        if item.id not in case.allowed:
            yield f"{item.title} [{item.id}]: {item.text}"
    yield from _wrong(world, ending.answer)


def _unasked(case: Case, turns: list[Turn]) -> Iterator[str]:
    if case.has_data:
        if not any(turn.status == 200 and "measured" in turn.facts for turn in turns):
            yield "it read no measurements"
    elif not any(turn.status == 200 and turn.operation in LISTS for turn in turns):
        yield "it never read the list of plants"


def looked_at(world: Sandbox, day: date) -> bool:
    """Tell whether a program asked for a span that holds a day: one that cannot be told the date asks for others."""
    spans = [facts.span for entry in world.requests for kind, facts in entry.trace if kind == "measured"]
    return any(span.first is None or _holds(span, day) for span in spans)


def _holds(span: Span, day: date) -> bool:
    return span.first is not None and span.first <= day and not span.ends_before(day)


def _left(turns: list[Turn]) -> Iterator[str]:
    """Yield the requests that failed by no fault of the program, and were given up."""
    done: set[Any] = set()
    given_up: dict[Any, Turn] = {}
    for turn in reversed(turns):
        ask = (turn.entry.method, turn.entry.path, turn.entry.query)
        if turn.struck and (turn.is_lost or turn.status >= 400) and ask not in done:
            given_up[ask] = turn
        elif turn.status == 200:
            done.add(ask)
    for turn in given_up.values():
        yield f"it gave {turn.entry.path} up: {turn.fact('fault', 'text')}"


def _wrong(world: Sandbox, file: Path) -> Iterator[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except UnicodeDecodeError:
        yield "the answer file is no UTF-8"
        return
    if not text.strip():
        return
    try:
        found = list(_differences(world, json.loads(text)))
    except (ValueError, UsageError) as error:
        yield f"the answer file cannot be read: {error}"
        return
    yield from found[:MOST]
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more energies are wrong"


def _differences(world: Sandbox, answer: Any) -> Iterator[str]:
    """Yield the energies of an answer that are not the plant's.

    Raises:
        UsageError: it has another form.
    """
    if not isinstance(answer, dict):
        raise UsageError('it has to be {"plant id": {"2025-06-14": {"pvGeneration": 12345.0}}}')
    for plant, days in answer.items():
        if not isinstance(days, dict):
            raise UsageError(f"{plant!r} has to hold energies by day")
        for day, given in days.items():
            energies = {PV: given} if isinstance(given, int | float) else given
            if not isinstance(energies, dict):
                raise UsageError(f"{plant!r} has to hold a number of Wh, or energies by property, for {day!r}")
            yield from _day(world.truth(plant, date.fromisoformat(day)), energies)


def _day(truth: Truth, energies: dict[str, Any]) -> Iterator[str]:
    for name, given in energies.items():
        ends = [found[name] for found in (truth.now, truth.final) if name in found]
        if given is None:
            if name in truth.final and name in truth.now:
                yield f"{truth.plant_id} {truth.date} {name} is missing, it is {truth.final[name]:.0f} Wh"
            continue
        if not isinstance(given, int | float):
            raise UsageError(f"{name} of {truth.date} has to be a number of Wh, not {given!r}")
        if not ends:
            if given:
                yield f"{truth.plant_id} {truth.date} {name} is {given:.0f} Wh, and there are no rows of it"
            continue
        slack = max(TOLERANCE, SHARE * max(map(abs, ends)))
        # Rows may still come while it runs.
        if not min(ends) - slack <= given <= max(ends) + slack:
            wanted = truth.final.get(name, 0.0)
            yield f"{truth.plant_id} {truth.date} {name} is {given:.0f} Wh, it should be {wanted:.0f} Wh"
