"""A world written down, and read again: its scenario, and what has become of it since.

A scenario never changes while it runs, and may be large, so it is written once. Of all else only a journal's bodies
are left out.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.clock import Clock
from mock_sma.domain.device import Device
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.plant import Plant
from mock_sma.domain.recording import Recording
from mock_sma.errors import StateError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.entry import Entry
from mock_sma.sandbox.world.unpickling import StateReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.domain.scenario import Scenario

HERE = __name__


class Written(NamedTuple):
    """A world as bytes; ``state`` is read together with its ``origin`` only."""

    origin: bytes
    state: bytes


def written_origin(world: Sandbox) -> bytes:
    """Return as bytes what a world began with: its scenario and its seed."""
    return pickle.dumps((world.scenario, world.seed), pickle.HIGHEST_PROTOCOL)


def written_state(world: Sandbox) -> bytes:
    """Return as bytes what has become of a world."""
    with world.lock:
        point = world.save()
        file = io.BytesIO()
        writer = _Writer(file, pickle.HIGHEST_PROTOCOL)
        writer.given = {id(item): number for number, item in enumerate((*_outside(world), *_parts(world.scenario)))}
        writer.dump((world.clock.anchors, point, world.lasting))
        return file.getvalue()


def read_world(name: str, written: Written, source: Callable[[], float]) -> Sandbox:
    """Return the world that was written down.

    Args:
        name: its name.
        source: the seconds that its clock goes by.

    Raises:
        StateError: it is none.
    """
    try:
        scenario, seed = StateReader(io.BytesIO(written.origin)).load()
        complete(scenario.plants)
        world = Sandbox(scenario, name=name, seed=seed, rate=0.0)
        world.clock.follow(source)
        bring(world, written.state, source)
        complete(world.estate.plants.values())
    except Exception as error:  # noqa: BLE001 - whatever bytes that are none of ours lead to
        raise StateError(f"the world {name!r} cannot be read: {error or type(error).__name__}") from None
    return world


def bring(world: Sandbox, state: bytes, source: Callable[[], float]) -> None:
    """Put a world to where one of the same origin was when it was written down.

    Args:
        source: the seconds that its clock goes by.
    """
    reader = _Reader(io.BytesIO(state))
    reader.source = source
    reader.given = (*_outside(world), *_parts(world.scenario))
    with world.lock:
        anchors, point, lasting = reader.load()
        world.restore(point)
        world.lasting = lasting
        world.clock.anchors = anchors


def complete(plants: Iterable[Plant]) -> None:
    """Give plants, their events, devices and recorded rows of before a field was added its default."""
    for plant in plants:
        for item in (plant, *plant.devices, *plant.events):
            _complete(item)
        for recording in (*plant.data, *(row for device in plant.devices for row in device.data)):
            _complete(recording)


def _complete(item: object) -> None:
    for field in OPTIONAL[type(item)]:
        if not hasattr(item, field.name):
            default = field.default if field.default_factory is MISSING else field.default_factory()
            object.__setattr__(item, field.name, default)


OPTIONAL: dict[type[object], list[Field[Any]]] = {
    kind: [item for item in fields(kind) if (item.default, item.default_factory) != (MISSING, MISSING)]
    for kind in (Plant, PlantEvent, Device, Recording)
}


def _outside(world: Sandbox) -> tuple[object, ...]:
    return world, world.lock, world.clock, world.simulators


def _parts(scenario: Scenario) -> tuple[object, ...]:
    return scenario, scenario.switches, *scenario.plants, *scenario.users, *scenario.clients


def given(number: int) -> object:
    """Stand for something that both sides have; a reader has its own in this one's place."""
    raise pickle.UnpicklingError(f"number {number} is known to a reader of state alone")


def clock_at(*anchors: float) -> Clock:
    """Stand for a clock; a reader, which knows its source, has its own in this one's place."""
    raise pickle.UnpicklingError(f"a clock at {anchors} is known to a reader of state alone")


def entry_of(*values: Any) -> Entry:
    """Return an entry of the journal, without its bodies; one of before a field was added has its default."""
    return Entry(**dict(zip(FIELDS, values, strict=False)), request_body=b"", response_body=b"")


FIELDS = tuple(name for name in Entry.__slots__ if name not in {"request_body", "response_body"})
"""What is written of an entry, in an order that stays: a new field is the last one."""


class _Writer(pickle.Pickler):
    given: dict[int, int]

    def reducer_override(self, obj: Any) -> Any:
        kind = type(obj)
        if kind is Entry:
            return entry_of, tuple(getattr(obj, name) for name in FIELDS)
        if id(obj) in self.given:
            return given, (self.given[id(obj)],)
        return (clock_at, obj.anchors) if kind is Clock else NotImplemented


class _Reader(StateReader):
    given: tuple[object, ...]
    source: Callable[[], float]

    def find_class(self, module: str, name: str) -> Any:
        if module != HERE:
            return super().find_class(module, name)
        own = {"given": self.given.__getitem__, "clock_at": self._clock, "entry_of": entry_of}
        if name not in own:
            raise pickle.UnpicklingError(f"state is not made of {name[:60]}")
        return own[name]

    def _clock(self, *anchors: Any) -> Clock:
        clock = Clock(rate=0.0, source=self.source)
        clock.anchors = anchors
        return clock
