"""Lines of the journal that other servers have sent, until somebody looks at it."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from mock_sma.clock import monotonic
from mock_sma.sandbox.world.journal import MAX_ENTRIES

if TYPE_CHECKING:
    from mock_sma.state.shared.entries import Line, Lines

MOST_WAITING = 64
"""Most of them that wait, each with 2,000 lines at most."""

PACE = 200
"""Lines per second up to which all are taken up, even such as the journal forgets at once."""


class Late:
    """Lines as bytes, the oldest first."""

    def __init__(self) -> None:
        self._waiting: deque[Lines] = deque()
        self._counts: Counter[str] = Counter()
        self._come = 0
        self._taken_at = monotonic()

    def add(self, lines: Lines) -> bool:
        """Have lines wait, and tell whether all are to be taken up now.

        Where they come quickly, those go instead that newer ones push out of the journal.
        """
        self._waiting.append(lines)
        self._come += sum(lines.counts.values())
        self._counts.update(lines.counts)
        while self._is_forgotten(self._waiting[0]):
            if self._come < PACE * (monotonic() - self._taken_at):
                return True
            self._counts.subtract(self._waiting.popleft().counts)
        return len(self._waiting) >= MOST_WAITING

    def _is_forgotten(self, lines: Lines) -> bool:
        """Tell whether none of them would be in the journal once all were taken up."""
        counts = lines.counts
        return all(self._counts[name] - counts[name] >= MAX_ENTRIES for name in counts)

    def take(self) -> list[Line]:
        """Return all lines; no more of them wait."""
        found = [line for lines in self._waiting for line in lines.entries]
        self._waiting.clear()
        self._counts.clear()
        self._come = 0
        self._taken_at = monotonic()
        return found
