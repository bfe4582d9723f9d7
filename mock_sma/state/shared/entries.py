"""What the log of a shared state consists of, as bytes: requests, lines of the journal, and whole worlds."""

from __future__ import annotations

import io
import pickle
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from mock_sma.errors import StateError
from mock_sma.sandbox.world.unpickling import StateReader
from mock_sma.state.record import PlainReader
from mock_sma.state.written import FIELDS, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.state.record import Asked

    Line = tuple[str, int, Entry]
    """A read: name of the world, position of the log's last entry when it was answered, and what the journal says."""

SHORT = 1_024
"""Longest body of a read that other servers get [bytes]; an empty set is one, and says why it is empty."""


class Requested(NamedTuple):
    """What a server was asked in one turn, in order.

    Attributes:
        server: its name.
        items: requests that may change something, for all servers to answer.
        numbers: the first number of the requests of each world, by its name.
    """

    server: str
    items: list[Asked]
    numbers: dict[str, int]


class Lines(NamedTuple):
    """Reads that a server has answered; to take their lines apart takes longer than all else.

    Attributes:
        counts: how many there are of each world, also those of which there is no line.
        last: the last number of each of these worlds, and after which position of the log it was given.
        data: the lines.
    """

    counts: dict[str, int]
    last: dict[str, tuple[int, int]]
    data: bytes

    @classmethod
    def of(cls, entries: list[Line], counts: dict[str, int]) -> Self:
        """Return lines for the log."""
        plain = [(name, position, *_line(entry)) for name, position, entry in entries]
        last = {name: (entry.number, position) for name, position, entry in entries}
        return cls(counts, last, pickle.dumps(plain, pickle.HIGHEST_PROTOCOL))

    @property
    def entries(self) -> list[Line]:
        """The lines.

        Raises:
            StateError: they cannot be read.
        """
        try:
            return [(name, at, _entry(*line)) for name, at, *line in StateReader(io.BytesIO(self.data)).load()]
        except Exception as error:  # noqa: BLE001 - whatever bytes that are none of ours lead to
            raise StateError(f"the shared log cannot be read: {error}") from None


class Whole(NamedTuple):
    """A world: name, scenario and seed (None: as before), and what has become of it."""

    name: str
    origin: bytes | None
    state: bytes


class Changed(NamedTuple):
    """What a change by hand led to: worlds as they are now, names of those that are no more, and which nobody asked."""

    worlds: list[Whole]
    gone: list[str]
    swept: Collection[str] = ()


def asked_for(server: str, items: list[Asked]) -> bytes:
    """Return what a server was asked; with its kind and numbers before it (:func:`numbered`) it is an entry."""
    return pickle.dumps((server, items), pickle.HIGHEST_PROTOCOL)


def numbered(numbers: dict[str, int], data: bytes) -> bytes:
    """Return an entry of the log: what a server was asked, with the numbers of the requests."""
    text = " ".join(f"{name}={first}" for name, first in numbers.items())
    return KINDS[Requested] + text.encode() + b"\n" + data


def numbers_of(text: bytes) -> dict[str, int]:
    """Return numbers that are written as in an entry."""
    return {name.decode(): int(first) for name, _, first in (item.partition(b"=") for item in text.split())}


def bytes_of(item: Lines | Changed) -> bytes:
    """Return an entry of the log."""
    plain: Any = tuple(item)
    if isinstance(item, Changed):
        plain = [tuple(world) for world in item.worlds], item.gone, item.swept
    return KINDS[type(item)] + pickle.dumps(plain, pickle.HIGHEST_PROTOCOL)


def _line(entry: Entry) -> tuple[tuple[object, ...], bytes, bytes]:
    asked = entry.request_body if len(entry.request_body) <= SHORT else b""
    answered = entry.response_body if len(entry.response_body) <= SHORT else b""
    return VALUES(entry), asked, answered


VALUES: Callable[[Entry], tuple[object, ...]] = attrgetter(*FIELDS)
"""Gives what is written of an entry."""


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
        if kind == KINDS[Requested]:
            text, _, rest = data[1:].partition(b"\n")
            server, items = PlainReader(io.BytesIO(rest)).load()
            return Requested(server, items, numbers_of(text))
        plain = PlainReader(file).load()
        if kind == KINDS[Lines]:
            return Lines(*plain)
        if kind == KINDS[Changed]:
            return Changed([Whole(*world) for world in plain[0]], *plain[1:])
    except Exception as error:  # noqa: BLE001 - whatever bytes that are none of ours lead to
        raise StateError(f"the shared log cannot be read: {error}") from None
    raise StateError("the shared log is of a newer mock-sma; update this one")


KINDS: dict[type[object], bytes] = {Requested: b"5", Lines: b"4", Changed: b"3"}
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
