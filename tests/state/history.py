"""Whether what clients saw can have come about one after the other: linearizability, by search.

Source: Wing and Gong 1993, "Testing and verifying concurrent objects"; states seen before are not looked at again, as
Lowe 2017, "Testing for linearizability", has it. Objects are looked at one by one, as a history of all of them is
linearizable exactly when that of each is (Herlihy and Wing 1990).
"""

from __future__ import annotations

from collections import defaultdict
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
    known = sorted((op for op in history if op.result is not UNKNOWN), key=lambda op: op.start)
    lost: defaultdict[str, list[float]] = defaultdict(list)
    for op in sorted((op for op in history if op.result is UNKNOWN), key=lambda op: op.start):
        lost[op.call].append(op.start)
    return _search(known, list(lost.items()), state, step)


def _search(known: list[Op], lost: list[tuple[str, list[float]]], state: Hashable, step: Step) -> bool:
    """Search for an order; ``lost`` has by kind when those began that nothing is known of.

    How far one is: the first operation that has not happened, a bit for each one from there on that has, and of each
    kind in ``lost`` how many have: whatever a later one did, an earlier one may have done.
    """
    begun = (0, 0, (0,) * len(lost), state)
    waiting, seen = [begun], {begun}
    while waiting:
        first, done, taken, now = waiting.pop()
        if first == len(known):
            return True
        following = []
        places, bound = _next(known, first, done)
        for kind, (call, starts) in enumerate(lost):
            if taken[kind] < len(starts) and starts[taken[kind]] <= bound:
                used = (*taken[:kind], taken[kind] + 1, *taken[kind + 1 :])
                following.append((first, done, used, step(now, call)[0]))
        for place in places:
            after, result = step(now, known[place].call)
            if result == known[place].result:
                bits = done | 1 << place - first
                gone = (~bits & (bits + 1)).bit_length() - 1
                following.append((first + gone, bits >> gone, taken, after))
        waiting += [each for each in following if each not in seen]
        seen.update(following)
    return False


def _next(known: list[Op], first: int, done: int) -> tuple[list[int], float]:
    """Return the operations that can be the next one, the first to end last, and when the first of all ends.

    They are those that began before any other one had ended.
    """
    found, bound = [], inf
    for place in range(first, len(known)):
        if known[place].start > bound:
            break
        if not done >> place - first & 1:
            found.append(place)
            bound = min(bound, known[place].end)
    return sorted(found, key=lambda place: -known[place].end), bound


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
