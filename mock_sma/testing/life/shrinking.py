"""From a story that breaks a program to the least one that breaks it in the same way, by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random  # noqa: TID251 - Hypothesis takes nothing else
from typing import TYPE_CHECKING

try:
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import NoSuchExample
except ImportError as error:
    raise ImportError("mock_sma.testing.life needs Hypothesis: pip install 'mock-sma[testing]'") from error

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.testing.life.running import LifeOutcome
    from mock_sma.testing.life.story import Story

WINDOWS = (7, 21, 60)
"""Days before a failure that are tried as the whole life: a short one is lived again and again in no time."""


def shrunk(outcome: LifeOutcome, lived: Callable[[Story], LifeOutcome], limit: int) -> LifeOutcome:
    """Return a failure of the same rule with as few chapters and days as it takes.

    Args:
        outcome: the failure.
        lived: lives a story.
        limit: lives at most.
    """
    if not limit or not outcome.story.chapters:
        return _cut(outcome)
    least = _later(_cut(outcome), lived)
    if not least.story.chapters:
        return least
    story, best = least.story, least
    count, known = limit, dict[tuple[bool, ...], bool]()

    def fails(kept: list[bool]) -> bool:
        # Hypothesis comes to the same choice by many ways, and a life takes long.
        if tuple(kept) not in known:
            known[tuple(kept)] = lives_to_fail(kept)
        return known[tuple(kept)]

    def lives_to_fail(kept: list[bool]) -> bool:
        nonlocal best, count
        if not count:
            return False
        count -= 1
        chapters = tuple(chapter for chapter, keep in zip(story.chapters, kept, strict=True) if keep)
        found = lived(replace(story, chapters=chapters))
        if not _is_same(found, outcome):
            return False
        if len(chapters) <= len(best.story.chapters):
            best = found
        return True

    try:
        # Most are kept at first, since most of what is left out by chance was not the cause.
        keeping = st.integers(0, 7).map(bool)
        find(
            st.lists(keeping, min_size=len(story.chapters), max_size=len(story.chapters)),
            fails,
            settings=settings(
                max_examples=limit,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
            random=Random(0),  # noqa: S311 - the same failure shrinks to the same story
        )
    except NoSuchExample:
        pass  # it takes all of them
    return _cut(best)


def _is_same(found: LifeOutcome, wanted: LifeOutcome) -> bool:
    return found.failure is not None and wanted.failure is not None and found.failure.rule == wanted.failure.rule


def _cut(outcome: LifeOutcome) -> LifeOutcome:
    """Return a failure with a story that ends on its day."""
    story = outcome.story
    days = min(-(-(outcome.ended - story.start) // timedelta(days=1)) + 1, story.days)
    chapters = tuple(chapter for chapter in story.chapters if chapter.at <= outcome.ended)
    return replace(outcome, story=replace(story, days=days, chapters=chapters))


def _later(outcome: LifeOutcome, lived: Callable[[Story], LifeOutcome]) -> LifeOutcome:
    """Return the failure of a life that begins as late as it can."""
    story = outcome.story
    for window in (window for window in WINDOWS if window < story.days):
        start = story.start + timedelta(days=story.days - window)
        chapters = tuple(chapter for chapter in story.chapters if chapter.at >= start)
        found = lived(replace(story, start=start, days=window, chapters=chapters))
        if _is_same(found, outcome):
            return _cut(found)
    return outcome
