"""Who owns which plant: told by lists that grew when somebody consented, and by lists that one token sees alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

MAX_TOKENS = 2_000
"""Tokens whose lists are kept."""

ACCEPTED = "accepted"
UNANSWERED = ("pending", "expired", "rejected")
"""States of consents of people who need not own a plant."""


class ConsentFacts(NamedTuple):
    """What was answered about a consent.

    Attributes:
        state: as the wire spells it.
        expires: end of the request; None: not told.
    """

    state: str
    expires: datetime | None


@dataclass(slots=True)
class Sightings:
    """What lists of plants tell of their owners.

    Attributes:
        by_consent: owners of plants that came into the list of a token after this one owner had consented.
        lists: what each token saw last.
    """

    by_consent: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    _last: list[str] | None = None
    _states: dict[str, str] = field(default_factory=dict)
    _new: dict[str, None] = field(default_factory=dict)

    def answered(self, owner: str, state: str) -> None:
        """Take an answer about a consent."""
        if state.lower() == ACCEPTED and self._states.get(owner, "").lower() != ACCEPTED:
            self._new[owner] = None
        self._states[owner] = state

    def listed(self, token: str, plants: list[str]) -> None:
        """Take a list of plants.

        Args:
            token: tells callers apart; empty: not known.
            plants: their ids.
        """
        before = self.lists.get(token, self._last)
        if before is not None and set(before) < set(plants) and len(self._new) == 1:
            owner = next(iter(self._new))
            self.by_consent |= {name: owner for name in plants if name not in before}
        self._new.clear()
        self._last = plants
        if len(self.lists) < MAX_TOKENS or token in self.lists:
            self.lists[token] = plants


@frozen
class PlantOwners:
    """Who owns what.

    Attributes:
        of_plants: addresses by id of the plant.
        others: who has answered, and owns no plant that is known: they are owners beside those of the first plant.
        unnamed: how many owners have no address in the traffic.
        dealt: whether some were dealt out, because nothing tells whose they are.
    """

    of_plants: dict[str, str]
    others: Sequence[str]
    unnamed: int
    dealt: bool


def owners_of(plants: Iterable[str], consents: Mapping[str, ConsentFacts], seen: Sightings) -> PlantOwners:
    """Return who owns which plant.

    Plants that one token saw and another did not have one owner; so have those that came with a consent. Others are
    dealt out in turn among those who have consented and own none.
    """
    ids = list(plants)
    found = {name: owner for name, owner in seen.by_consent.items() if name in ids}
    free = [
        owner for owner, facts in consents.items() if facts.state.lower() == ACCEPTED and owner not in found.values()
    ]
    unnamed = 0
    for group in _groups(ids, seen.lists.values()):
        own = [name for name in group if name not in found]
        if own and free:
            found |= dict.fromkeys(own, free.pop(0))
        elif own:
            unnamed += 1
            found |= dict.fromkeys(own, f"{unnamed}@")
    left = [name for name in ids if name not in found]
    if left and not free:
        known = [owner for owner, facts in consents.items() if facts.state.lower() == ACCEPTED]
        unnamed += not known
        free = known[:1] or [f"{unnamed}@"]
    dealt = len(free) > 1 and bool(left)
    found |= {name: free[place % len(free)] for place, name in enumerate(left)}
    others = [
        owner
        for owner, facts in consents.items()
        if owner not in found.values() and facts.state.lower() not in UNANSWERED
    ]
    return PlantOwners(found, others, unnamed, dealt)


def _groups(ids: Sequence[str], lists: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the plants that tokens saw none of which another token saw: each saw those of one owner."""
    every = sorted({frozenset(item) for item in lists if item}, key=len)
    groups: list[list[str]] = []
    taken: set[str] = set()
    for item in every:
        if not item & taken and any(not item & other for other in every):
            groups.append([name for name in ids if name in item])
            taken |= item
    return groups if len(groups) > 1 else []
