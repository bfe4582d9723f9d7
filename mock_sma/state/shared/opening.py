"""The worlds of a server that shares its state, when it starts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.errors import StateError
from mock_sma.state.shared.place import MISSING, place_of
from mock_sma.state.shared.replica import FOREVER, MICRO, Replica, StoreSeconds
from mock_sma.state.shared.sharing import Sharing
from mock_sma.state.written import Written, read_world
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.shared.store import Store


class SharedWorlds(NamedTuple):
    """The worlds of a shared state, what keeps them the same, and whether they were there before."""

    worlds: Worlds
    sharing: Sharing
    is_old: bool


def shared_worlds(url: str, make: Callable[[], Sandbox], tell: Callable[[str], None]) -> SharedWorlds:
    """Return the worlds of a store that a URL names.

    Args:
        url: names a Redis or Valkey server.
        make: makes the default world where there is none.
        tell: says what happens, for people.

    Raises:
        UsageError: it is no such URL.
        StateError: nobody is there, or what is there cannot be read.
    """
    place = place_of(url)
    try:
        from mock_sma.state.shared.redis_store import RedisStore  # noqa: PLC0415 - the extra ``redis``
    except ImportError:
        raise StateError(MISSING) from None
    return worlds_of_store(RedisStore(place), make, tell)


def worlds_of_store(store: Store, make: Callable[[], Sandbox], tell: Callable[[str], None]) -> SharedWorlds:
    """Return the worlds of a store; see :func:`shared_worlds`."""
    try:
        replica, me, is_old = asyncio.run(_joined(store, make))
    except StateError as error:
        raise StateError(f"--state: {error}") from None
    return SharedWorlds(replica.worlds, Sharing(store, replica, me, tell), is_old)


async def _joined(store: Store, make: Callable[[], Sandbox]) -> tuple[Replica, int, bool]:
    await store.open(lambda _: None)
    try:
        state = await store.join()
        seconds = StoreSeconds(state.at * MICRO)
        if not state.worlds:
            replica = Replica(Worlds(make(), max_idle=FOREVER), seconds)
            place = await store.found(0, replica.whole(replica.worlds, anew=True))
            if place is not None:
                replica.applied = place
                return replica, state.me, False
            state = await store.join()  # another server was quicker
        if not state.worlds:
            raise StateError(f"{store.place} loses what it is given")
        name, origin, written = state.worlds[0]
        replica = Replica(Worlds(read_world(name, Written(origin or b"", written), seconds), max_idle=FOREVER), seconds)
        replica.load(state)
        return replica, state.me, True
    finally:
        store.close()
