"""What is asked of one of several servers, and what it takes turns for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Mapping

    from mock_sma.errors import StateError
    from mock_sma.state.shared.store import Said, Wanted

LOCKED = 0.003
"""Time between two tries while somebody changes worlds by hand [s]."""

FEW = 20
"""Entries of the log that stay for servers that are a little behind, where there are few and large ones."""

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
    done: asyncio.Future[Said]


def words_of(words: tuple[str | bytes | int, ...], wanted: Iterable[Wanted]) -> tuple[str | bytes | int, ...]:
    """Return the words of a turn, with the numbers that it wants."""
    for item in wanted:
        words += item
    return words
