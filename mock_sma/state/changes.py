"""What a state file holds, and what a transaction changes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.state.written import Written

Entry = tuple[int, int, bytes]
"""What servers that share a file have written: position, time [microseconds since the epoch], data."""


@dataclass(slots=True)
class Point:
    """A world as it was after the record ``upto``; ``origin`` is None where the row has it already."""

    place: int
    upto: int
    origin: bytes | None
    state: bytes


@dataclass(slots=True)
class Changes:
    """What one transaction writes.

    Attributes:
        clears: whether all of the log is in the worlds' rows by now.
        points: worlds by name.
        gone: names of worlds that are no more.
        first: number of the first record.
        records: as bytes; empty: none.
        upto: position up to which the worlds' rows have all that servers have written; 0: as before.
        entries: what they have written since.
    """

    clears: bool = False
    points: dict[str, Point] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    first: int = 0
    records: bytes = b""
    upto: int = 0
    entries: list[Entry] = field(default_factory=list)


@frozen
class Kept:
    """What a file holds.

    Attributes:
        worlds: by name, in order, each with the number of the last record that it contains.
        log: records as bytes, each with the number of its first one, in order.
        entries: in order; where there are some, there are no records.
    """

    worlds: dict[str, tuple[int, Written]]
    log: list[tuple[int, bytes]]
    entries: list[Entry] = field(default_factory=list)
