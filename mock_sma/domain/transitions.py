"""The tables of consent: what may happen to a request, what a consent opens, and which rule says so.

There are two subjects: a *request*, which a client makes and an owner answers (R04 to R09, R14, R16), and a *plant* as
a client sees it through one owner's consents (R07 to R10).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.domain.scenario import ConsentState
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


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


@frozen
class Transition:
    """What an event does to a request; the row holds where all its conditions hold.

    Attributes:
        source: state before; None: there is no request yet.
        target: state after; the one of a new record where ``new`` is set.
        needs: conditions, all of which have to hold.
        new: whether another record is made, while the one before stays as it is.
        rule: the rule that says so.
    """

    source: ConsentState | None
    event: ConsentEvent
    target: ConsentState
    rule: str
    needs: tuple[Condition, ...] = ()
    new: bool = False


_S, _E, _C = ConsentState, ConsentEvent, Condition

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
)
"""Every transition there is."""

IN_FORCE = ConsentState.ACCEPTED
"""The state in which a request opens plants, until it is revoked: it has no expiry (R08)."""

REASONS = {
    Condition.REGISTERED: "was not registered when it was requested, so nobody can answer it (R04)",
    Condition.OWNS: "owns no plant, so there is nothing to share (R06)",
}
"""Why a person's answer is refused, by the condition that does not hold."""


class TransitionError(ValueError):
    """An event that the state of a request does not allow."""


def transition(
    state: ConsentState | None, event: ConsentEvent, holds: frozenset[Condition], person: str = "the person"
) -> Transition:
    """Return the row for an event.

    Args:
        state: the state of the request; None: there is none yet.
        event: the event that is to happen.
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
    return list(dict.fromkeys(row.event for row in TRANSITIONS if row.source == state))


def states_before(event: ConsentEvent) -> list[ConsentState]:
    """Return the states in which an event may happen to a request that there is, conditions left aside."""
    return list(dict.fromkeys(row.source for row in TRANSITIONS if row.event is event and row.source is not None))


def events_to(state: ConsentState) -> tuple[ConsentEvent, ...]:
    """Return what has to happen to a pending request, in order, until it is in a state."""
    ways: dict[ConsentState, tuple[ConsentEvent, ...]] = {ConsentState.PENDING: ()}
    while state not in ways:
        ways = {row.target: (*way, row.event) for at, way in ways.items() for row in _moves_from(at)} | ways
    return ways[state]


def _moves_from(state: ConsentState) -> list[Transition]:
    return [row for row in TRANSITIONS if row.source is state and not row.new]


def after(state: ConsentState | None, event: ConsentEvent) -> ConsentState:
    """Return the state after an event of which all conditions hold; that of the new record where one is made.

    Raises:
        TransitionError: no row has this state and event.
    """
    return transition(state, event, frozenset(Condition) - {Condition.COVERED}).target


class PlantAccess(StrEnum):
    """What a plant is to a client, by one owner's consents."""

    OUTSIDE = "outside"  # no consent in force covers it
    OPEN = "open"
    CLOSED = "closed"  # covered, but the owner has lost the flag


@frozen
class Opening:
    """What a plant is to a client where two facts hold.

    Attributes:
        covered: whether a consent in force covers it: one that the owner gave while owning the plant (R07).
        owned: whether the person who gave that consent carries the owner flag now.
        rule: the rule that says so.
    """

    covered: bool
    owned: bool
    access: PlantAccess
    rule: str


OPENINGS: tuple[Opening, ...] = (
    Opening(covered=True, owned=True, access=PlantAccess.OPEN, rule="R07"),
    Opening(covered=True, owned=False, access=PlantAccess.CLOSED, rule="R10"),
    Opening(covered=False, owned=True, access=PlantAccess.OUTSIDE, rule="R09"),
    Opening(covered=False, owned=False, access=PlantAccess.OUTSIDE, rule="R07"),
)
"""Every case there is. Of several owners' consents, one that opens a plant is enough (R03)."""


def plants_that_are(access: PlantAccess, *, covered: AbstractSet[str], owned: AbstractSet[str]) -> set[str]:
    """Return the plants that are ``access``, of those that one owner's consents cover or that the owner owns."""
    found: set[str] = set()
    for row in OPENINGS:
        if row.access is access:
            fitting = covered if row.covered else owned - covered
            found |= fitting & owned if row.owned else fitting - owned
    return found


def access_to(*, covered: bool, owned: bool) -> PlantAccess:
    """Return what a plant is to a client that one owner's consents in force cover or not, and that the owner owns."""
    return next(row.access for row in OPENINGS if (row.covered, row.owned) == (covered, owned))
