"""One request as it arrives, and what its target names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mock_sma.sandbox.hosts import MALFORMED, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.api.vendor import Vendor
    from mock_sma.sandbox.exchange import Request


class Arrival:
    """One request as it arrives.

    Attributes:
        method: in capitals.
        target: as sent; ``path`` and ``query`` are its parts.
        version: of HTTP, ``1.0`` or ``1.1``.
        headers: names in lower case.
        fields: the same; the last one of a repeated header.
        scheme: of an absolute target; else empty.
        body: what has arrived of it and was not read yet.
        size: bytes of the body that have arrived.
        keep: bytes of the body that somebody will want; what is beyond is forgotten.
        vendor: the API that answers it; None: it goes by ASGI.
        asked: what that API is asked.
        is_whole: whether it has arrived to its end.
        news: called when more of the body has arrived, or its end.
    """

    __slots__ = (
        "asked", "body", "expects_continue", "fields", "headers", "is_whole", "keep", "keep_alive", "method", "news",
        "path", "query", "scheme", "size", "target", "vendor", "version",
    )  # fmt: skip
    method: str
    version: str
    asked: Request
    path: bytes
    query: bytes
    fields: dict[bytes, bytes]
    keep_alive: bool
    expects_continue: bool

    def __init__(self) -> None:
        self.target = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.scheme = ""
        self.body = bytearray()
        self.keep: int | None = None
        self.vendor: Vendor | None = None
        self.size = 0
        self.is_whole = False
        self.news: Callable[[], None] | None = None

    def take(self, body: bytes) -> None:
        """Take a part of the body."""
        self.size += len(body)
        if self.keep is None or len(self.body) < self.keep:
            self.body += body
            if self.news is not None:
                self.news()

    def end(self) -> None:
        """Take the end."""
        self.is_whole = True
        if self.news is not None:
            self.news()

    @property
    def is_enough(self) -> bool:
        """Whether all of it has arrived that somebody will want."""
        return self.is_whole or (self.keep is not None and len(self.body) >= self.keep)

    @property
    def is_bare(self) -> bool:
        """Whether it is whole without a body, names no scheme, and the next one may follow it."""
        return self.is_whole and self.keep_alive and not (self.size or self.scheme or self.expects_continue)


def split_target(request: Arrival) -> str | None:
    """Make out the parts of a request's target; return what is wrong with it, or None."""
    target = request.target.partition(b"#")[0]
    if not target.isascii():
        return "a target is ASCII, everything else in it percent-encoded"
    if target[:1] in (b"/", b"*"):
        request.path, _, request.query = target.partition(b"?")
        return None
    return _split_absolute(request, target)


def _split_absolute(request: Arrival, target: bytes) -> str | None:
    """Make out the parts of an absolute target, whose host stands above the header's (RFC 9112, section 3.2.2)."""
    scheme, _, rest = target.partition(b"://")
    authority = re.split(rb"[/?]", rest, maxsplit=1)[0]
    is_none = not authority or name_of(authority.decode("ascii")) == MALFORMED
    if is_none or scheme.lower() not in (b"http", b"https"):
        return "a target is a path, or a whole http or https address"
    request.scheme = scheme.lower().decode()
    path, _, request.query = rest[len(authority) :].partition(b"?")
    request.path = path or b"/"
    request.headers = [(b"host", authority), *(item for item in request.headers if item[0] != b"host")]
    return None
