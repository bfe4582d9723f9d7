"""Members of an object held against a model's: names, order, and which one a strange name stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_NAME = re.compile(r"[a-z][A-Za-z]{0,39}")
"""What the name of a member looks like; anything else may be somebody's value, such as an id."""


def shown(name: str) -> str:
    """Return a strange member's name where it is a name, and no value that somebody has as a key."""
    return f"a member {name!r}" if _NAME.fullmatch(name) else "a member of a name that is kept secret"


def displaced(names: Sequence[str], order: Sequence[str]) -> list[str]:
    """Return the known members that stand elsewhere than in the order: the fewest that would have to move."""
    place = {name: number for number, name in enumerate(order)}
    known = [name for name in names if name in place]
    tails: list[int] = []
    back: list[int] = []
    ends: list[int] = []
    for index, name in enumerate(known):
        at = bisect_left(tails, place[name])
        if at == len(tails):
            tails.append(place[name])
            ends.append(index)
        else:
            tails[at], ends[at] = place[name], index
        back.append(ends[at - 1] if at else -1)
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = back[index]
    return [name for number, name in enumerate(known) if number not in kept]


def renamed(
    names: Sequence[str],
    order: Sequence[str],
    required: Mapping[str, bool],
    alike: Callable[[str, str], bool] = lambda name, item: False,  # noqa: ARG005
) -> dict[str, str]:
    """Return which known member each strange one stands for, as far as that can be told.

    One that has to be there and is not is the first choice, then one that would stand in the same place, then the one
    that is spelt most alike.

    Args:
        names: members as they were seen.
        order: members that are known.
        required: whether a known one has to be there.
        alike: tells whether the value of a strange one is of the kind that a known one has.
    """
    absent = [name for name in order if name not in names]
    found: dict[str, str] = {}
    for index, name in enumerate(names):
        if name in order or not absent:
            continue
        likely = [item for item in absent if alike(name, item)] or absent
        scored = {item: _likeness(name, item, index, names, order) + required[item] for item in likely}
        best = max(likely, key=lambda item: scored[item])
        if scored[best] >= 1.0:
            found[name] = best
            absent.remove(best)
            continue
        # Spelt quite otherwise: it is the only one that could stand here, or none.
        here = [item for item in absent if _is_between(item, index, names, order)]
        if len(here) == 1 and alike(name, here[0]):
            found[name] = here[0]
            absent.remove(here[0])
    return found


def _likeness(name: str, item: str, index: int, names: Sequence[str], order: Sequence[str]) -> float:
    fits = _is_between(item, index, names, order)
    alike = SequenceMatcher(None, name.lower(), item.lower()).ratio()
    return 0.6 * fits + alike if alike > 0.4 or fits else 0.0


def _is_between(item: str, index: int, names: Sequence[str], order: Sequence[str]) -> bool:
    """Tell whether a known member would stand where a strange one does."""
    before = next((order.index(known) for known in reversed(names[:index]) if known in order), -1)
    after = next((order.index(known) for known in names[index + 1 :] if known in order), len(order))
    return before < order.index(item) < after
