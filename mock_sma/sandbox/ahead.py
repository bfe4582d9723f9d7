"""Work that an answer would have to wait for, done before the world is asked for the answer.

A body is a function of its plant's simulator and a few values. Who shares a thread with others has it made elsewhere,
and asks the world after that: the answer is then at hand, and the world as atomic as ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_sma.errors import ApiError
from mock_sma.sandbox.handlers.auth.bearer import authorise
from mock_sma.sandbox.handlers.monitoring.measurements import ForeseenError

if TYPE_CHECKING:
    from threading import RLock

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.handlers.monitoring.measurements import Rendering
    from mock_sma.sandbox.table.operation import Operation
    from mock_sma.sandbox.world.simulators import BodyKey, Simulators
    from mock_sma.simulation.simulator import PlantSimulator

MAX_KNOWN = 4_096


@dataclass(frozen=True, slots=True)
class Work:
    """A body that is to be made.

    Attributes:
        lock: of the world, held for moments only.
    """

    rendering: Rendering
    simulators: Simulators
    lock: RLock

    def do(self) -> None:
        """Make the body and leave it with the world; in any thread."""
        plant, used = self.rendering.plant, []

        def simulator() -> PlantSimulator:
            with self.lock:
                used.append(self.simulators.take(plant) or self.simulators.apart(plant))
            return used[0]

        body = self.rendering.body(simulator)
        with self.lock:
            if used:
                self.simulators.put_back(used[0], self.rendering.key, body)
            else:
                self.simulators.body(self.rendering.key, lambda: body)


@dataclass(slots=True)
class Foresight:
    """Tells what a request would wait for, without a trace in the world."""

    _known: dict[tuple[str, str], tuple[Plant, BodyKey]] = field(default_factory=dict)
    """Plants and bodies of requests seen before, by path and query."""

    def is_at_hand(self, call: Call) -> bool:
        """Tell of a request seen before whether its body is there."""
        known = self._known.get((call.request.path, call.request.query))
        if known is None:
            return False
        plant, key = known
        return call.world.simulators.is_current(plant, key, call.world.estate.revisions.get(plant.id, -1), call.now)

    def work(self, call: Call, operation: Operation) -> Work | None:
        """Return the work behind a call, which has no effect; None: the answer is at hand, or is a refusal."""
        world = call.world
        try:
            call.access = authorise(call)
            operation.handler(call)
        except ForeseenError as foreseen:
            rendering = foreseen.rendering
        except ApiError:
            return None
        if not world.simulators.is_kept(rendering.key):
            return Work(rendering, world.simulators, world.lock)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[call.request.path, call.request.query] = rendering.plant, rendering.key
        return None
