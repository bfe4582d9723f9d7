"""Requests out of bytes: one framing, one Host rule and one limit for every road (RFC 9112). No IO.

httptools (llhttp) parses. It does not tell where in a piece a message ends, so each piece is cut at the ends of heads
and bodies before it is fed: then every byte of a head is counted, and what is refused is refused before its end.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import httptools

from mock_sma.api.arrival import Arrival, split_target
from mock_sma.api.chunks import Chunks
from mock_sma.api.head import Refusal
from mock_sma.api.host import host_problem
from mock_sma.sandbox.hosts import MALFORMED, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_HEAD = 32 * 1024
"""Largest request line and headers together [bytes]; a vendor token has some 1,500."""

MAX_FRAMES = 64 * 1024
"""Bytes that the framing of a chunked body may take, on top of sixteen for each byte of it."""

END = b"\r\n\r\n"
"""The end of a head."""

FRAMING = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that say where a body ends."""

VERSIONS = ("1.1", "1.0")


class Framer:
    """Makes requests of what arrives on one connection.

    Args:
        begun: told of each request whose head has arrived and is sound; gives a refusal where it is to be refused.

    Attributes:
        requests: in the order of arrival; the last one may go on arriving. A refusal ends them.
        count: number of requests that have begun.
        is_over: whether nothing more is taken: after a refusal, or a request that ends the connection.
    """

    def __init__(self, begun: Callable[[Arrival], Refusal | None]) -> None:
        self._begun = begun
        self.requests: deque[Arrival | Refusal] = deque()
        self.count = 0
        self.is_over = False
        self._parser = httptools.HttpRequestParser(self)
        self._request: Arrival | None = None
        self._in_head = True
        self._heads: list[Arrival] = []
        """Requests whose heads the parser has just ended."""
        self._size = 0
        """Bytes of the head that is arriving."""
        self._last = b""
        """The last three of them."""
        self._left = 0
        """Bytes of the body that are to come."""
        self._chunks: Chunks | None = None
        """Of the body, where it comes in them."""
        self._frames = 0
        """Bytes that the framing of chunks may still take."""
        self._is_offered = False
        """Whether the request that is arriving offers another protocol, and has a body."""

    @property
    def is_partial(self) -> bool:
        """Whether a request has begun and not ended."""
        return self._request is not None

    def feed(self, data: bytes) -> None:
        """Take what has arrived."""
        at, size = 0, len(data)
        while at < size and not self.is_over:
            end = self._end_of_head(data, at) if self._in_head else self._end_of_body(data, at)
            if end == at:
                self._refuse(Refusal(431, f"request line and headers have {MAX_HEAD} bytes at most"))
                return
            self._parse(data if end - at == size else data[at:end])
            at = end

    def stop(self) -> None:
        """Take nothing more, and let go of the parser, which holds on to what it calls."""
        self.is_over = True
        del self._parser

    def _end_of_head(self, data: bytes, at: int) -> int:
        """Return where the head ends that goes on at ``at``, or what there is of it, as far as it may be long."""
        found = data.find(END, at)
        if self._last:  # the end may stand across two pieces
            across = (self._last + data[at : at + 3]).find(END)
            found = found if across < 0 else at + across - len(self._last)
            is_there = across >= 0 or found >= 0
        else:
            is_there = found >= 0
        end = min(found + len(END) if is_there else len(data), at + MAX_HEAD - self._size)
        self._size += end - at
        self._last = b"" if is_there else (self._last + data[max(at, end - 3) : end])[-3:]
        return end

    def _end_of_body(self, data: bytes, at: int) -> int:
        if self._chunks is not None:
            end = self._chunks.end(data, at)
            self._frames -= end - at
            return end
        end = min(len(data), at + self._left)
        self._left -= end - at
        return end

    def _parse(self, piece: bytes) -> None:
        try:
            self._feed(piece)
        except httptools.HttpParserError as error:
            self._check_heads()
            if not self.is_over:  # what stands behind the last request of a connection is nobody's
                self._refuse(Refusal(400, f"this is no HTTP: {error}"))
            return
        self._check_heads()
        if self._is_offered and self._in_head:  # the body behind an offer has ended
            self._is_offered = False
            self._parser = httptools.HttpRequestParser(self)
        if self._frames < 0:
            self._refuse(Refusal(400, "the chunks are almost all framing"))

    def _feed(self, piece: bytes) -> None:
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            # To another protocol it never comes: the request is one like others, and the next needs another parser.
            self._parser = self._body_parser() if self._is_offered else httptools.HttpRequestParser(self)
            if rest := piece[upgrade.args[0] :]:
                self._feed(rest)

    def _body_parser(self) -> httptools.HttpRequestParser:
        """Return a parser for the body that httptools passes over behind an offer of another protocol."""
        assert self._request is not None
        parser = httptools.HttpRequestParser(_BodyOf(self))
        framing = (name + b": " + value for name, value in self._request.headers if name in FRAMING)
        parser.feed_data(b"\r\n".join([b"POST / HTTP/1.1", *framing]) + END)
        return parser

    def _check_heads(self) -> None:
        heads, self._heads = self._heads, []
        for request in heads:
            refusal = self._problem(request) or self._begun(request)
            if refusal is not None:
                while self.requests.pop() is not request:
                    pass
                self._refuse(refusal)
                return

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal in place of what is arriving; what has arrived is answered before."""
        if self.requests and not (isinstance(last := self.requests[-1], Refusal) or last.is_whole):
            self.requests.pop()
        self.requests.append(refusal)
        self.is_over = True

    def _problem(self, request: Arrival) -> Refusal | None:
        """Return what is wrong with a head that the parser took, and make out its parts where nothing is."""
        if request.version not in VERSIONS:
            return Refusal(505, "the versions of HTTP here are 1.0 and 1.1")
        if request.method == "CONNECT":
            return Refusal(400, "CONNECT is for a proxy, which this port is none")
        problem = host_problem(request.headers, request.version) or split_target(request)
        if problem is not None:
            return Refusal(400, problem)
        fields = request.fields = dict(request.headers)
        if name_of(fields.get(b"host", b"").decode("latin-1")) == MALFORMED:
            # Who answers says so, each in its own form; after that nobody knows who speaks here.
            request.keep_alive = False
            self.is_over = request.is_whole
        request.expects_continue = fields.get(b"expect", b"").lower() == b"100-continue"
        if request is self._request:
            self._chunks = Chunks() if b"transfer-encoding" in fields else None
            self._left = 0 if self._chunks else int(fields[b"content-length"]) - request.size
            self._frames = MAX_FRAMES
        return None

    # ---- httptools' callbacks -------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.count += 1
        self._request = Arrival()

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        assert self._request is not None
        self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; of those behind a chunked body nobody reads (RFC 9110, section 6.5.1)."""
        if self._in_head:
            assert self._request is not None
            self._request.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Take a head."""
        request, parser = self._request, self._parser
        assert request is not None
        request.method = parser.get_method().decode("ascii")
        request.version = parser.get_http_version()
        request.keep_alive = request.version == "1.1" and parser.should_keep_alive()
        # Java's HttpClient offers HTTP/2 with each first request, be it a POST.
        self._is_offered = parser.should_upgrade() and request.method != "CONNECT" and _has_body(request)
        self._in_head = False
        self._size = 0
        self._heads.append(request)
        self.requests.append(request)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        assert self._request is not None
        self._frames += 17 * len(body)
        self._request.take(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._is_offered and self._heads:
            return  # it is the head's end that httptools calls so
        request = self._request
        assert request is not None
        self._request, self._in_head = None, True
        self._left = self._frames = 0
        self._chunks = None
        self.is_over = not request.keep_alive
        request.end()


def _has_body(request: Arrival) -> bool:
    fields = dict(request.headers)
    return b"transfer-encoding" in fields or int(fields.get(b"content-length", b"0")) > 0


class _BodyOf:
    """What a parser tells that reads the body of a request whose head has been read.

    Args:
        framer: is told of the body and of its end.
    """

    def __init__(self, framer: Framer) -> None:
        self.on_body = framer.on_body
        self.on_message_complete = framer.on_message_complete
