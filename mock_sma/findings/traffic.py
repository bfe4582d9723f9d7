"""What the rules read: the exchanges of one client, each with the facts that were taken down about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.table.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mock_sma.sandbox.world.entry import Entry

IN_FLIGHT = 2.0
"""Real time within which a client may not have read an answer yet [s]."""

CROWD = 16
"""More requests than a client has on the way at once."""

LOSSES = frozenset(
    {"connection_reset", "empty_response", "truncated_body", "malformed_json", "wrong_content_length", "slow_body"}
)
"""Faults after which a client does not know what was answered."""

WITH_TOKEN = frozenset(item.id for item in OPERATIONS if item.need is Need.TOKEN)


@dataclass(slots=True, eq=False)
class Turn:
    """An entry and what the rules ask of it again and again.

    Attributes:
        facts: what was taken down, the last of each kind.
        struck: a fault rule was at work, so that what follows may be our doing.
        target: what was asked: equal for requests that ask the same.
    """

    entry: Entry
    at: float
    status: int
    operation: str
    facts: dict[str, Any]
    struck: bool
    target: tuple[str, str, str, str, bytes]

    @classmethod
    def of(cls, entry: Entry) -> Turn:
        """Read an entry."""
        # An entry from elsewhere has its steps in words and data only.
        facts = dict(entry.trace) if entry.trace or entry.told is None else _told(entry)
        target = (entry.method, entry.host, entry.path, entry.query, entry.request_body)
        return cls(entry, entry.at, entry.status, entry.operation or "", facts, "fault" in facts, target)

    def fact(self, kind: str, name: str) -> Any:
        """Return a member of what was taken down under ``kind``, or None."""
        found = self.facts.get(kind)
        return found.get(name) if isinstance(found, dict) else None

    @property
    def is_lost(self) -> bool:
        """Whether the client cannot know what was answered."""
        return self.struck and self.fact("fault", "effect") in LOSSES

    @property
    def token(self) -> str | None:
        """Id of the access token that it was asked with, valid or not."""
        access = self.entry.access
        if access is not None:
            return access.token or None
        found = self.fact("token", "token") or self.fact("fault", "token")
        return None if found is None else str(found)

    @property
    def session(self) -> str | None:
        """Id of the session whose access token it was asked with."""
        return None if self.entry.access is None else self.entry.access.session


def _told(entry: Entry) -> dict[str, Any]:
    return {step.kind: dict(step.data) for step in entry.why.steps}


@dataclass(slots=True)
class Traffic:
    """The exchanges of one client, oldest first.

    Attributes:
        id: None for what did not say whose it is.
        grace: emulated time in which an answer may still be on its way [s].
    """

    id: str | None
    grace: float = IN_FLIGHT
    exchanges: list[Turn] = field(default_factory=list)

    def of(self, *operations: str) -> list[Turn]:
        """Return the exchanges of some operations."""
        return [item for item in self.exchanges if item.operation in operations]


class Hit(NamedTuple):
    """What a rule found.

    Attributes:
        exchanges: the exchanges that it rests on.
        text: what the client did.
        certain: False where a careful client could have done the same, so that it is worth a note only.
    """

    exchanges: Sequence[Turn]
    text: str
    certain: bool = True


def clients_of(entries: Iterable[Entry], grace: float) -> list[Traffic]:
    """Return the clients of a journal, each with its own exchanges."""
    clients: dict[str | None, Traffic] = {}
    for entry in entries:
        client = clients.get(entry.client_id)
        if client is None:
            client = clients[entry.client_id] = Traffic(entry.client_id, grace)
        client.exchanges.append(Turn.of(entry))
    return list(clients.values())


def insisted(first: Turn, later: Sequence[Turn], grace: float) -> bool | None:
    """Tell whether a client went on after an answer that told it not to.

    Requests that were on their way already, and those of another program with the same credentials, do not count:
    such a request comes soon, and asks something else or the same once.

    Args:
        first: the exchange whose answer told it.
        later: requests of the same kind afterwards, while the answer held.
        grace: emulated time in which the answer may still have been on its way [s].

    Returns:
        True: it did; False: it looks like it; None: it did not.
    """
    same = [item for item in later if item.target == first.target]
    late = [item for item in later if item.at > first.at + grace]
    if len(same) >= 2 or len(later) > CROWD or len(late) >= 4 or any(item in late for item in same):
        return True
    return False if same else None
