"""What goes in and out of a world: :class:`Request` and :class:`Reply`, free of any transport."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from mock_sma.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"
FORM = b"application/x-www-form-urlencoded"

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""

BODILESS = frozenset({204, 304})
"""Statuses whose answers have no body, and no content-length either (RFC 9110, section 8.6)."""

MAX_BODY = 64 * 1024
"""Largest request body [bytes]; the largest real one is a token request of a few hundred."""


@dataclass(slots=True)
class Request:
    """One request as the client sent it.

    Attributes:
        method: in capitals.
        path: as sent, percent-encoding kept, without the query.
        query: raw query string without the question mark.
        headers: names in lower case; the last one of a repeated header.
        body: whole body.
        host: host name in lower case without port.
        scheme: ``http`` or ``https``.
        shown: what the journal shows of it, once somebody has looked: the same request may come again and again.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    host: str = ""
    scheme: str = "http"
    shown: Any = field(default=None, init=False, repr=False, compare=False)
    _token: str = field(default="", init=False, repr=False, compare=False)
    _parameters: Parameters | None = field(default=None, init=False, repr=False, compare=False)

    def header(self, name: bytes) -> str | None:
        """Return a header's value as text, or None."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def media_type(self) -> str:
        """Content type without parameters, in lower case; empty when there is none."""
        return (self.header(b"content-type") or "").partition(";")[0].strip().lower()

    @property
    def port(self) -> str:
        """Port named in the Host header with its colon, or the empty text."""
        text = self.header(b"host") or ""
        return ":" + text.rsplit(":", 1)[1] if ":" in text and not text.endswith("]") else ""

    @property
    def origin(self) -> str:
        """Scheme, host and port as the client wrote them."""
        return f"{self.scheme}://{self.header(b'host') or self.host}"

    @property
    def parameters(self) -> Parameters:
        """The query's parameters.

        Raises:
            ApiError: 400 where there are too many.
        """
        if self._parameters is None:
            self._parameters = Parameters(self.query)
        return self._parameters

    @property
    def bearer(self) -> str | None:
        """Token of the Authorization header, or None when it holds no bearer token."""
        if not self._token:
            value = self.headers.get(b"authorization")
            if value is None or value[:7].lower() != b"bearer ":
                return None
            self._token = value[7:].strip().decode("latin-1")
        return self._token or None


@dataclass(slots=True)
class Effect:
    """What a transport does to a reply besides sending it.

    Attributes:
        delay: seconds before the answer.
        fault: ``connection_reset``, ``empty_response``, ``truncated_body``, ``slow_body``,
            ``wrong_content_length``; None: none. ``malformed_json`` is in the reply's body already.
        spread: seconds over which ``slow_body`` sends the body, in :data:`SLOW_PIECES` pieces.
    """

    delay: float = 0.0
    fault: str | None = None
    spread: float = 0.0


SLOW_PIECES = 10


@dataclass(slots=True)
class Reply:
    """One answer.

    Attributes:
        headers: names in lower case, in the order of sending, content-length included where there may be a body.
        common: the first of them, which all answers of this kind have within the same second; empty: unknown.
        effect: only set where a fault rule is at work.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    effect: Effect | None = None
    common: tuple[tuple[bytes, bytes], ...] = ()

    def header(self, name: bytes) -> bytes | None:
        """Return the first header called ``name`` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(slots=True)
class Answer:
    """What a handler gives back: a body and its type; the world adds the rest."""

    body: bytes = b""
    status: int = 200
    content_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


SMALL = 4_096


def compact(body: bytes) -> bytes:
    """Return a body that takes no more memory than it is long, for keeping it.

    orjson gives each one a buffer of a page at least, and leaves it at that.
    """
    return b"".join((body, b"")) if len(body) < SMALL else body


MAX_PARAMETERS = 200


def parameter_pairs(text: str) -> list[tuple[str, str]]:
    """Return the pairs of a query or form."""
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    # Nothing to decode, as in nearly all queries: a tenth of the time of the general parser.
    return [
        (name, value) for name, equals, value in (part.partition("=") for part in text.split("&")) if name or equals
    ]


class Parameters:
    """Query or form parameters, found without regard to case.

    Args:
        text: URL-encoded pairs.
    """

    __slots__ = ("pairs",)

    def __init__(self, text: str) -> None:
        self.pairs = parameter_pairs(text)
        if len(self.pairs) > MAX_PARAMETERS:
            raise ApiError(400, "Too many parameters")

    def get(self, name: str) -> str | None:
        """Return the first value of ``name``, or None."""
        wanted = name.lower()
        return next((value for key, value in self.pairs if key.lower() == wanted), None)

    def flag(self, name: str) -> bool:
        """Return a boolean parameter; absent is False.

        Raises:
            ApiError: 400 where the value is neither true nor false, as ASP.NET's model binding answers.
        """
        value = self.get(name)
        if value is None:
            return False
        if value.lower() not in ("true", "false"):
            raise ApiError(400, f"The value '{value[:40]}' is not valid for {name}.")
        return value.lower() == "true"

    def count(self, name: str) -> int:
        """Return how often a parameter stands there, in whatever case."""
        return sum(key.lower() == name for key, _ in self.pairs)

    def repeated(self) -> str | None:
        """Return the name of a parameter that appears twice, or None."""
        seen: set[str] = set()
        for name, _ in self.pairs:
            if name in seen:
                return name
            seen.add(name)
        return None

    def as_dict(self) -> dict[str, str]:
        """Return the pairs as a dictionary, the first of each name."""
        result: dict[str, str] = {}
        for name, value in self.pairs:
            result.setdefault(name, value)
        return result


def decode_segment(segment: str) -> str:
    """Return a path segment without its percent-encoding."""
    return unquote(segment) if "%" in segment else segment
