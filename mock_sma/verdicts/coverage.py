"""Coverage: what of all that can happen to a client has happened, as values; what counts it is a leaf."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_ENTRIES = 20
"""Entries that a situation names, the first ones."""


@frozen(kw_only=True)
class Situation:
    """Something that can happen to a client, and how often it has.

    Attributes:
        about: what happens, in words.
        seen: exchanges in which it did.
        entries: ids of the first of them.
    """

    name: str
    about: str
    seen: int = 0
    entries: tuple[str, ...] = ()


@frozen(kw_only=True)
class Coverage:
    """All situations, and the answers of all operations.

    Attributes:
        situations: the situations of the catalogue, in its order.
        operations: by id how often each status was answered.
    """

    situations: tuple[Situation, ...]
    operations: Mapping[str, Mapping[str, int]]

    @property
    def seen(self) -> frozenset[str]:
        """Names of the situations that have happened."""
        return frozenset(item.name for item in self.situations if item.seen)

    @property
    def unseen(self) -> tuple[str, ...]:
        """Names of the others, in the order of the catalogue."""
        return tuple(item.name for item in self.situations if not item.seen)

    @property
    def percent(self) -> float:
        """Share of the situations that have happened [%]."""
        return 100.0 * len(self.seen) / len(self.situations) if self.situations else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the control API."""
        situations = [
            {"name": item.name, "about": item.about, "seen": item.seen, "entries": list(item.entries)}
            for item in self.situations
        ]
        operations = [{"id": name, "statuses": dict(counts)} for name, counts in self.operations.items()]
        return {"situations": situations, "operations": operations, "percent": round(self.percent, 1)}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Coverage:
        """Return the coverage that :meth:`as_dict` wrote."""
        return cls(
            situations=tuple(
                Situation(name=item["name"], about=item["about"], seen=item["seen"], entries=tuple(item["entries"]))
                for item in document["situations"]
            ),
            operations={item["id"]: dict(item["statuses"]) for item in document["operations"]},
        )

    def merged(self, other: Coverage) -> Coverage:
        """Return what happened here or there: of another test, worker or server."""
        theirs = {item.name: item for item in other.situations}
        situations = [_added(item, theirs.pop(item.name, None)) for item in self.situations]
        operations = {name: dict(counts) for name, counts in self.operations.items()}
        for name, counts in other.operations.items():
            mine = operations.setdefault(name, {})
            for status, count in counts.items():
                mine[status] = mine.get(status, 0) + count
        return Coverage(situations=(*situations, *theirs.values()), operations=operations)


def _added(mine: Situation, theirs: Situation | None) -> Situation:
    if theirs is None:
        return mine
    entries = tuple(dict.fromkeys((*mine.entries, *theirs.entries)))[:MAX_ENTRIES]
    return replace(mine, seen=mine.seen + theirs.seen, entries=entries)


def merged(parts: Iterable[Coverage], start: Coverage) -> Coverage:
    """Return what happened in any of several parts."""
    for part in parts:
        start = start.merged(part)
    return start
