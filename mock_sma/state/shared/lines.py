"""Lines of the journal that the other servers have not got yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.clock import monotonic
from mock_sma.state.shared.entries import Lines, bytes_of

if TYPE_CHECKING:
    from mock_sma.sandbox.world.entry import Entry

LATER = 1.0
"""Longest time that lines wait for somebody to want them [s]."""

MAX_LINES = 2_000
"""Lines that are sent at once, the newest: as many as a journal has."""


class Unsent:
    """Reads that this server has answered, until they are in the log."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, int, Entry]] = []
        self._since = 0.0
        self.is_called = False
        """Whether somebody wants to see them."""

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, world: str, position: int, entry: Entry) -> None:
        """Take note of a read."""
        if not self._lines:
            self._since = monotonic()
        elif len(self._lines) >= 2 * MAX_LINES:
            del self._lines[:MAX_LINES]
        self._lines.append((world, position, entry))

    def clear(self) -> None:
        """Forget them."""
        self._lines.clear()

    def part(self) -> tuple[str | int, bytes]:
        """Return up to which position all is in the log (empty: all there is), and what is to be sent now."""
        lines = self._lines
        if not lines:
            self.is_called = False
            return "", b""
        if not self.is_called and monotonic() - self._since < LATER:
            return lines[0][1] - 1, b""
        self.is_called = False
        self._lines = []
        return "", bytes_of(Lines(lines[-MAX_LINES:]))
