"""A plant's running day: simulated once, and each row spelt once, however often clients ask for what is new.

A row never changes by what comes after it. So the rows that can be seen by now are the first ones of the day as it will
have been, as long as no late data arrive, for which there is another day.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import orjson

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.event import EventKind
from mock_sma.domain.instruments import resolution_of
from mock_sma.domain.period import Period
from mock_sma.domain.scenario import DstFold
from mock_sma.sandbox.wire.measurements import opening_of, row_maker
from mock_sma.sandbox.world.simulators import MAX_DAYS
from mock_sma.simulation.visibility import date_of, midnight_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.period import Resolution
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.simulators import BodyKey, MeasurementQuery
    from mock_sma.sandbox.world.world import World
    from mock_sma.simulation.table import Table

FITTING = (ENERGY_BALANCE, ENERGY_AND_POWER_PV)
"""Sets of plants that are polled."""

REWRITING = frozenset({EventKind.VALUE, EventKind.COUNTER_RESTART, EventKind.DUPLICATE_ROWS})
"""Events after which a row is not what was measured: what they do may rest on other rows."""


def polled(call: Call, plant: Plant, query: MeasurementQuery, key: BodyKey) -> bytes | None:
    """Return the body of a plant's Recent or running Day; None: it is another question, or has to be worked out."""
    wanted, span, _, with_total = query
    world, until = call.world, key.seen.until
    if wanted not in FITTING or with_total or world.scenario.switches.dst_fold is not DstFold.DUPLICATE:
        return None
    today = date_of(until - 1, plant.timezone)
    recent = span.period is Period.RECENT
    if not (recent or (span.period is Period.DAY and span.first == today)) or plant.commissioned > today:
        return None
    if plant.data or any(event.kind in REWRITING for event in plant.events):
        return None
    resolution = resolution_of(plant, wanted, span)
    day = _day(call, plant, query, key, today)
    begin, end = (float(midnight_of(today + timedelta(days=days), plant.timezone)) for days in (0, 1))
    if recent and until < day.begins and plant.commissioned < today:
        # Before the first row of a day, such as the night of a set of PV, the latest one is the evening's.
        end, day = min(end, day.begins - 1), _day(call, plant, query, key, today - timedelta(days=1))
    if recent:
        memo = world.simulators.pollings
        if len(memo) >= MAX_DAYS:
            memo.clear()
        arrived = key.seen.arrived
        memo[plant.id, id(query)] = Polling(plant, query, key.revision, arrived, begin, end, day, resolution)
    return day.body(until, resolution, recent=recent)


class Polling(NamedTuple):
    """A Recent that is asked for again and again, while what can be seen ends in a span [s]; see :func:`polled`."""

    plant: Plant
    query: MeasurementQuery
    revision: int
    arrived: tuple[int, ...]
    begin: float
    end: float
    day: RunningDay
    resolution: Resolution


def polled_again(world: World, plant: Plant, query: MeasurementQuery, until: int, late: Sequence[int]) -> bytes | None:
    """Return the body of a Recent that has been asked for earlier on the same day; None: it is another question.

    Nothing but what can be seen has changed since, so nothing else is looked at.
    """
    polling: Polling | None = world.simulators.pollings.get((plant.id, id(query)))
    is_same = (
        polling is not None
        and polling.plant is plant
        and polling.revision == world.estate.revisions[plant.id]
        and polling.arrived == late
        and polling.begin < until <= polling.end
    )
    return polling.day.body(until, polling.resolution, recent=True) if polling is not None and is_same else None


class RunningDay:
    """The rows of a day.

    Args:
        measurement_set: one of :data:`FITTING`.
        table: all rows of the day.
        ends: when each ends [s since the epoch]; ``begins`` is the first, infinite where there is none.
    """

    def __init__(self, plant: Plant, measurement_set: MeasurementSet, table: Table, ends: Sequence[int]) -> None:
        self._plant = plant
        self._set = measurement_set
        self._ends, self.begins = ends, ends[0] if ends else inf
        self._make = row_maker(measurement_set, table)
        self._spelt: list[bytes | None] = [None] * len(ends)
        self._openings: dict[Resolution, bytes] = {}
        self._doubtful = table.columns.get("pvGeneration", ()) if measurement_set is ENERGY_AND_POWER_PV else ()

    def body(self, until: int, resolution: Resolution, *, recent: bool) -> bytes | None:
        """Return the body of all rows that end by a time, or of the last of them; None: this cannot tell.

        Args:
            until: what can be seen ends there [s since the epoch].
            recent: only the last row is wanted.
        """
        count = bisect_right(self._ends, until)
        if not count:
            return None
        # A set of PV begins with a dark row, once it is known that the next one is light.
        if self._doubtful and self._ends[count - 1] == until and not self._doubtful[count - 1]:
            return None
        if resolution not in self._openings:
            self._openings[resolution] = opening_of(self._plant, self._set, resolution)
        rows = [self._row(count - 1)] if recent else [self._row(place) for place in range(count)]
        return b"%b%b]}" % (self._openings[resolution], b",".join(rows))

    def _row(self, place: int) -> bytes:
        found = self._spelt[place]
        if found is None:
            found = self._spelt[place] = orjson.dumps(self._make(place))
        return found


def _day(call: Call, plant: Plant, query: MeasurementQuery, key: BodyKey, day: date) -> RunningDay:
    simulators = call.world.simulators

    def make() -> RunningDay:
        simulator = simulators.of(plant)
        table, ends = simulator.whole_day(query.wanted, day, key.seen.arrived, energy=query.energy)
        return RunningDay(plant, query.wanted, table, ends)

    name = (plant.id, key.revision, query.wanted.name, query.energy, day, key.seen.arrived)
    found: RunningDay = simulators.day(name, make)
    return found
