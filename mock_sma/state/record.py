"""What a log of requests consists of."""

from __future__ import annotations

import io
import pickle
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.clock import monotonic, system_time
from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.world.unpickling import StateReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Seconds:
    """Real seconds that go on over processes, and stand still while a request is answered.

    Args:
        after: none is earlier than this one [s since the epoch].
    """

    def __init__(self, after: float = 0.0) -> None:
        self._held: float | None = None
        self._base = 0.0
        self.begin(after)

    def begin(self, after: float) -> None:
        """Go on from the system's time, or from ``after`` where that is later."""
        self._base = max(system_time(), after) - monotonic()

    def __call__(self) -> float:
        """Return the time [s since the epoch]."""
        return self._base + monotonic() if self._held is None else self._held

    def hold(self, at: float | None = None) -> float:
        """Stand still, at a time or (None) now; returns that time."""
        self._held = None
        self._held = self() if at is None else at
        return self._held

    def reach(self, at: float) -> None:
        """Go on from a time that somewhere else was reached already; never back."""
        self._base = max(self._base, at - monotonic())

    def go_on(self) -> None:
        """Run again."""
        self._held = None


Asked = tuple[str, str, str, "Mapping[bytes, bytes]", bytes, str, str]
"""A request: method, path, query, headers, body, host, scheme."""

Row = tuple[str, float, str, str, str, "Mapping[bytes, bytes]", bytes, str, str]
"""The values of a :class:`Record`: a plain tuple, which the garbage collector does not follow while it waits."""


class Record(NamedTuple):
    """A request that a world has answered, and when in real time [s since the epoch]."""

    world: str
    at: float
    method: str
    path: str
    query: str
    headers: Mapping[bytes, bytes]
    body: bytes
    host: str
    scheme: str

    @property
    def request(self) -> Request:
        """The request."""
        return Request(*self[2:])


asked_of: Callable[[Request], Asked] = attrgetter("method", "path", "query", "headers", "body", "host", "scheme")
"""Return a request as plain values."""


def packed(records: list[Row]) -> bytes:
    """Return records as bytes; what many of them have, such as a token, is in them once.

    A request that a connection repeats is one object with the same headers each time, and takes little more than its
    time.
    """
    once: dict[bytes, bytes] = {}
    known: dict[int, dict[bytes, bytes]] = {}
    plain = []
    for item in records:
        headers = known.get(id(item[5]))
        if headers is None:
            headers = {name: once.setdefault(value, value) for name, value in item[5].items()}
            known[id(item[5])] = headers
        plain.append((*item[:5], headers, *item[6:]))
    return pickle.dumps(plain, pickle.HIGHEST_PROTOCOL)


class PlainReader(StateReader):
    """Reads a pickle of plain values."""

    def find_class(self, module: str, name: str) -> object:
        """Refuse whatever a pickle names."""
        raise pickle.UnpicklingError(f"a record is not made of {module[:60]}.{name[:60]}")


def unpacked(data: bytes) -> list[Record]:
    """Return the records that bytes hold.

    Raises:
        StateError: they hold none.
    """
    try:
        return [Record(*item) for item in PlainReader(io.BytesIO(data)).load()]
    except Exception as error:  # noqa: BLE001 - whatever bytes that are none of ours lead to
        raise StateError(f"the log of requests cannot be read: {error}") from None
