"""Past and coming happenings of a world, from all that knows of some: what the timeline page and the header show."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from math import inf
from typing import TYPE_CHECKING

from mock_sma.api.console.sentences import told, told_consent, told_event
from mock_sma.api.console.tokens import token_ends
from mock_sma.api.console.zones import clock_changes
from mock_sma.domain.event import EventKind
from mock_sma.domain.plant import Backend
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.fault_rules.effects import sentence
from mock_sma.frozen import frozen
from mock_sma.simulation.visibility import next_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.faults import Fault

MAX_REPEATED = 60
"""Moments that are told of one thing that happens again and again."""

FEW, YEAR = 22, 366 * 86_400.0
"""Clock changes that are told of at most, and how far back [s]."""

LOOKED_AT = 100
"""Plants of a portal whose next upload is looked for."""


class Lane(StrEnum):
    """What a moment is about: a line of the timeline's picture."""

    TIMELINE = "Scenario"
    CONSENT = "Consents"
    TOKEN = "Tokens and codes"  # noqa: S105 - a heading
    FAULT = "Faults"
    PLANT = "Plants"
    DATA = "Data"
    CLOCK = "Clock changes"


@frozen(kw_only=True)
class Moment:
    """Something that happens at a time.

    Attributes:
        at: [s since the epoch].
        what: what happens, in words.
        effect: what a client notices of it, in words.
        end: where what begins here ends [s since the epoch]; infinite: nobody knows; None: it has no length.
        place: parts of the console's address that shows more.
        by: who wants it, where it has happened by hand.
        problem: why it could not happen.
        routine: it comes again and again by itself, so a step to the next happening passes it over.
    """

    at: float
    lane: Lane
    what: str
    effect: str = ""
    end: float | None = None
    place: tuple[str, ...] = ()
    by: str = ""
    problem: str | None = None
    routine: bool = False


@frozen
class Window:
    """Which moments are wanted: those from ``low`` on until ``high`` [s since the epoch].

    Attributes:
        most: of one thing that happens again and again, how many.
    """

    low: float
    high: float
    most: int = MAX_REPEATED

    def holds(self, at: float, end: float | None = None) -> bool:
        """Tell whether a moment, or what begins with it, lies in the window."""
        return at <= self.high and max(at, end or at) >= self.low


def next_moment(world: Sandbox) -> Moment | None:
    """Return the next thing that happens in a world, but for what comes again and again by itself; None: nothing."""
    with world.lock:
        now = world.catch_up()
        found = (moment for moment in _all(world, now, Window(now, inf, 1)) if moment.at > now and not moment.routine)
        return min(found, key=lambda moment: moment.at, default=None)


def moments(world: Sandbox, now: float, window: Window) -> list[Moment]:
    """Return the moments of a world in a window, in order; what two books tell alike is told once."""
    with world.lock:
        found = sorted((item for item in _all(world, now, window) if window.holds(item.at, item.end)), key=_order)
        return list({(round(item.at), item.what): item for item in reversed(found)}.values())[::-1]


def _order(moment: Moment) -> float:
    return moment.at


def _all(world: Sandbox, now: float, window: Window) -> Iterator[Moment]:
    yield from _happenings(world, now, window)
    yield from _consents(world, now, window)
    yield from _tokens(world, window)
    for fault in world.faults.active:
        yield from _fault(fault, window)
    zones = set()
    for plant in world.estate.plants.values():
        zones.add(plant.timezone)
        if plant.events:
            yield from _plant(plant, window)
    yield from _uploads(world, now)
    for at, what, effect in clock_changes(zones, max(window.low, now - YEAR), window.high, min(window.most, FEW)):
        yield Moment(at=at, lane=Lane.CLOCK, what=what, effect=effect)


def _happenings(world: Sandbox, now: float, window: Window) -> Iterator[Moment]:
    plants = world.estate.plants
    for item in world.happenings:
        if window.low <= item.at <= now:
            what, effect = told(item.action, plants)
            yield Moment(at=item.at, lane=Lane.TIMELINE, what=what, effect=effect, by=item.by, problem=item.problem)
    for first, entry in world.happenings.coming(max(now, window.low)):
        what, effect = told(entry.action, plants)
        at: float | None = first
        for _ in range(window.most):
            if at is None or at > window.high:
                break
            yield Moment(at=at, lane=Lane.TIMELINE, what=what, effect=effect)
            at = world.happenings.next_time(entry, at)


def _consents(world: Sandbox, now: float, window: Window) -> Iterator[Moment]:
    asks = now - window.low > 0
    for record in world.consents:
        place = ("consents",)
        if asks:
            for change in record.history:
                if change.event is ConsentEvent.REQUEST:
                    what, effect = f"{record.client_id} asks {record.email}", "It waits for an answer (R14)."
                else:
                    what, effect = told_consent(change.event.value, record.email, record.client_id)
                yield Moment(at=change.at, lane=Lane.CONSENT, what=what, effect=effect, place=place, by=change.by)
        for at, event in world.consents.to_come(record):
            if at > now:
                what, effect = told_consent(event.value, record.email, record.client_id)
                yield Moment(at=at, lane=Lane.CONSENT, what=what, effect=effect, place=place)


def _tokens(world: Sandbox, window: Window) -> Iterator[Moment]:
    for at, what, effect, request in token_ends(world.requests, window.low):
        yield Moment(at=at, lane=Lane.TOKEN, what=what, effect=effect, place=("requests", request))
    for code in world.codes:
        if code.session is None and window.holds(code.expires):
            effect = "Who redeems it later gets invalid_grant: Code is expired."
            yield Moment(at=code.expires, lane=Lane.TOKEN, what=f"The code for {code.client_id} expires", effect=effect)


def _fault(fault: Fault, window: Window) -> Iterator[Moment]:
    schedule = fault.rule.schedule
    if schedule is None:
        return
    text = sentence(fault.id, fault.rule.effect, 0.0)
    what = text[0].upper() + text[1:]
    for start, end in _spans(fault, window):
        if start > -inf:
            effect = "It strikes the requests that match it from then on."
            yield Moment(at=start, lane=Lane.FAULT, what=what, effect=effect, end=end, place=("faults",))
        if end < inf:
            over = f"The fault rule {fault.id!r} rests" if schedule.repeat else f"The fault rule {fault.id!r} is over"
            effect = "Requests are answered as usual again."
            yield Moment(at=end, lane=Lane.FAULT, what=over, effect=effect, place=("faults",))


def _spans(fault: Fault, window: Window) -> Iterable[tuple[float, float]]:
    schedule = fault.rule.schedule
    assert schedule is not None
    start = -inf if schedule.start is None else schedule.start.timestamp()
    end = inf if schedule.end is None else schedule.end.timestamp()
    if schedule.repeat is None or schedule.start is None:
        return [(start, end)]
    length = end - start
    # One more: the one that is under way has its end to come.
    starts = islice(schedule.repeat.starts(schedule.start, window.low - length, window.high), window.most + 1)
    return [(begins.timestamp(), begins.timestamp() + length) for _, begins in starts]


def _plant(plant: Plant, window: Window) -> Iterator[Moment]:
    place = ("plants", plant.id)
    for event in plant.events:
        start, end = event.start.timestamp(), _end_of(event)
        if window.holds(start, end):
            what, effect = told_event(event, plant)
            yield Moment(at=start, lane=Lane.PLANT, what=what, effect=effect, end=end, place=place)
            if end is not None and end < inf:
                yield Moment(at=end, lane=Lane.PLANT, what=f"Over: {what}", effect="", place=place)
        if event.arrives is not None:
            what, effect = f"Held-up data of {plant.name} arrive", "Rows and sums of the past change (R20)."
            yield Moment(at=event.arrives.timestamp(), lane=Lane.DATA, what=what, effect=effect, place=place)


def _end_of(event: PlantEvent) -> float | None:
    if event.kind is EventKind.MESSAGE:
        return None
    return inf if event.end is None else event.end.timestamp()


def _uploads(world: Sandbox, now: float) -> Iterator[Moment]:
    words = {
        Backend.CLASSIC: "Classic uploads every 15 minutes and processes for up to two hours (R25).",
        Backend.ENNEXOS: "ennexOS uploads every 5 minutes and processes at once (R25).",
    }
    for backend, effect in words.items():
        plants = (plant for plant in world.estate.plants.values() if plant.backend is backend)
        times = [next_change(plant, now, world.seed) for plant in islice(plants, LOOKED_AT)]
        if times:
            what = f"New rows of {'Classic' if backend is Backend.CLASSIC else 'ennexOS'} plants can be seen"
            yield Moment(at=min(times), lane=Lane.DATA, what=what, effect=effect, routine=True)
