"""Worlds as a state file holds them: as they were written, and then asked again what they were asked since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.frozen import frozen
from mock_sma.state.record import Record, Seconds, unpacked
from mock_sma.state.shared.entries import Whole
from mock_sma.state.shared.replica import FOREVER, MICRO, Replica
from mock_sma.state.shared.store import New, State
from mock_sma.state.written import read_world
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.changes import Kept
    from mock_sma.state.file import StateFile


@frozen
class Again:
    """What a file holds, alive.

    Attributes:
        worlds: the default one first.
        count: number of the last record.
        seconds: what their clocks go by.
    """

    worlds: list[Sandbox]
    count: int
    seconds: Seconds


def alive(file: StateFile) -> Again:
    """Return the worlds of a file, none of a new one.

    Raises:
        StateError: they cannot be read.
    """
    if file.kept is None:
        return Again([], 0, Seconds())
    try:
        return _alive(file.kept)
    except StateError as error:
        raise file.damaged(error) from None


def _alive(kept: Kept) -> Again:
    if kept.entries:
        return _followed(kept)
    seconds = Seconds()
    worlds = {name: read_world(name, written, seconds) for name, (_, written) in kept.worlds.items()}
    count = max((upto for upto, _ in kept.worlds.values()), default=0)
    last = max((world.clock.anchors[1] for world in worlds.values()), default=0.0)
    for number, record in _records(kept):
        count, last = max(count, number), max(last, record.at)
        world = worlds.get(record.world)
        if world is not None and number > kept.worlds[record.world][0]:
            _ask(world, record, seconds)
    seconds.begin(last)
    return Again(list(worlds.values()), count, seconds)


def _followed(kept: Kept) -> Again:
    """Return worlds that several servers have shared."""
    upto = max(upto for upto, _ in kept.worlds.values())
    last, at, _ = kept.entries[-1]
    seconds = Seconds(at * MICRO)
    found = [Whole(name, *written) for name, (_, written) in kept.worlds.items()]
    name, (_, written) = next(iter(kept.worlds.items()))
    first = read_world(name, written, seconds)
    replica = Replica(Worlds(first, max_idle=FOREVER), seconds)
    since = tuple(New(*entry) for entry in kept.entries if entry[0] > upto)
    replica.load(State(0, upto, found, since, at))
    replica.settle()
    return Again(list(replica.worlds), max(upto, last), seconds)


def _records(kept: Kept) -> Iterator[tuple[int, Record]]:
    for first, data in kept.log:
        yield from enumerate(unpacked(data), first)


def _ask(world: Sandbox, record: Record, seconds: Seconds) -> None:
    seconds.hold(record.at)
    maker = world.sessions.maker
    # The tokens were handed out long ago; to sign them takes nine tenths of the time.
    maker.is_idle = True
    try:
        world.handle(record.request)
    except Exception as error:  # noqa: BLE001 - whatever a request that is none of ours leads to
        raise StateError(f"the log of requests cannot be followed: {error or type(error).__name__}") from None
    finally:
        maker.is_idle = False
        seconds.go_on()
