"""The journal: what was asked, what was answered, and why. Bounded, and free of secrets."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.explain.steps import steps_of
from mock_sma.sandbox.selection import Entries, Selection
from mock_sma.sandbox.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_sma.sandbox.operation import Access
    from mock_sma.sandbox.why import Trace

MAX_ENTRIES = 2_000
MAX_BYTES = 8 * 1024 * 1024


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class Entry:
    """One exchange.

    Attributes:
        id: the answer's ``X-Mock-SMA-Request-Id``.
        at: emulated time [s since the epoch].
        path: as sent; ``query`` without secrets.
        client_id: of the credential or token, or None.
        operation: its id, or None where no operation matched.
        request_body: without secrets, as ``response_body`` is without tokens.
        headers: of the answer.
        origin: scheme, host and port as the client wrote them.
        access: what the token allowed; None: there was no valid one.
        told: the words of ``why``, once somebody has read them.
    """

    id: str
    at: float
    method: str
    host: str
    path: str
    query: str
    status: int
    client_id: str | None
    operation: str | None
    request_body: bytes
    response_body: bytes
    headers: list[tuple[bytes, bytes]]
    user_agent: str
    trace: Trace
    access: Access | None = None
    told: Why | None = None
    origin: str = ""

    @property
    def why(self) -> Why:
        """The steps that led to the answer, in words; see :class:`Why`."""
        if self.told is None:
            self.told = Why(steps_of(self))
        return self.told

    @property
    def json(self) -> Any:
        """The answer's body as JSON; None where it is none."""
        return _json(self.response_body)

    @property
    def sent(self) -> Any:
        """What was sent, without secrets: a JSON body, or a form's fields as a dictionary; None: nothing."""
        if not self.request_body:
            return None
        value = _json(self.request_body)
        return _first_of_each(self.request_body.decode("utf-8", "replace")) if value is None else value

    @property
    def params(self) -> dict[str, str]:
        """The query's parameters as they were spelt, without secrets."""
        return _first_of_each(self.query)

    @property
    def size(self) -> int:
        """What the entry counts against the journal's bytes."""
        return 512 + len(self.path) + len(self.query) + len(self.request_body) + len(self.response_body)

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} {self.status} {self.id}>"


class Journal(Entries):
    """Entries, oldest first.

    Args:
        max_entries: entries kept.
        max_bytes: bytes kept, bodies included.
    """

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self.total = 0
        """Number of exchanges since the last reset, forgotten ones included."""

    def add(self, entry: Entry) -> None:
        """Append an entry and forget the oldest ones over the bounds."""
        entries = self._entries
        entries.append(entry)
        self.total += 1
        self._bytes += entry.size
        while len(entries) > self._max_entries or (self._bytes > self._max_bytes and len(entries) > 1):
            self._bytes -= entries.popleft().size

    def put_back(self, entries: Iterable[Entry], total: int) -> None:
        """Hold these entries, the oldest first, after ``total`` exchanges altogether."""
        self.clear()
        for entry in entries:
            self.add(entry)
        self.total = total

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self._bytes = 0
        self.total = 0

    def find(self, entry_id: str) -> Entry | None:
        """Return the entry with this id, or None."""
        return next((entry for entry in reversed(self._entries) if entry.id == entry_id), None)

    def after(self, entry_id: str, among: Sequence[Entry] | None = None) -> Selection:
        """Return what came after the entry with this id; everything where it has been forgotten.

        Args:
            among: exchanges of this journal to choose from; None: all.
        """
        entries = self if among is None else among
        ids = [entry.id for entry in self]
        if entry_id not in ids:
            return Selection(entries)
        later = set(ids[ids.index(entry_id) + 1 :])
        return Selection(entry for entry in entries if entry.id in later)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Selection: ...
    def __getitem__(self, index: int | slice) -> Entry | Selection:
        if isinstance(index, slice):
            return Selection(list(self._entries)[index])
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))


def _first_of_each(text: str) -> dict[str, str]:
    # However many there are: they are here to be looked at.
    return dict(reversed(parameter_pairs(text)))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
