"""What an event needs, and in which range."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, ValueMode
from mock_sma.domain.moment import is_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.event import PlantEvent

VALUES = {
    EventKind.MISSING_ROWS: 1.0,
    EventKind.DERATING: 1.0,
    EventKind.SNOW: 1.0,
    EventKind.FEED_IN_LIMIT: inf,
    EventKind.FIRST_READING_SPIKE: inf,
    EventKind.COUNTER_RESTART: inf,
    EventKind.DUPLICATE_ROWS: 1.0,
    EventKind.VALUE: inf,
}
"""Kinds that have a value, with its largest one; the smallest is 0 unless they are :data:`SIGNED`."""

SIGNED = frozenset({EventKind.FIRST_READING_SPIKE, EventKind.VALUE})

NEEDED = {EventKind.FEED_IN_LIMIT: "[W]", EventKind.FIRST_READING_SPIKE: "[Wh]", EventKind.COUNTER_RESTART: "[Wh]"}
"""Kinds that are nothing without a value, with its unit."""

COUNTERS = frozenset({EventKind.FIRST_READING_SPIKE, EventKind.COUNTER_RESTART})
"""Kinds that act on the counter of an inverter or of a meter at the grid."""

MOMENTS = frozenset({EventKind.MESSAGE, EventKind.FIRST_READING_SPIKE, EventKind.COUNTER_RESTART})
"""Kinds that need no end to be over."""

MAX_REPEATS = 2_000


def mistakes_of(event: PlantEvent) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an event: the attribute, empty for the event as a whole, and a sentence about it.

    Times and spans from the start are not compared with one another.
    """
    if event.end is not None and is_after(event.end, event.start) is False:
        yield "end", "time goes backwards: the end is not after the start"
    yield from _number_mistakes(event)
    yield from _arrival_mistakes(event)
    yield from _value_mistakes(event)
    yield from _repeat_mistakes(event)


def _number_mistakes(event: PlantEvent) -> Iterator[tuple[str, str]]:
    kind, value = event.kind, event.value
    if value is not None and kind not in VALUES:
        yield "value", f"{kind.value!r} has no value"
    elif value is not None and not (-inf if kind in SIGNED else 0.0) <= value <= VALUES[kind]:
        most = f" and at most {VALUES[kind]:g}" if VALUES[kind] < inf else ""
        yield "value", f"of {kind.value!r} has to be at least 0{most}, not {value:g}"
    elif value is None and kind in NEEDED:
        yield "", f"{kind.value!r} needs the key 'value' {NEEDED[kind]}"


def _value_mistakes(event: PlantEvent) -> Iterator[tuple[str, str]]:
    own = {"set": event.set_name, "property": event.property_name, "mode": event.mode}
    if event.kind is not EventKind.VALUE:
        for key, given in (own | {"share": event.share}).items():
            if given is not None:
                yield key, f"belongs to 'value', not to {event.kind.value!r}"
        return
    for key, given in own.items():
        if given is None:
            modes = f", one of {', '.join(ValueMode)}" if key == "mode" else ""
            yield "", f"'value' needs the key {key!r}{modes}"
    if event.mode is None:
        return
    if event.mode in (ValueMode.NULL, ValueMode.STUCK):
        if event.value is not None:
            yield "value", f"the mode {event.mode.value!r} has no value"
    elif event.value is None:
        yield "", f"the mode {event.mode.value!r} needs the key 'value'"


def _repeat_mistakes(event: PlantEvent) -> Iterator[tuple[str, str]]:
    repeat = event.repeat
    if repeat is None:
        return
    if event.end is None and event.kind not in MOMENTS:
        yield "", "what happens again needs the key 'end'"
    if repeat.until is None and repeat.times is None:
        yield "", f"'every' needs the key 'until' or 'times' here; {MAX_REPEATS} times are the most"
    elif repeat.number(event.start) > MAX_REPEATS:
        yield "every", f"that is more than {MAX_REPEATS} times; make the span longer, or let it end earlier"


def _arrival_mistakes(event: PlantEvent) -> Iterator[tuple[str, str]]:
    is_late = event.kind is EventKind.LATE_DATA
    if is_late and event.arrives is None:
        yield "", "'late-data' needs the key 'arrives'; data that never arrive are a 'gap'"
    elif event.arrives is not None and not is_late:
        yield "arrives", f"belongs to 'late-data', not to {event.kind.value!r}"
    elif event.arrives is not None and is_after(event.arrives, event.start) is False:
        yield "arrives", "time goes backwards: the rows arrive before their span begins"
