"""Consent as a state machine: one table of transitions, and the record it moves (R04 to R12; AUTH 4.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from mock_sma.domain.scenario import ConsentState

PENDING_FOR = 7 * 86_400.0
"""Time after which an unanswered request expires [s] (AUTH 4.2)."""

POLL_INTERVAL = 1_800
"""Polling interval that the answer suggests [s] (AUTH 4.2)."""


class ConsentEvent(StrEnum):
    """What can happen to a consent."""

    REQUEST = "request"
    ACCEPT = "accept"
    REJECT = "reject"
    EXPIRE = "expire"
    REVOKE = "revoke"


TRANSITIONS: dict[tuple[ConsentState | None, ConsentEvent], ConsentState] = {
    (None, ConsentEvent.REQUEST): ConsentState.PENDING,
    (ConsentState.PENDING, ConsentEvent.ACCEPT): ConsentState.ACCEPTED,
    (ConsentState.PENDING, ConsentEvent.REJECT): ConsentState.REJECTED,
    (ConsentState.PENDING, ConsentEvent.EXPIRE): ConsentState.EXPIRED,
    (ConsentState.ACCEPTED, ConsentEvent.REVOKE): ConsentState.REVOKED,
}
"""Every transition there is; ``None`` is the state before the first request. A new request after a rejected,
expired or revoked one is a new record (DECISIONS, Consent)."""


class TransitionError(ValueError):
    """An event that the state of a consent does not allow."""


def after(state: ConsentState | None, event: ConsentEvent) -> ConsentState:
    """Return the state that ``event`` leads to.

    Raises:
        TransitionError: the table has no such transition.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise TransitionError(f"a consent that is {state or 'not requested'} cannot {event}") from None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a record's history: emulated time [s since the epoch], event, new state, who did it."""

    at: float
    event: ConsentEvent
    state: ConsentState
    by: str


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
    history: list[Change] = field(default_factory=list)

    @property
    def key(self) -> str:
        """E-mail as it is compared."""
        return self.email.casefold()

    def happen(self, event: ConsentEvent, at: float, by: str) -> None:
        """Move to the next state and write it into the history.

        Raises:
            TransitionError: the state does not allow it; nothing has changed then.
        """
        self.state = after(self.state, event)
        self.history.append(Change(at, event, self.state, by))
