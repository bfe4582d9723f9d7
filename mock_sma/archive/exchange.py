"""One request with its answer, as an archive has it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.parse import SplitResult

Pairs = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class ArchivedExchange:
    """One request with its answer.

    Attributes:
        started: ISO 8601, as it stands in the archive; empty: not known.
        request_headers: names as they were sent.
        request_body: as text.
        headers: of the answer.
        body: of the answer, as bytes.
        has_body: whether the body was recorded; browsers forget some.
        place: where it was read, for messages.
    """

    method: str
    url: str
    status: int
    started: str = ""
    request_headers: Pairs = ()
    request_body: str = ""
    headers: Pairs = ()
    body: bytes = b""
    has_body: bool = True
    place: str = ""

    @property
    def host(self) -> str:
        """Host of the URL, in lower case and without port."""
        return (self._parts.hostname or "").lower()

    @property
    def origin(self) -> str:
        """Scheme, host and port of the URL, without the name and password of a user; empty: it has none."""
        parts = self._parts
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""

    @property
    def path(self) -> str:
        """Path of the URL, as it was sent."""
        return self._parts.path or "/"

    @property
    def query(self) -> str:
        """Query of the URL, as it was sent."""
        return self._parts.query

    @property
    def _parts(self) -> SplitResult:
        """Parts of the URL; of one that is none, nothing."""
        try:
            return urlsplit(self.url)
        except ValueError:
            return urlsplit("")

    def header(self, name: str) -> str | None:
        """Return a header of the answer, or None."""
        return _named(self.headers, name)

    def request_header(self, name: str) -> str | None:
        """Return a header of the request, or None."""
        return _named(self.request_headers, name)


def _named(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in pairs if key.lower() == name), None)
