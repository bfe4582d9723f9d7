"""Counters that begin: what a first reading or a restart does to the row that brings it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.domain.event_rules import COUNTERS
from mock_sma.simulation.block import FEED, GRID, OWN_FEED, OWN_GRID, PV
from mock_sma.simulation.slots import midnight

if TYPE_CHECKING:
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.block import Channel
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.rows import Rows

METERS = (FEED, GRID, OWN_FEED, OWN_GRID)
"""Kinds of channels that meters at the grid count."""


def counted(generator: Generator, rows: Rows, channel: Channel, whole: Ints) -> Ints:
    """Return each row's Wh, with the junk of counters that begin (docs/simulation.md, Events).

    Args:
        whole: (n,) without it.
    """
    result = whole
    for event in spikes_of(generator.plant, channel):
        # Only on the day itself, so that a day means the same whatever it is asked along with.
        begun = event.start.timestamp()
        after = midnight(event.start.astimezone(generator.zone).date() + timedelta(days=1), generator.zone)
        counts = result != 0 if channel[0] == PV else np.ones(len(result), dtype=bool)
        places = np.flatnonzero((rows.ends > begun) & (rows.ends <= after) & counts)
        if len(places):
            sign = 1 if event.kind is EventKind.FIRST_READING_SPIKE else -1
            result = result.copy()
            result[places[0]] += sign * round(event.value or 0.0)
    return result


def spikes_of(plant: Plant, channel: Channel) -> list[PlantEvent]:
    """Return the first readings and new beginnings of the counter of a channel: of inverters, and of a named meter."""
    if channel[0] not in (PV, *METERS):
        return []
    owners = (None, channel[1]) if channel[0] == PV else (channel[1],)
    return [event for event in plant.events if event.kind in COUNTERS and event.device_id in owners]
