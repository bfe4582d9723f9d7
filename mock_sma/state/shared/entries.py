"""What the log of a shared state consists of, as bytes: requests, lines of the journal, and whole worlds."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.errors import StateError
from mock_sma.sandbox.world.unpickling import StateReader
from mock_sma.state.record import PlainReader
from mock_sma.state.written import FIELDS, entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.state.record import Asked

SHORT = 1_024
"""Longest body of a read that other servers get [bytes]; an empty set is one, and says why it is empty."""


class Requested(NamedTuple):
    """What a server was asked in one turn, in order.

    Attributes:
        server: its name.
        items: a request that may change something, for all servers to answer; or the name of a world of which this
            server alone answers a read, so that the others count it.
    """

    server: str
    items: list[Asked | str]


class Lines(NamedTuple):
    """Reads that a server has answered, with the name of the world and the position in the log."""

    entries: list[tuple[str, int, Entry]]


class Whole(NamedTuple):
    """A world: name, scenario and seed (None: as before), and what has become of it."""

    name: str
    origin: bytes | None
    state: bytes


class Changed(NamedTuple):
    """What a change by hand led to: worlds as they are now, and names of those that are no more."""

    worlds: list[Whole]
    gone: list[str]


def bytes_of(item: Requested | Lines | Changed) -> bytes:
    """Return an entry of the log."""
    if isinstance(item, Lines):
        plain: Any = [(name, position, *_line(entry)) for name, position, entry in item.entries]
    else:
        plain = tuple(item) if isinstance(item, Requested) else ([tuple(world) for world in item.worlds], item.gone)
    return KINDS[type(item)] + pickle.dumps(plain, pickle.HIGHEST_PROTOCOL)


def _line(entry: Entry) -> tuple[tuple[object, ...], bytes, bytes]:
    asked, answered = (body if len(body) <= SHORT else b"" for body in (entry.request_body, entry.response_body))
    return tuple(getattr(entry, field) for field in FIELDS), asked, answered


def _entry(values: tuple[object, ...], request_body: bytes, response_body: bytes) -> Entry:
    entry = entry_of(*values)
    entry.request_body, entry.response_body = request_body, response_body
    return entry


def item_of(data: bytes) -> Requested | Lines | Changed:
    """Return what an entry of the log holds.

    Raises:
        StateError: it is none.
    """
    kind, file = data[:1], io.BytesIO(data[1:])
    try:
        if kind == KINDS[Lines]:
            return Lines([(name, at, _entry(*line)) for name, at, *line in StateReader(file).load()])
        plain = PlainReader(file).load()
        if kind == KINDS[Requested]:
            return Requested(*plain)
        if kind == KINDS[Changed]:
            return Changed([Whole(*world) for world in plain[0]], plain[1])
    except Exception as error:  # noqa: BLE001 - whatever bytes that are none of ours lead to
        raise StateError(f"the shared log cannot be read: {error}") from None
    raise StateError("the shared log is of a newer mock-sma; update this one")


KINDS: dict[type[object], bytes] = {Requested: b"1", Lines: b"2", Changed: b"3"}
"""The first byte of each kind of entry: with another form of what follows it is another one."""


def snapshot_of(worlds: Iterable[Whole]) -> list[str | bytes]:
    """Return worlds as a snapshot has them: name and bytes, by turns, in order."""
    found: list[str | bytes] = []
    for place, world in enumerate(worlds):
        found += [world.name, KINDS[Changed] + pickle.dumps((place, *world), pickle.HIGHEST_PROTOCOL)]
    return found


def worlds_of(snapshot: Iterable[bytes]) -> list[Whole]:
    """Return the worlds of a snapshot, in order.

    Raises:
        StateError: it holds none.
    """
    blobs = list(snapshot)[1::2]
    if any(blob[:1] != KINDS[Changed] for blob in blobs):
        raise StateError("the shared state is of a newer mock-sma; update this one")
    try:
        found = sorted(PlainReader(io.BytesIO(blob[1:])).load() for blob in blobs)
        return [Whole(*values) for _, *values in found]
    except Exception as error:  # noqa: BLE001 - as above
        raise StateError(f"the shared state cannot be read: {error}") from None
