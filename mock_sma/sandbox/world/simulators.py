"""The simulators of a world's plants, and the bodies they have rendered: both bounded."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.frozen import frozen
from mock_sma.sandbox.exchange import compact
from mock_sma.simulation.visibility import Uploads, Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from threading import RLock

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import DstFold
    from mock_sma.simulation.simulator import PlantSimulator

MAX_SIMULATOR_BYTES = 128 * 1024 * 1024
"""What all simulators keep together; the one that was not asked for longest is dropped, and works out anew."""

MAX_BODIES = 2_000
MAX_BODY_BYTES = 16 * 1024 * 1024

MAX_DAYS = 100
"""Running days that are kept, each of up to 100 kB."""


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


@frozen
class BodyKey:
    """What a body is a function of; its hash is asked for several times a request, so it is worked out once.

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
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        values = (self.plant_id, self.revision, self.device_id, self.set_name, self.span, self.energy, self.with_total)
        object.__setattr__(self, "_hash", hash((*values, self.seen)))

    def __hash__(self) -> int:
        return self._hash


class Simulators:
    """One simulator per plant value; a changed plant is another value and so another simulator.

    Args:
        seed: the seed of the world.
        dst_fold: what is sent for the repeated hour of an autumn day.
        lock: the lock of the world, which whoever asks holds; :meth:`lent` and :meth:`keep` take it.
    """

    def __init__(self, seed: int, dst_fold: DstFold, lock: RLock) -> None:
        self.seed = seed
        self._lock = lock
        self._dst_fold = dst_fold
        self._simulators: OrderedDict[str, PlantSimulator] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._held = 0
        self._last: str | None = None
        self._bodies: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self.days: OrderedDict[Hashable, Any] = OrderedDict()
        """Days under way, by what they are functions of; the handlers', see :mod:`running_day`."""
        self.pollings: dict[tuple[str, int], Any] = {}
        """Days under way of which the latest row is asked for, by plant and query; as ``days``."""
        self.queries: dict[tuple[str, ...], MeasurementQuery] = {}
        """Requests for measurements as they were read, by path parts and query."""
        self.questions: dict[tuple[str, str | None, int], Any] = {}
        """What follows from a query, by plant, device and query; the handlers', see :mod:`measurements`."""
        self._seen: dict[str, tuple[Plant, float, float, Visibility, Uploads]] = {}
        self._at_hand: dict[tuple[str, str], tuple[Visibility, BodyKey]] = {}
        """Bodies of requests by path and query, each with what could be seen of its plant when it was the answer."""

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

    @contextmanager
    def lent(self, plant: Plant) -> Iterator[PlantSimulator]:
        """Lend the simulator of a plant to a thread that works beside the world, which goes on without it meanwhile."""
        with self._lock:
            found = self._simulators.get(plant.id)
            lent = self.apart(plant) if found is None or found.plant is not plant else self._taken(found)
        yield lent
        with self._lock:
            found = self._simulators.get(plant.id)
            if found is None or found.plant is plant:
                if found is not None:
                    self._taken(found)
                self._simulators[plant.id] = lent
                self._last = plant.id
                self._weigh()

    def _taken(self, simulator: PlantSimulator) -> PlantSimulator:
        del self._simulators[simulator.plant.id]
        self._held -= self._sizes.pop(simulator.plant.id, 0)
        return simulator

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
            uploads = found[4] if found is not None and found[0] is plant else Uploads.of(plant, self.seed)
            seen, change = uploads.by(now)
            found = self._seen[plant.id] = (plant, now, change, seen, uploads)
        return found[3]

    def processed_until(self, plant: Plant, now: float) -> float:
        """Return the latest instant that the portal knows of by now [s since the epoch] (R20, R25)."""
        return Uploads.of(plant, self.seed).processed_until(now)

    def known(self, path: str, query: str) -> tuple[Visibility, BodyKey] | None:
        """Return what is known of the body that a request was answered with."""
        return self._at_hand.get((path, query))

    def is_at_hand(self, known: tuple[Visibility, BodyKey], now: float, revisions: Mapping[str, int]) -> bool:
        """Tell whether a body is there that a request was answered with, and still is the answer."""
        seen, key = known
        found = self._seen.get(key.plant_id)
        return (
            found is not None
            and found[3] is seen
            and found[1] <= now < found[2]
            and revisions.get(key.plant_id) == key.revision
            and key in self._bodies
        )

    def note(self, path: str, query: str, key: BodyKey) -> bool:
        """Take down which body answers a request; tell whether it is there."""
        if key not in self._bodies:
            return False
        if len(self._at_hand) > 2 * MAX_BODIES:
            self._at_hand.clear()
        self._at_hand[path, query] = self._seen[key.plant_id][3], key
        return True

    def day(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return the running day kept under ``key``, made where there is none."""
        found = self.days.get(key)
        if found is None:
            found = self.days[key] = make()
            if len(self.days) > MAX_DAYS:
                self.days.popitem(last=False)
        else:
            self.days.move_to_end(key)
        return found

    def kept(self, key: Hashable) -> bytes | None:
        """Return the body kept under ``key``, or None."""
        found = self._bodies.get(key)
        if found is not None:
            self._bodies.move_to_end(key)
        return found

    def body(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the body kept under ``key``, made where there is none."""
        found = self.kept(key)
        return self.keep(key, make()) if found is None else found

    def keep(self, key: Hashable, body: bytes) -> bytes:
        """Keep a body that has been made, in any thread; return it as it is kept."""
        with self._lock:
            kept = self._bodies.pop(key, b"")
            self._bodies[key] = body = compact(body)
            self._bytes += len(body) - len(kept)
            while len(self._bodies) > MAX_BODIES or (self._bytes > MAX_BODY_BYTES and len(self._bodies) > 1):
                self._bytes -= len(self._bodies.popitem(last=False)[1])
            return body
