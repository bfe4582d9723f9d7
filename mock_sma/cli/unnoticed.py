"""What a program that was run may not have noticed, though it ended well: lines for standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.scenario import Profile
from mock_sma.report.text import outcome
from mock_sma.sandbox.hosts import SMA_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry


def unnoticed(world: Sandbox) -> Iterator[str]:
    """Yield a line where answers were refused or empty, and one where a copy of the sandbox played production."""
    entries = [entry for entry in world.requests if not entry.is_asset]
    yield from _refusals(entries)
    yield from _production(world, entries)


def _refusals(entries: list[Entry]) -> Iterator[str]:
    outcomes = [outcome(entry) for entry in entries]
    refused, empty = outcomes.count("refused"), outcomes.count("empty")
    if refused or empty:
        count = "1 request" if len(entries) == 1 else f"{len(entries)} requests"
        yield f"{count}: {refused} refused, {empty} answered with an empty list; --report FILE says why, and what to do"


def _production(world: Sandbox, entries: list[Entry]) -> Iterator[str]:
    hosts = {entry.host for entry in entries}
    asked = [host for host, layout in SMA_HOSTS.items() if layout.production and host in hosts]
    plants = world.scenario.plants
    coarse = sum(plant.resolution == 15 for plant in plants)
    if asked and coarse and world.scenario.profile is Profile.SANDBOX:
        yield (
            f"a copy of SMA's sandbox answered for {' and '.join(asked)}: {coarse} of its {len(plants)} plants have a "
            "row every 15 minutes, not every 5; --scenario ennexos is like production"
        )
