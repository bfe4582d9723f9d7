"""Where a body that comes in chunks ends (RFC 9112, section 7.1). What is wrong with one the parser tells. No IO."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"[0-9A-Fa-f]+")


class Chunks:
    """Follows the chunks of one body.

    Attributes:
        is_over: whether the end has been found.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._skip = 0
        """Bytes of the chunk that are to come, with its line end."""
        self._line = bytearray()
        """What has arrived of a line."""
        self._in_trailers = False

    def end(self, data: bytes, at: int) -> int:
        """Return where the body that goes on at ``at`` ends, or the end of the data."""
        size = len(data)
        while at < size and not self.is_over:
            if self._skip:
                step = min(self._skip, size - at)
                self._skip -= step
            else:
                newline = data.find(b"\n", at)
                step = (size if newline < 0 else newline + 1) - at
                self._line += data[at : at + step]
                if newline >= 0:
                    self._take(bytes(self._line.strip()))
                    self._line.clear()
            at += step
        return at

    def _take(self, line: bytes) -> None:
        if self._in_trailers:
            self.is_over = not line
            return
        found = _SIZE.match(line)
        # Where there is no size the parser will have nothing that follows.
        chunk = int(found[0], 16) if found is not None else 0
        self._in_trailers = chunk == 0
        self._skip = chunk + 2 if chunk else 0
