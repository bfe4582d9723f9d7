"""What is written together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_sma.state.changes import Changes
from mock_sma.state.record import packed

if TYPE_CHECKING:
    from mock_sma.errors import StateError
    from mock_sma.state.changes import Point
    from mock_sma.state.record import Row

    Hold = asyncio.Future[StateError | None]


@dataclass(slots=True)
class Batch:
    """The next transaction, as far as it is known.

    Attributes:
        records: what was asked, ``first`` being the number of the first one.
        points: worlds that are written whole, by name.
        gone: names of worlds that are no more.
        clears: whether the log begins anew.
        hold: done when all is written, with why it was not; None: nobody waits for it.
    """

    first: int = 0
    records: list[Row] = field(default_factory=list)
    points: dict[str, Point] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    clears: bool = False
    hold: Hold | None = None

    def __bool__(self) -> bool:
        return bool(self.records or self.points or self.gone or self.clears)

    def add(self, number: int, record: Row) -> None:
        """Add a record with its number."""
        if not self.records:
            self.first = number
        self.records.append(record)

    def point(self, name: str, point: Point) -> None:
        """Write a world whole; with what it began with, where an earlier one of this batch had it."""
        before = self.points.get(name)
        if before is not None and point.origin is None:
            point.origin = before.origin
        self.points[name] = point

    def clear(self) -> None:
        """Let the log begin anew, as all worlds are written whole."""
        self.clears = True
        self.records.clear()

    def wait(self) -> Hold:
        """Return what is done when all is written."""
        if self.hold is None:
            self.hold = asyncio.get_running_loop().create_future()
        return self.hold

    def end(self, problem: StateError | None) -> None:
        """Tell those who wait."""
        if self.hold is not None and not self.hold.done():
            self.hold.set_result(problem)

    def changes(self) -> Changes:
        """Return it as it goes to the file."""
        data = packed(self.records) if self.records else b""
        return Changes(self.clears, self.points, self.gone, self.first, data)
