"""How much of a world is in the state file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.state.changes import Point
from mock_sma.state.written import written_origin, written_state

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.sandbox import Sandbox


class KeptWorld:
    """A world, and what of it has been handed to the file.

    Args:
        place: its place among the worlds.

    Attributes:
        is_ahead: whether there are records that its row has not.
    """

    def __init__(self, world: Sandbox, place: int) -> None:
        self.world = world
        self.place = place
        self.is_ahead = False
        self._origin: tuple[Scenario, int] | None = None
        self.has_answered()

    def is_of(self, world: Sandbox) -> bool:
        """Tell whether all that a world has answered was handed on."""
        return world is self.world and world.requests is self._journal and world.requests.total == self._total

    def has_answered(self) -> None:
        """Take note that what it has answered by now is handed on, as a record."""
        self.is_ahead = True
        self._journal = self.world.requests
        self._total = self._journal.total

    def point(self, count: int) -> Point:
        """Return the world as a row after the record ``count``."""
        world = self.world
        state = written_state(world)
        known = self._origin
        is_new = known is None or known[0] is not world.scenario or known[1] != world.seed
        self._origin = (world.scenario, world.seed)
        self.has_answered()
        self.is_ahead = False
        return Point(self.place, count, written_origin(world) if is_new else None, state)
