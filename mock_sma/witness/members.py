"""Members of an object held against a model's: names, order, and which one a strange name stands for."""

from __future__ import annotations

import re
from bisect import bisect_left
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from mock_sma.openapi.facts import facts
from mock_sma.sandbox.table.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

USUAL = frozenset(
    """
    actual amount average battery brand caption code count current data date day display enabled end energy
    error errors first from format guid has id ids in info input inverter is items key kind kwh label last
    length level limit link links list manufacturer max mean measurement message meter min mode model month
    new next number of offset old out output page percent power previous quality rate rated ref renamed
    request response result results row rows score serial set size soc solar source start state status sum
    tag text timestamp title to total type uid unit units unknown until updated uri url uuid value values
    version voltage watt week with year zone
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)
"""Words that names of members are made of, beside SMA's."""


@cache
def vocabulary() -> frozenset[str]:
    """Return the words of all names that the emulator has, in small letters."""
    names = (name for fact in facts(OPERATIONS) if fact.kind not in ("rule", "choice") for name in fact.names)
    return USUAL | {word.lower() for name in names for word in _WORD.findall(name)}


def shown(name: str) -> str:
    """Return a strange member's name where all its words are SMA's or usual ones; any other may be somebody's."""
    is_plain = not _WORD.sub("", name).strip("_-") and {word.lower() for word in _WORD.findall(name)} <= vocabulary()
    return f"a member {name!r}" if is_plain and name else "a member of a name that is kept secret"


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
