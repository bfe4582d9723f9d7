"""Many plants at a glance, and what a client lacks of one plant's day."""

from __future__ import annotations

from collections import Counter
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.units import prefix_of
from mock_sma.api.worker import in_thread
from mock_sma.domain.health import WORST_FIRST, Status
from mock_sma.domain.people import MONITORING_SCOPE, Flow
from mock_sma.sandbox.access import Access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox

RANKS = {status: rank for rank, status in enumerate((*WORST_FIRST, Status.UNKNOWN, Status.OFF, Status.OK))}
"""Place of each state, the worst first."""


class Portfolio:
    """The sum of some plants, and the map of their states.

    Attributes:
        power: of all modules [kW].
        counts: number of plants by state, the worst first.
        map: each plant with its state.
    """

    def __init__(self, rated: Sequence[tuple[Plant, Status]]) -> None:
        self.map = rated
        self.power = sum(plant.peak_power for plant, _ in rated) / 1000
        counts = Counter(status for _, status in rated)
        self.counts = [(status.value, counts[status]) for status in RANKS if counts[status]]


class ClientView(NamedTuple):
    """What a client of the custom flow sees of the plants now.

    Attributes:
        number: of the plants that consents open to it.
        why: why others are closed to it, in words.
    """

    client: str
    number: int
    why: list[str]


TOLD = 2
"""Reasons for closed plants that are told."""


def views_of(world: Sandbox) -> list[ClientView]:
    """Return what each client of the custom flow sees now; one of the code flow sees what its user does."""
    with world.lock:  # a thread may answer a request that changes consents
        return [_view(world, client.id) for client in world.clients.values() if client.flow is Flow.CUSTOM]


def _view(world: Sandbox, client: str) -> ClientView:
    access = Access(client, frozenset({MONITORING_SCOPE}), user=None, expires=inf, session="")
    hidden = [item.sentence for item in world.consents.hidden(access)]
    more = [f"and {len(hidden) - TOLD} more reasons"] if len(hidden) > TOLD else []
    return ClientView(client, len(world.consents.permitted(access).plants), hidden[:TOLD] + more)


class Lack(NamedTuple):
    """One energy of a day.

    Attributes:
        now: what a client can have now, as ``final`` what it will have once everything has come: with its unit.
        missing: the difference, in the same unit; empty: none.
    """

    name: str
    now: str
    final: str
    missing: str


class Truths(NamedTuple):
    """What a client can have of a day now, and in the end.

    Attributes:
        final_at: from when on nothing changes any more.
    """

    rows: list[Lack]
    final_at: datetime
    is_final: bool


async def truth_of(visit: Visit, plant: Plant, span: Span) -> Truths | None:
    """Return the truth of a plant's day; None where it has nothing."""
    day = span.first
    assert day is not None
    found = await in_thread(lambda: visit.world.truth(plant, day, devices=False))
    names = [name for name in found.final if "." not in name]
    if not names:
        return None
    prefix = prefix_of(found.final[name] for name in names)

    def told(value: float) -> str:
        return f"{value / prefix.size:,.2f} {prefix.name}Wh"

    rows = []
    for name in names:
        now, final = found.now.get(name, 0.0), found.final[name]
        rows.append(Lack(name, told(now), told(final), told(final - now) if round(final - now) else ""))
    return Truths(rows, found.final_at, found.is_final)
