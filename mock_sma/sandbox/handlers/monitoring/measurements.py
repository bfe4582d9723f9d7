"""Measurements (R20 to R30, R33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from mock_sma.domain.catalogue import ALL_SETS, DEVICE_SETS, PLANT_SETS, PV_GENERATION
from mock_sma.domain.instruments import resolution_of, served_sets
from mock_sma.domain.period import Period, Span, parse_period, parse_span
from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.monitoring.access import device_of, plant_of
from mock_sma.sandbox.handlers.monitoring.running_day import polled, polled_again
from mock_sma.sandbox.wire.measurements import measurement_body
from mock_sma.sandbox.world.simulators import BodyKey, MeasurementQuery
from mock_sma.simulation.table import Table
from mock_sma.simulation.visibility import has_no_part_of, settled

if TYPE_CHECKING:
    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Profile
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.simulation.simulator import PlantSimulator
    from mock_sma.simulation.visibility import Visibility

MAX_QUERIES = 4_096


class Measurable(NamedTuple):
    """What an API can be asked for; anything else is 404, as a path that does not exist."""

    name: str
    sets: tuple[MeasurementSet, ...]
    periods: tuple[Period, ...]
    has_flags: bool


MONITORING = Measurable("monitoring", tuple(dict.fromkeys((*PLANT_SETS, *DEVICE_SETS))), tuple(Period), has_flags=True)
"""Any set may be asked of any plant and device; where it is not offered there is nothing in it (R33)."""


class Measured(NamedTuple):
    """What a call for measurements takes down: values that never change, so that words can wait.

    Attributes:
        until: end of the last visible interval [s since the epoch].
        profile: the profile whose sets are served.
    """

    plant: Plant
    device: Device | None
    wanted: MeasurementSet
    span: Span
    until: int
    profile: Profile


class Rendering(NamedTuple):
    """What makes a body: a function of these values and of the plant's simulator, and of nothing else in the world.

    Attributes:
        is_served: whether the API has rows of the set.
    """

    plant: Plant
    device: Device | None
    query: MeasurementQuery
    key: BodyKey
    profile: Profile
    is_served: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, so that nothing is simulated."""
        return not self.is_served or has_no_part_of(self.plant, self.query.span, self.key.seen)

    def empty(self) -> bytes:
        """Return the body with nothing in it."""
        nothing = Table(resolution_of(self.plant, self.query.wanted, self.query.span))
        return measurement_body(
            self.plant, self.device, self.query.wanted, nothing, {} if self.query.with_total else None
        )

    def body(self, simulator: PlantSimulator) -> bytes:
        """Return the body, in any thread that has the simulator for itself."""
        wanted, span, energy, with_total = self.query
        device_id, seen = self.key.device_id, self.key.seen
        table = simulator.table(wanted, span, device_id=device_id, energy=energy, seen=seen)
        total = None
        if with_total:
            total = simulator.total(wanted, span, device_id=device_id, energy=energy, seen=seen)
        return measurement_body(self.plant, self.device, wanted, table, total)


class Question(NamedTuple):
    """A query about a plant or a device as they are now, and what follows from that; the same as long as that is so.

    Attributes:
        seen: what can be seen of the plant.
        revision: the revision of the plant.
        step: what is taken down.
    """

    plant: Plant
    device: Device | None
    query: MeasurementQuery
    seen: Visibility
    revision: int
    step: tuple[str, Measured]
    rendering: Rendering

    @classmethod
    def of(
        cls,
        plant: Plant,
        device: Device | None,
        query: MeasurementQuery,
        seen: Visibility,
        revision: int,
        profile: Profile,
        is_served: bool,
    ) -> Self:
        """Work out what follows from a query."""
        wanted, span, energy, with_total = query
        device_id = None if device is None else device.id
        # A day that is over renders once, however far the clock moves on.
        counts = settled(plant, span, seen)
        key = BodyKey(plant.id, revision, device_id, wanted.name, span, energy, with_total, counts)
        step = ("measured", Measured(plant, device, wanted, span, seen.until, profile))
        rendering = Rendering(plant, device, query, key, profile, is_served)
        return cls(plant, device, query, seen, revision, step, rendering)

    def is_about(self, plant: Plant, device: Device | None, query: MeasurementQuery, revision: int) -> bool:
        """Tell whether this is a query's, whatever can be seen of the plant."""
        is_same = self.plant is plant and self.device is device and self.query is query
        return is_same and self.revision == revision


class ForeseenError(Exception):
    """What a call that looks ahead ends with, where its answer is a body of measurements.

    Args:
        rendering: what makes the body.
    """

    def __init__(self, rendering: Rendering) -> None:
        super().__init__("a call that looks ahead has no answer")
        self.rendering = rendering


def plant_measurements(call: Call) -> Answer:
    """Answer a set of a plant."""
    return measure(call, plant_of(call), None, query_of(call, MONITORING))


def device_measurements(call: Call) -> Answer:
    """Answer a set of a device."""
    plant, device = device_of(call)
    return measure(call, plant, device, query_of(call, MONITORING))


def query_of(call: Call, kind: Measurable) -> MeasurementQuery:
    """Return what is asked for; clients ask the same again and again, so it is read once."""
    memo = call.world.simulators.queries
    key = (kind.name, call.params["setType"], call.params["period"], call.request.query)
    found = memo.get(key)
    if found is None:
        if len(memo) >= MAX_QUERIES:
            memo.clear()
        flags = (kind.has_flags and call.query.flag(name) for name in ("ReturnEnergyValues", "WithTotal"))
        found = memo[key] = MeasurementQuery(_named_set(call, kind.sets), _span(call, kind.periods), *flags)
    return found


def _named_set(call: Call, known: tuple[MeasurementSet, ...]) -> MeasurementSet:
    given = call.params["setType"]
    found = ALL_SETS.get(given.lower())
    if found is None or found not in known:
        names = ", ".join(item.name for item in known)
        call.note("set", text=f"there is no set {given[:60]!r} here; there are {names}")
        raise ApiError(404, "Not Found")
    return found


def _span(call: Call, known: tuple[Period, ...]) -> Span:
    given = call.params["period"]
    period = parse_period(given)
    if period is None or period not in known:
        call.note("period", text=f"there is no period {given[:60]!r} here; there are {', '.join(known)}")
        raise ApiError(404, "Not Found")
    try:
        return parse_span(period, call.query.get("Date"))
    except ValueError as error:
        call.note("period", text=str(error))
        raise ApiError(400, str(error)) from None


def measure(call: Call, plant: Plant, device: Device | None, query: MeasurementQuery) -> Answer:
    """Return the answer to a query about a plant, or one of its devices, that the call may see."""
    world, simulators = call.world, call.world.simulators
    seen = simulators.seen(plant, call.now)
    if query.span.period is Period.RECENT and device is None and not call.looks_ahead:
        latest = polled_again(world, plant, query, seen.until, seen.arrived)
        if latest is not None:
            facts = Measured(plant, None, query.wanted, query.span, seen.until, world.scenario.profile)
            call.trace.append(("measured", facts))
            return Answer(latest)
    question = _question(call, plant, device, query, seen)
    rendering = question.rendering
    call.trace.append(question.step)
    if call.looks_ahead:
        raise ForeseenError(rendering)
    body = simulators.kept(rendering.key)
    return Answer(simulators.keep(rendering.key, _made(call, rendering)) if body is None else body)


def _question(call: Call, plant: Plant, device: Device | None, query: MeasurementQuery, seen: Visibility) -> Question:
    """Return what follows from a query; the one worked out last is used again while nothing has changed."""
    world, memo = call.world, call.world.simulators.questions
    revision = world.estate.revisions[plant.id]
    place = (plant.id, None if device is None else device.id, id(query))
    known: Question | None = memo.get(place)
    profile = world.scenario.profile
    if known is None or not known.is_about(plant, device, query, revision):
        is_served = device is not None or _serves(plant, query.wanted, profile)
    elif known.seen == seen:
        return known
    else:
        is_served = known.rendering.is_served
    if len(memo) >= MAX_QUERIES:
        memo.clear()
    memo[place] = question = Question.of(plant, device, query, seen, revision, profile, is_served)
    return question


def _made(call: Call, rendering: Rendering) -> bytes:
    if rendering.is_empty:
        return rendering.empty()
    plant, device, query, key, *_ = rendering
    known = polled(call, plant, query, key) if device is None else None
    return rendering.body(call.world.simulators.of(plant)) if known is None else known


def _serves(plant: Plant, wanted: MeasurementSet, profile: Profile) -> bool:
    """Tell whether the API has rows of a plant's set; BasicReporting's is no set of the Monitoring API."""
    return wanted is PV_GENERATION or wanted.name in served_sets(plant, profile)
