"""Heads of answers as bytes, and the whole answers that the server gives by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen
from mock_sma.sandbox.exchange import BODILESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.sandbox.exchange import Reply

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_NAMES = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z\r-]*")
"""Names, one after the other with a CR between."""

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no value may hold (RFC 9110, section 5.5)."""


def head_of(status: int, headers: Sequence[tuple[bytes, bytes]], *, closing: bool) -> bytes:
    """Return the head of an answer.

    Args:
        headers: in the order of sending.
        closing: whether the connection ends with this answer, so that the head says so.

    Raises:
        ValueError: a name or a value may not stand in a head.
    """
    names, values = b"\r".join([name for name, _ in headers]), b"".join([value for _, value in headers])
    if _FORBIDDEN.search(values) or not _NAMES.fullmatch(names):
        raise ValueError("a header cannot be sent: its name or value would break the head")
    if status in BODILESS:
        headers = [item for item in headers if item[0] != b"content-length"]
    lines = [b"%b: %b\r\n" % header for header in headers]
    if closing and not any(name == b"connection" for name, _ in headers):
        lines.append(b"connection: close\r\n")
    return b"".join((status_line(status), *lines, b"\r\n"))


def head_of_reply(reply: Reply, *, closing: bool) -> bytes:
    """Return the head of a world's answer; raises as :func:`head_of` does.

    One header tells it from others of its second most of the time, the request id, which is hexadecimal digits.
    """
    own = reply.headers[len(reply.common) :]
    if closing or len(own) != 1 or not reply.common:
        return head_of(reply.status, reply.headers, closing=closing)
    return b"%b%b\r\n\r\n" % (_beginning(reply.status, reply.common, own[0][0]), own[0][1])


def parts_of_reply(reply: Reply, method: str, *, closing: bool) -> tuple[bytes, ...]:
    """Return a world's whole answer to a request with this method; raises as :func:`head_of` does."""
    head = head_of_reply(reply, closing=closing)
    return (head,) if method == "HEAD" or reply.status in BODILESS else (head, reply.body)


@lru_cache(maxsize=256)
def _beginning(status: int, common: tuple[tuple[bytes, bytes], ...], name: bytes) -> bytes:
    return head_of(status, [*common, (name, b"")], closing=False)[:-4]


def status_line(status: int) -> bytes:
    """Return the first line of an answer."""
    return _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status


@frozen
class Refusal:
    """An answer in place of what was asked for; the connection ends with it.

    Attributes:
        text: why, for a person.
        headers: more of them.
    """

    status: int
    text: str
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def parts(self) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """Return headers and body of the answer."""
        body = f"mock-sma: {self.text}\n".encode()
        length, kind = (b"content-length", b"%d" % len(body)), (b"content-type", b"text/plain; charset=utf-8")
        return [length, *self.headers, kind, (b"connection", b"close")], body

    def answer(self) -> bytes:
        """Return the whole answer."""
        headers, body = self.parts()
        return head_of(self.status, headers, closing=True) + body


FAILURE = Refusal(500, "Internal Server Error: an exception, which the server's log has")
"""The answer where ours is the fault."""
