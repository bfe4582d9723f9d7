"""``live``: a whole program through a drawn story, and of a story that breaks it the least part that still does."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.capsule import capsule_of
from mock_sma.clock import parse_instant
from mock_sma.errors import UsageError
from mock_sma.scenarios import dump_scenario, load_scenario
from mock_sma.testing.life.invariants import READY, LifeFailure
from mock_sma.testing.life.running import run
from mock_sma.testing.life.shrinking import shrunk
from mock_sma.testing.life.story import KINDS, Story, story_of
from mock_sma.testing.session import ServerOfSession

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from mock_sma.domain.scenario import Scenario
    from mock_sma.testing.life.invariants import Store
    from mock_sma.testing.life.running import LifeOutcome, Main, Watch

STORY_VARIABLE = "SMA_LIFE"
"""Environment variable that names the file of a story to be lived again."""

UNSTEADY = (
    "Lived once more, the same story did not fail: the program keeps something from one call to the next, or depends "
    "on chance. Let each call begin anew, with an empty database and a fixed seed."
)


def live(
    main: Main,
    *,
    scenario: Scenario | str | Path = "portfolio",
    days: int = 30,
    start: datetime | str = "2025-03-01T00:00:00+01:00",
    seed: int = 0,
    happens: Collection[str] = tuple(KINDS),
    store: Store | None = None,
    midnights: Collection[Watch] = (),
    rules: Collection[str] = READY,
    shrink: int = 100,
    failures: str | Path = "sma-failures",
) -> LifeOutcome:
    """Run a whole program for a span of emulated time while a story that follows the seed happens to its world.

    SMA's hosts are answered whatever library asks: httpx and httpx2 in process, all others over sockets, as with
    ``sma_hosts``. The program's time is the world's, as with ``sma_time``. Neither fixture must be used beside it.
    Threads take turns: one runs at a time, until it waits or asks.

    Args:
        main: the program, sync or async, called with the :class:`Living`. It begins anew each time it is called,
            goes on for ever, and is ended from outside: a coroutine is cancelled, a function gets a ``SystemExit``
            from what it waits for next, and so does each thread that it has begun.
        scenario: the world, with consents as they are at first.
        days: length of the life.
        start: its beginning.
        seed: of what happens.
        happens: kinds of things that may, of :data:`KINDS`; in a life of two weeks and more each does.
        store: the energies [Wh] that the program keeps of a plant's local day, by property; empty or None: none.
        midnights: called at each midnight (Europe/Berlin) with the life; what they raise ends it.
        rules: the ready invariants to hold: ``vain`` (no measurement is asked for again before new ones can have
            come, R25), ``begging`` (no owner is asked while a request is pending, or within a week of a no),
            ``energy`` (what the store has is what the owner's portal has, two days after the last of it came),
            ``silence`` (no wait lasts for more than a day), ``stuck`` (something succeeds at least once a day),
            ``circles`` (no thousand requests at one instant, and none of them within an hour to ask the same).
        shrink: how many lives at most are spent on finding the least story that fails.
        failures: directory for the scenario and the capsule of a failure.

    Returns:
        What came of it, all invariants held.

    Raises:
        LifeFailure: one did not, or the program ended; the text holds the least story, its files and the command
            that lives it again.
        UsageError: an argument that cannot be.
    """
    if days < 1:
        raise UsageError("a life has at least one day")
    if unknown := set(rules) - READY:
        raise UsageError(f"{', '.join(sorted(unknown))}: no such rule; there are {', '.join(sorted(READY))}")

    begin = parse_instant(start) if isinstance(start, str) else start
    world = scenario if not isinstance(scenario, str | Path) else load_scenario(scenario)
    with closing(ServerOfSession()) as session:
        lived = partial(run, main=main, session=session, store=store, midnights=midnights, rules=frozenset(rules))
        if again := os.environ.get(STORY_VARIABLE):
            outcome = lived(_read(Path(again), days))
            if outcome.failure is not None:
                raise outcome.failure
            return outcome
        outcome = lived(story_of(world, begin, days, seed, happens))
        if outcome.failure is not None:
            raise _told(shrunk(outcome, lived, shrink), Path(failures), lived) from outcome.failure.__cause__
    return outcome


def _read(path: Path, days: int) -> Story:
    scenario = load_scenario(path)
    if scenario.now is None:
        raise UsageError(f"{path} names no time to begin at (key now)")
    return Story(scenario=scenario, start=scenario.now, days=days, chapters=())


def _told(outcome: LifeOutcome, folder: Path, lived: Callable[[Story], LifeOutcome]) -> LifeFailure:
    """Write the files of a failure and return it with all that is to be said."""
    story, failure = outcome.story, outcome.failure
    assert failure is not None
    scenario = replace(story.told(), name=f"life-{outcome.digest[:8]}")
    # What is written is lived once more, so that the capsule is of just that world.
    again = lived(Story(scenario=scenario, start=story.start, days=story.days, chapters=()))
    outcome = outcome if again.failure is None else again
    failure = again.failure or failure
    folder.mkdir(parents=True, exist_ok=True)
    written, capsule = (folder / f"{scenario.name}{end}" for end in (".yaml", ".capsule.json"))
    written.write_text(dump_scenario(scenario), encoding="utf-8")
    capsule.write_text(capsule_of(outcome.world).model_dump_json(exclude_none=True), encoding="utf-8")
    happened = "".join(f"\n    {chapter}" for chapter in story.chapters) or " nothing"
    text = (
        f"{failure.rule}: {failure}\n"
        f"  the least story, {story.days} days from {story.start.isoformat()}:{happened}\n"
        f"  scenario: {written}\n"
        f"  capsule:  {capsule} (mock-sma replay {shlex.quote(str(capsule))})\n"
        f"  again:    {STORY_VARIABLE}={shlex.quote(str(written))} {_command()}"
    )
    return LifeFailure(failure.rule, text if again.failure is not None else f"{text}\n  {UNSTEADY}")


def _command() -> str:
    """Return how the present program is run again."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
    return f"python -m pytest {shlex.quote(test)}" if test else shlex.join(["python", *sys.argv])
