"""Events that are allowed and change nothing, or hardly what was meant."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import EventKind, ValueMode
from mock_sma.domain.event_rules import MOMENTS
from mock_sma.domain.moment import is_after
from mock_sma.mistakes.misfits import never_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.source import Path

NOTHING = {
    EventKind.MISSING_ROWS: 0.0,
    EventKind.DUPLICATE_ROWS: 0.0,
    EventKind.SNOW: 0.0,
    EventKind.DERATING: 1.0,
    EventKind.FIRST_READING_SPIKE: 0.0,
    EventKind.COUNTER_RESTART: 0.0,
}
"""Values with which a kind of event changes nothing."""

FEW_WATTS = 100.0
"""A limit of feed-in that was meant as a share or in kilowatts is below this [W]."""


def odd_events(plant: Plant) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in a plant's events: the path below the plant, and a sentence."""
    if not plant.events:
        return
    born = datetime.combine(plant.commissioned, time(), ZoneInfo(plant.timezone))
    for index, event in enumerate(plant.events):
        if idle := never_there(plant, event):
            yield ("events", index, "device"), idle
        for key, message in (*_without_effect(plant, event), *_outside(event, born)):
            yield ("events", index, key), message


def _without_effect(plant: Plant, event: PlantEvent) -> Iterator[tuple[str, str]]:
    kind, value = event.kind, event.value
    if value is not None and NOTHING.get(kind) == value:
        yield "value", f"{kind.value!r} with {value:g} changes nothing; {_meant(kind)}"
    if kind is EventKind.FEED_IN_LIMIT and value is not None and 0.0 < value < FEW_WATTS:
        yield "value", f"a limit of {value:g} W lets next to nothing through; the unit is W, not a share or kW"
    if kind is EventKind.FEED_IN_LIMIT and not plant.measures_grid:
        yield "kind", "nothing at the plant measures feed-in, so the limit shows only in what is generated; add a meter"
    if (event.mode, value) in ((ValueMode.SCALE, 1.0), (ValueMode.ADD, 0.0)) or event.share == 0.0:
        yield "share" if event.share == 0.0 else "value", "changes nothing; give it another value, or leave it out"
    if event.repeat is not None and event.end is not None and is_after(event.end, event.start + event.repeat.every):
        yield "every", "begins again before it has ended, so it never ends; make it shorter or the span longer"


def _meant(kind: EventKind) -> str:
    share = kind in (EventKind.MISSING_ROWS, EventKind.DUPLICATE_ROWS, EventKind.SNOW, EventKind.DERATING)
    return "it is a share, such as 0.5" if share else "it is a counter's reading in Wh"


def _outside(event: PlantEvent, born: datetime) -> Iterator[tuple[str, str]]:
    last = event.end or (event.start if event.kind in MOMENTS else None)
    if last is not None and event.repeat is None and is_after(last, born) is False:
        yield "end" if event.end else "start", f"is over before the plant was commissioned on {born:%Y-%m-%d}; move one"
    elif is_after(born, event.start):
        yield "start", f"lies before the plant was commissioned on {born:%Y-%m-%d}; move one of them"
