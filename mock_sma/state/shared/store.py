"""What servers that share a state need of the store that they share it by."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mock_sma.state.shared.entries import Whole
    from mock_sma.state.shared.link import AwayError

LIVE = 1_500_000
"""Time after which a server that is not heard of is taken for gone [microseconds]."""


class New(NamedTuple):
    """An entry of the log; ``at`` in microseconds since the epoch."""

    position: int
    at: int
    data: bytes


class Said(NamedTuple):
    """What a store says to one turn.

    Attributes:
        problem: ``EMPTY``, ``LOST``, ``GAP`` or ``UNLOCKED`` where nothing was done; see the script.
        end: position of the last entry.
        at: the time [microseconds since the epoch].
        place: position of what was asked, or 1 for a lock that was had; 0: neither.
        news: entries of others.
        seen: by number of a live server, the last call for lines of its journal that it has followed.
        size: entries of the log that are there.
        call: number of the last call.
        is_held: whether another server changes worlds by hand, or answers reads alone for a moment.
        numbers: the first number of those that have been asked for, by name of the world.
    """

    problem: str
    end: int = 0
    at: int = 0
    place: int = 0
    news: tuple[New, ...] = ()
    seen: tuple[tuple[int, int], ...] = ()
    size: int = 0
    call: int = 0
    is_held: bool = False
    numbers: Mapping[str, int] = MappingProxyType({})


Wanted = tuple[str, int, int]
"""Of a world: its name, how many numbers of requests are wanted, and how many it had as far as the server knows."""


Look = tuple[int, "Mapping[str, int]"]
"""What reads are told where nothing new has come: the time [microseconds since the epoch], and as ``Said.numbers``."""


class State(NamedTuple):
    """All that there is: worlds as they were after position ``upto`` (none: nothing is there), and what happened since.

    Attributes:
        me: a number that no other server has.
        at: the time of the last entry, or of the store where there is none [microseconds since the epoch].
    """

    me: int
    upto: int
    worlds: list[Whole]
    log: tuple[New, ...]
    at: int


class Store(Protocol):
    """A store, over one connection at a time."""

    @property
    def place(self) -> object:
        """Where it is, in words."""

    async def open(self, lost: Callable[[AwayError], None]) -> None:
        """Connect; raises an AwayError where that fails.

        Args:
            lost: called when the connection ends by itself.
        """

    async def listen(self, me: int, called: Callable[[], None]) -> None:
        """Have another server's calls for lines of the journal; raises as :meth:`open` does."""

    def close(self) -> None:
        """Disconnect."""

    def turn(self, arguments: Iterable[str | bytes | int], told: Callable[[Said | AwayError], None]) -> None:
        """Send a turn (:data:`mock_sma.state.shared.scripts.TURN`); ``told`` is called with what is said to it."""

    def look(self, applied: int, wanted: Iterable[Wanted], told: Callable[[Look | AwayError | None], None]) -> None:
        """Ask for numbers of reads; ``told`` is called with them, or None: something new has come, or is to come.

        Args:
            applied: position of the last entry that the server has.
        """

    def glance(self, applied: int, name: str, known: int) -> tuple[int, int] | None:
        """Return the time [microseconds since the epoch] and the number of a read, where that needs no turn.

        Args:
            applied: position of the last entry that the server has; with others nothing is returned.
            name: of the world.
            known: number of its requests as far as the server knows.
        """

    async def join(self) -> State:
        """Return all that there is."""

    async def found(self, applied: int, worlds: list[Whole]) -> int | None:
        """Begin with worlds where there is nothing, or nothing of after a position; None: others were quicker."""

    async def snapshot(self, upto: int, margin: int, worlds: list[Whole]) -> None:
        """Keep the worlds as they are after a position, and of the log before only some entries."""
