"""The simulators of a world's plants, and the bodies they have rendered: both bounded."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.sandbox.exchange import compact
from mock_sma.simulation.visibility import Visibility, next_change, processed_until, settled, visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import DstFold
    from mock_sma.simulation.simulator import PlantSimulator

MAX_SIMULATOR_BYTES = 128 * 1024 * 1024
"""What all simulators keep together; the one that was not asked for longest is dropped, and works out anew."""

MAX_BODIES = 2_000
MAX_BODY_BYTES = 16 * 1024 * 1024


class Size(NamedTuple):
    """What is kept in memory: simulated plants, rendered bodies and the bodies' bytes."""

    simulators: int
    bodies: int
    bytes: int


class MeasurementQuery(NamedTuple):
    """What a request for measurements asks, read from its path and query."""

    wanted: MeasurementSet
    span: Span
    energy: bool
    with_total: bool


class BodyKey(NamedTuple):
    """What a body is a function of.

    Attributes:
        revision: the revision of the plant: a changed one renders anew, with nothing to invalidate.
        seen: what of the plant can be seen and counts for the span.
    """

    plant_id: str
    revision: int
    device_id: str | None
    set_name: str
    span: Span
    energy: bool
    with_total: bool
    seen: Visibility


class Simulators:
    """One simulator per plant value; a changed plant is another value and so another simulator."""

    def __init__(self, seed: int, dst_fold: DstFold) -> None:
        self.seed = seed
        self._dst_fold = dst_fold
        self._simulators: OrderedDict[str, PlantSimulator] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._held = 0
        self._last: str | None = None
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self.queries: dict[tuple[str, ...], MeasurementQuery] = {}
        """Requests for measurements as they were read, by path parts and query."""
        self._keys: dict[tuple[str, str | None, int], tuple[Plant, MeasurementQuery, Visibility, BodyKey]] = {}
        self._seen: dict[str, tuple[Plant, float, float, Visibility]] = {}

    @property
    def size(self) -> Size:
        """How much is kept."""
        return Size(len(self._simulators), len(self._bodies), self._bytes)

    def of(self, plant: Plant) -> PlantSimulator:
        """Return the simulator of a plant."""
        self._weigh()
        found = self._simulators.get(plant.id)
        if found is None or found.plant is not plant:
            found = self._simulators[plant.id] = self.apart(plant)
        self._simulators.move_to_end(plant.id)
        self._last = plant.id
        return found

    def apart(self, plant: Plant) -> PlantSimulator:
        """Return a simulator that is not kept: of a plant that is not, or not yet, one of the world's."""
        # NumPy costs 100 ms of import: only a world that is asked for numbers pays.
        from mock_sma.simulation.simulator import PlantSimulator  # noqa: PLC0415 - see above

        return PlantSimulator(plant, self.seed, dst_fold=self._dst_fold)

    def _weigh(self) -> None:
        """Count what the simulator asked last has come to keep, and drop the oldest where all keep too much."""
        last = self._simulators.get(self._last) if self._last is not None else None
        if last is not None:
            self._held += last.size - self._sizes.get(last.plant.id, 0)
            self._sizes[last.plant.id] = last.size
        while self._held > MAX_SIMULATOR_BYTES and len(self._simulators) > 1:
            dropped, _ = self._simulators.popitem(last=False)
            self._held -= self._sizes.pop(dropped, 0)

    def seen(self, plant: Plant, now: float) -> Visibility:
        """Return what can be seen of a plant, worked out anew only when it may have changed."""
        found = self._seen.get(plant.id)
        if found is None or found[0] is not plant or not found[1] <= now < found[2]:
            if len(self._seen) > 10 * MAX_BODIES:
                self._seen.clear()
            change = next_change(plant, now, self.seed)
            found = self._seen[plant.id] = (plant, now, change, visibility(plant, now, self.seed))
        return found[3]

    def processed_until(self, plant: Plant, now: float) -> float:
        """Return the latest instant that the portal knows of by now [s since the epoch] (R20, R25)."""
        return processed_until(plant, now, self.seed)

    def key(
        self, plant: Plant, device_id: str | None, query: MeasurementQuery, seen: Visibility, revision: int
    ) -> BodyKey:
        """Return the key of a body; the one made last for the same question is used again while nothing has changed."""
        place = (plant.id, device_id, id(query))
        found = self._keys.get(place)
        if (
            found is not None
            and found[0] is plant
            and found[1] is query
            and found[2] is seen
            and found[3][1] == revision
        ):
            return found[3]
        if len(self._keys) > 2 * MAX_BODIES:
            self._keys.clear()
        # A day that is over renders once, however far the clock moves on.
        counts = settled(plant, query.span, seen)
        key = BodyKey(
            plant.id, revision, device_id, query.wanted.name, query.span, query.energy, query.with_total, counts
        )
        self._keys[place] = (plant, query, seen, key)
        return key

    def body(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the body kept under ``key``, made where there is none."""
        found = self._bodies.get(key)
        if found is None:
            found = self._bodies[key] = compact(make())
            self._bytes += len(found)
            while len(self._bodies) > MAX_BODIES or (self._bytes > MAX_BODY_BYTES and len(self._bodies) > 1):
                self._bytes -= len(self._bodies.popitem(last=False)[1])
        else:
            self._bodies.move_to_end(key)
        return found
