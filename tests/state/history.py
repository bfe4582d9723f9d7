"""Whether what clients saw can have come about one after the other: linearizability, by search.

Source: Wing and Gong 1993, "Testing and verifying concurrent objects"; states seen before are not looked at again, as
Lowe 2017, "Testing for linearizability", has it. Objects are looked at one by one, as a history of all of them is
linearizable exactly when that of each is (Herlihy and Wing 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

UNKNOWN = object()
"""The result of an operation whose client was told nothing: it may have happened, at any time since, or not at all."""


@dataclass(frozen=True, slots=True)
class Op:
    """An operation as its client saw it; ``end`` is infinite where no answer came."""

    start: float
    end: float
    call: str
    result: Any


Step = Callable[[Any, str], tuple[Hashable, Any]]
"""What an operation makes of a state, and its result."""


def linearizable(history: Sequence[Op], state: Hashable, step: Step) -> bool:
    """Tell whether an order of the operations within their times gives each its result."""
    ops = sorted(
        (Op(op.start, inf, op.call, UNKNOWN) if op.result is UNKNOWN else op for op in history),
        key=lambda op: op.start,
    )
    return _search(ops, state, step)


def _search(ops: list[Op], state: Hashable, step: Step) -> bool:
    known = sum(1 << place for place, op in enumerate(ops) if op.result is not UNKNOWN)
    waiting: list[tuple[int, Hashable]] = [(0, state)]
    seen = {(0, state)}
    while waiting:
        done, now = waiting.pop()
        if done & known == known:
            return True
        for place in _next(ops, done):
            after, result = step(now, ops[place].call)
            following = (done | 1 << place, after)
            if ops[place].result in (UNKNOWN, result) and following not in seen:
                seen.add(following)
                waiting.append(following)
    return False


def _next(ops: list[Op], done: int) -> list[int]:
    """Return the operations that can be the next one: those that began before any other one had ended.

    The first to end is the last of them. Of those of one kind that nothing is known of only the first is among them:
    whatever a later one did, it may have done.
    """
    found, bound, lost = [], inf, set[str]()
    first = (~done & (done + 1)).bit_length() - 1
    for place in range(first, len(ops)):
        if ops[place].start > bound:
            break
        is_open = ops[place].result is UNKNOWN
        if not done >> place & 1 and not (is_open and ops[place].call in lost):
            found.append(place)
            bound = min(bound, ops[place].end)
            if is_open:
                lost.add(ops[place].call)
    return sorted(found, key=lambda place: -ops[place].end)


def consent(accepted: Any, call: str) -> tuple[Hashable, Any]:
    """Step a consent that is there or not: what is so already cannot become so."""
    if call == "read":
        return accepted, accepted
    wanted = call == "accept"
    return wanted, accepted is not wanted


def clock(now: Any, call: str) -> tuple[Hashable, Any]:
    """Step a clock that goes on by one, and tells what it shows then."""
    return (now, now) if call == "read" else (now + 1, now + 1)


def code(fresh: Any, call: str) -> tuple[Hashable, Any]:
    """Step a code that is worth something once."""
    return False, fresh
