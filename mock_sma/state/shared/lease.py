"""What a server knows of leases: for a moment one of them may answer reads alone, without a look at Redis for each.

A server that looks often asks for one with a look. While it has it, whoever wants to change or to read something is
told to come again, marks the lease as wanted, and calls; the one who has it then takes a turn, which ends it. Where no
such turn comes, as that server was killed or stands still, who wants the lease ends it after :data:`LEASE`.

No two clocks are compared. A lease counts from the moment its look was sent, by the clock of the server that has it. It
may be ended :data:`LEASE` after somebody has met it marked, by that one's clock; a marked lease goes on no more, so its
last look was before that. Only of a machine that stands still together with its clock could a read be older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.clock import monotonic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.state.shared.store import Look, Wanted

LEASE = 0.1
"""Time for which a lease that somebody else wants is waited for [s]."""

TERM = 0.9 * LEASE
"""Time that a server believes in its own one after a look [s]."""

BLOCK = 2_000
"""Numbers of requests that a look sets aside for reads of a world."""

OFTEN = 8
"""Looks since the last turn after which a server wants a lease; a turn comes every quarter of a second."""

PACE = 999_000
"""Microseconds in a second by which time goes on under a lease: never ahead of Redis' clock."""


class Lease:
    """That of one server, and the last one of another that it has met."""

    def __init__(self) -> None:
        self.me = 0
        self._token = ""
        """Names the lease that Redis has of this server, or may have; empty: it has none."""
        self._until = self._sent = self._heard = 0.0
        self._at = 0
        self._numbers: dict[str, tuple[int, int]] = {}
        """By name of a world the next number of a read, and how many there are."""
        self._handed_in: dict[str, tuple[int, int]] = {}
        self._looks = 0
        self._is_new = False
        self._met, self._met_at = "", 0.0

    def void(self) -> None:
        """Believe in it no more; Redis may have it still."""
        self._until = 0.0

    def glance(self, name: str) -> tuple[int, int] | None:
        """Return the time [microseconds since the epoch] and a number for a read; None: Redis has to be asked."""
        now = monotonic()
        number, left = self._numbers.get(name, (0, 0))
        if now >= self._until or not left:
            return None
        self._numbers[name] = number + 1, left - 1
        return self._at + int((now - self._heard) * PACE), number

    def turn(self) -> tuple[str, str, str]:
        """Return the first arguments of a turn, which ends it."""
        self.void()
        # Whoever has had one since the last turn is still asked often.
        self._looks = OFTEN if self._token else 0
        return self._token, self._over(), _words(self._numbers)

    def turned(self, met: str) -> None:
        """Know that a turn has been taken, and which lease of another server is in the way."""
        self._token, self._numbers = "", {}
        if met != self._met:
            self._met, self._met_at = met, monotonic()

    def look(self, wanted: Iterable[Wanted]) -> tuple[str | int, ...]:
        """Return the arguments of a look, before its numbers: it may bring a lease, or have one go on."""
        self.void()
        self._looks += 1
        self._sent = monotonic()
        self._is_new = not self._token and self._looks > OFTEN
        if self._is_new:
            self._token = f"{self.me}-{self._sent}"
        # Whether these have come is not known until there is an answer: never hand them in twice.
        self._handed_in = {name: self._numbers.pop(name) for name, _, _ in wanted if name in self._numbers}
        return self.me, self._token, self._over(), int(self._is_new), _words(self._handed_in)

    def refused(self) -> None:
        """Know that a look was refused; nothing has happened to a lease."""
        self._numbers |= self._handed_in
        if self._is_new:
            self._token = ""

    def looked(self, look: Look, wanted: Iterable[Wanted], *, is_granted: bool) -> None:
        """Know what was said to a look."""
        if not is_granted:
            self._token, self._numbers = "", {}
            return
        self._at, self._heard = look[0], monotonic()
        self._numbers |= {name: (look[1][name] + count, BLOCK) for name, count, _ in wanted}
        self._until = self._sent + TERM

    def _over(self) -> str:
        return self._met if monotonic() - self._met_at >= LEASE else ""


def _words(numbers: Mapping[str, tuple[int, int]]) -> str:
    return " ".join(f"{name}={left}" for name, (_, left) in numbers.items() if left)
