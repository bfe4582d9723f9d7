"""What servers of one machine and their log say to each other: values of Python, each with its length before it.

Both ends are of one process that has forked, so they have one marshal.
"""

from __future__ import annotations

import marshal
from typing import Any, NamedTuple

from mock_sma.state.shared.link import AwayError

WIDTH = 4
"""Bytes of a length."""


class Refused(NamedTuple):
    """What is answered to a command that cannot be carried out now."""

    text: str


def frame(value: Any) -> bytes:
    """Return a value as it goes over the connection."""
    data = marshal.dumps((None, value.text) if isinstance(value, Refused) else (value,))
    return len(data).to_bytes(WIDTH, "big") + data


class Frames:
    """Takes a stream of values apart."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what has come."""
        self._data += data

    def gets(self) -> Any:
        """Return the next value, an AwayError where it is a refusal; False: it has not come whole yet."""
        data = self._data
        end = WIDTH + int.from_bytes(data[:WIDTH], "big")
        if len(data) < WIDTH or len(data) < end:
            return False
        found = marshal.loads(data[WIDTH:end])  # noqa: S302 - see above
        del data[:end]
        return found[0] if len(found) == 1 else AwayError(found[1])
