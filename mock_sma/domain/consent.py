"""One request for consent, its state and its history (R04 to R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mock_sma.domain.transitions import IN_FORCE, events_from
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.scenario import ConsentState
    from mock_sma.domain.transitions import ConsentEvent, Transition

PENDING_FOR = 7 * 86_400.0
"""Time after which an unanswered request expires [s] (docs/decisions.md, Consent)."""

POLL_INTERVAL = 1_800
"""Polling interval that the answer suggests [s]."""


@frozen
class ConsentChange:
    """One line of a record's history.

    Attributes:
        at: emulated time [s since the epoch].
        by: who did it.
        requests: number of requests that the world had answered before; orders what one instant holds.
    """

    at: float
    event: ConsentEvent
    state: ConsentState
    by: str
    requests: int = 0


@dataclass(slots=True, kw_only=True)
class Consent:
    """One request for consent and what became of it.

    Attributes:
        email: as the client sent it first.
        scopes: what it is asked for; another scope needs a consent of its own (R11).
        flow: ``custom`` or ``code``.
        answerable: False where the person has no complete account, so that nothing can accept it (R04).
        plants: ids covered, fixed at the moment of granting (R07).
        expires: end of the request while it is pending [s since the epoch].
    """

    id: str
    client_id: str
    email: str
    scopes: frozenset[str]
    flow: str
    answerable: bool
    expires: float
    state: ConsentState | None = None
    plants: tuple[str, ...] = ()
    history: list[ConsentChange] = field(default_factory=list)

    @property
    def key(self) -> str:
        """E-mail as it is compared."""
        return self.email.casefold()

    @property
    def in_force(self) -> bool:
        """Whether it opens plants now."""
        return self.state is IN_FORCE

    def can(self, event: ConsentEvent) -> bool:
        """Tell whether an event may happen in its state, conditions left aside."""
        return event in events_from(self.state)

    def move(self, row: Transition, at: float, by: str, requests: int = 0) -> None:
        """Move as a row of the table says, and write it into the history."""
        if row.source != self.state:
            raise ValueError(f"{row} is not possible for a request that is {self.state}")
        self.state = row.target
        self.history.append(ConsentChange(at, row.event, row.target, by, requests))


def plants_of(records: Iterable[Consent]) -> set[str]:
    """Return the ids of the plants that consents cover."""
    return {plant for record in records for plant in record.plants}
