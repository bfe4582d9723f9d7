"""Turns of an event loop between concurrent requests, as they are between a client and a server.

Over TCP other tasks run while a request is under way: requests that are sent together are answered in some order, and
what a task does with its answer comes after others have asked. In process nothing would ever wait, so a request lets
the loop turn before and after its world is asked, some times that follow the seed: another seed is another order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mock_sma.seeding import key, uniform
from mock_sma.testing.pauses import waited

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Seeded(Protocol):
        """A world."""

        @property
        def seed(self) -> int:
            """Seed of all chance."""


Found = TypeVar("Found")

MOST = 8
"""Most turns at once; requests that are sent further apart than this are answered in the order of sending."""


class Turns:
    """The turns of all requests to one world through one shell.

    Args:
        world: the world whose seed decides.
    """

    def __init__(self, world: Seeded) -> None:
        self._world = world
        self._taken = 0

    async def let(self, answer: Callable[[], Found]) -> Found:
        """Return what ``answer`` gives, with turns before and after it, and after the time that it lets pass."""
        await self.take()
        found = await waited(answer)
        await self.take()
        return found

    async def take(self) -> None:
        """Let other tasks run: 1 to :data:`MOST` times; under asyncio and trio."""
        from anyio.lowlevel import checkpoint  # noqa: PLC0415 - for asynchronous clients alone

        chance = uniform(key(self._world.seed, "turns"), self._taken)
        self._taken += 1
        for _ in range(1 + int(chance * MOST)):
            await checkpoint()
