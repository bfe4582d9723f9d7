"""What is asked of one of several servers, and what it takes turns for."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.errors import StateError
    from mock_sma.state.shared.store import Said, Wanted

LOCKED = 0.003
"""Time between two tries while somebody changes worlds by hand [s]."""

FEW = 20
"""Entries of the log that stay for servers that are a little behind, where there are few and large ones."""

TRIES = 4
"""Looks in vain after which what reads takes a place in the log, as others write too often for anything else."""

MAX_ASKED = 1_000
"""Requests of one turn."""

UNKNOWN = "{}; whether this has happened is not known"

AWAY = "the state is out of reach: {}; try again, this server goes on by itself"


class Petition(Protocol):
    """What is asked of this server."""

    def asked(self) -> bytes:
        """Return what is to take a place in the log; empty: nothing."""

    def wanted(self) -> Iterable[Wanted]:
        """Return the numbers that this needs."""

    def answer(self, place: int, at: int, numbers: Mapping[str, int]) -> None:
        """Answer what has its place, all before it having happened; 0: it has none, as worlds are changed by hand."""

    @property
    def asks(self) -> bool:
        """Whether something waits that may change worlds."""

    @property
    def reads(self) -> bool:
        """Whether something waits that leaves no more than lines in the journal."""

    def gather(self) -> Iterable[Wanted]:
        """Have what waits to read now answered by the next :meth:`read`; returns the numbers that this needs."""

    def read(self, at: int, numbers: Mapping[str, int]) -> None:
        """Answer what was gathered, all before a time [microseconds] having happened."""

    def fail(self, error: StateError) -> None:
        """Answer all that waits with an error."""


class Op(NamedTuple):
    """A turn for something else than requests."""

    mode: str
    data: bytes
    wanted: tuple[Wanted, ...]
    token: str
    done: asyncio.Future[Said]


class Ops:
    """Such turns, one after the other."""

    def __init__(self) -> None:
        self._waiting: deque[Op] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, mode: str, data: bytes, wanted: tuple[Wanted, ...], token: str) -> asyncio.Future[Said]:
        """Have one wait; returns what is done with what is said to it."""
        done: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._waiting.append(Op(mode, data, wanted, token, done))
        return done

    def again(self, op: Op) -> None:
        """Have one wait that was taken before all others."""
        self._waiting.appendleft(op)

    def take(self) -> Op | None:
        """Return the next one whose end is waited for; None: there is none."""
        while self._waiting:
            op = self._waiting.popleft()
            if not op.done.done():
                return op
        return None

    def fail(self, problem: StateError) -> None:
        """End all of them."""
        while (op := self.take()) is not None:
            op.done.set_exception(problem)


def words_of(words: tuple[str | bytes | int, ...], wanted: Iterable[Wanted]) -> tuple[str | bytes | int, ...]:
    """Return the words of a turn, with the numbers that it wants."""
    for item in wanted:
        words += item
    return words
