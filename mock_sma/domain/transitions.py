"""The one table of consent: what may happen to a request and to a plant under it, and which rule says so.

A row holds where all its conditions hold. There are two subjects: a *request*, which a client makes and an owner
answers (R04 to R09, R14, R16), and a *plant* as a client sees it through an owner's consents (R07 to R10).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mock_sma.domain.scenario import ConsentState


class ConsentEvent(StrEnum):
    """What can happen to a request."""

    REQUEST = "request"
    ACCEPT = "accept"
    REJECT = "reject"
    EXPIRE = "expire"
    REVOKE = "revoke"


class Condition(StrEnum):
    """What a transition asks for besides state and event."""

    REGISTERED = "the person had completed registration when the request was made"
    OWNS = "the person carries the owner flag of a plant"
    COVERED = "the consents in force cover every plant the person owns"
    NOT_COVERED = "the person owns a plant outside the consents in force"


class PlantAccess(StrEnum):
    """What a plant is to a client, by one owner's consents."""

    OUTSIDE = "outside"  # no consent in force covers it
    OPEN = "open"
    CLOSED = "closed"  # covered, but the owner has lost the flag


class PlantEvent(StrEnum):
    """What can happen to a plant under consent."""

    ACCEPT = "accept"
    REVOKE = "revoke"
    LOSE = "lose the owner flag"
    REGAIN = "get the owner flag"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row.

    Attributes:
        source: state before; None: there is no request yet.
        target: state after; the one of a new record where ``new`` is set.
        needs: conditions, all of which have to hold.
        new: whether another record is made, while the one before stays as it is.
        rule: that says so.
    """

    source: ConsentState | PlantAccess | None
    event: ConsentEvent | PlantEvent
    target: ConsentState | PlantAccess
    rule: str
    needs: tuple[Condition, ...] = ()
    new: bool = False


_S, _E, _C = ConsentState, ConsentEvent, Condition
_P, _V = PlantAccess, PlantEvent

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, _E.REQUEST, _S.PENDING, "R14", new=True),
    Transition(_S.PENDING, _E.REQUEST, _S.PENDING, "R14"),
    Transition(_S.ACCEPTED, _E.REQUEST, _S.ACCEPTED, "R08", (_C.COVERED,)),
    Transition(_S.ACCEPTED, _E.REQUEST, _S.PENDING, "R09", (_C.NOT_COVERED,), new=True),
    Transition(_S.REJECTED, _E.REQUEST, _S.PENDING, "R16", new=True),
    Transition(_S.EXPIRED, _E.REQUEST, _S.PENDING, "R04", new=True),
    Transition(_S.REVOKED, _E.REQUEST, _S.PENDING, "R08", new=True),
    Transition(_S.PENDING, _E.ACCEPT, _S.ACCEPTED, "R07", (_C.REGISTERED, _C.OWNS)),
    Transition(_S.PENDING, _E.REJECT, _S.REJECTED, "R16", (_C.REGISTERED,)),
    Transition(_S.PENDING, _E.EXPIRE, _S.EXPIRED, "R04"),
    Transition(_S.ACCEPTED, _E.REVOKE, _S.REVOKED, "R08"),
    Transition(_P.OUTSIDE, _V.ACCEPT, _P.OPEN, "R07"),
    Transition(_P.OUTSIDE, _V.LOSE, _P.OUTSIDE, "R09"),
    Transition(_P.OUTSIDE, _V.REGAIN, _P.OUTSIDE, "R09"),
    Transition(_P.OPEN, _V.ACCEPT, _P.OPEN, "R09"),
    Transition(_P.OPEN, _V.LOSE, _P.CLOSED, "R10"),
    Transition(_P.CLOSED, _V.REGAIN, _P.OPEN, "R10"),
    Transition(_P.OPEN, _V.REVOKE, _P.OUTSIDE, "R08"),
    Transition(_P.CLOSED, _V.REVOKE, _P.OUTSIDE, "R08"),
)
"""Every transition there is."""

REASONS = {
    Condition.REGISTERED: "was not registered when it was requested, so nobody can answer it (R04)",
    Condition.OWNS: "carries the owner flag of no plant, so has none to open (R06)",
}
"""Why a person's answer is refused, by the condition that does not hold."""


class TransitionError(ValueError):
    """An event that the state of a request does not allow."""


def transition(
    state: ConsentState | None, event: ConsentEvent, holds: frozenset[Condition], person: str = "the person"
) -> Transition:
    """Return the row for an event.

    Args:
        state: of the request; None: there is none yet.
        event: that is to happen.
        holds: conditions that hold now.
        person: who was asked, for the error's words.

    Raises:
        TransitionError: no row has this state and event, or a condition of it does not hold; says which.
    """
    rows = [row for row in TRANSITIONS if row.source == state and row.event == event]
    for row in rows:
        if holds.issuperset(row.needs):
            return row
    missing = next((need for row in rows for need in row.needs if need not in holds and need in REASONS), None)
    if missing is not None:
        raise TransitionError(f"{person} {REASONS[missing]}")
    raise TransitionError(f"a consent that is {state or 'not requested'} cannot {event}")


def events_from(state: ConsentState | None) -> list[ConsentEvent]:
    """Return what may happen to a request in a state, conditions left aside."""
    events = [row.event for row in TRANSITIONS if row.source == state and isinstance(row.event, ConsentEvent)]
    return list(dict.fromkeys(events))


def after(state: ConsentState | None, event: ConsentEvent) -> ConsentState:
    """Return the state after an event of which all conditions hold; that of the new record where one is made.

    Raises:
        TransitionError: no row has this state and event.
    """
    target = transition(state, event, frozenset(Condition) - {Condition.COVERED}).target
    assert isinstance(target, ConsentState)
    return target


def access_to(*, covered: bool, owned: bool) -> PlantAccess:
    """Return what a plant is to a client whose consent in force covers it or not, and whose owner owns it or not."""
    if not covered:
        return PlantAccess.OUTSIDE
    return PlantAccess.OPEN if owned else PlantAccess.CLOSED
