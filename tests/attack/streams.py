"""What a stranger sends on a connection, and how many answers it may get of which kind.

Behind each stream stands another request, :data:`CANARY`. Where a stream ends the connection, nobody may ever see it:
a server that does has taken a body for a request, or the other way about (request smuggling).
"""

from __future__ import annotations

from dataclasses import dataclass

HOST = b"Host: localhost\r\n"
GET = b"GET /v1/plants HTTP/1.1\r\n"
POST = b"POST /oauth2/token HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
CLOCK = b"GET /_mock/clock HTTP/1.1\r\n"
CANARY = b"GET /v1/canary HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"


@dataclass(frozen=True)
class Stream:
    """Bytes of a stranger.

    Attributes:
        statuses: of the answers, the canary's not counted.
        goes_on: whether the canary is a request of its own.
    """

    data: bytes
    statuses: tuple[int, ...]
    goes_on: bool = False


def refused(data: bytes, status: int = 400) -> Stream:
    return Stream(data, (status,))


STREAMS = {
    # Where a body ends.
    "a length and chunks": refused(CHUNKED + b"Content-Length: 3\r\n\r\n0\r\n\r\n"),
    "chunks and a length": refused(POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "an unknown coding": refused(POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "a coding behind chunks": refused(POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    "a coding of control": refused(CLOCK + HOST + b"Transfer-Encoding: gzip\r\n\r\n"),
    "two lengths": refused(POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n"),
    "a length below nought": refused(POST + b"Content-Length: -1\r\n\r\n"),
    "a length with a sign": refused(POST + b"Content-Length: +1\r\n\r\na"),
    "a length in hex": refused(POST + b"Content-Length: 0x1\r\n\r\na"),
    "a length beyond all": refused(POST + b"Content-Length: 99999999999999999999\r\n\r\n"),
    "a size that is none": refused(CHUNKED + b"\r\nzz\r\n"),
    "a size below nought": refused(CHUNKED + b"\r\n-1\r\n"),
    "a size beyond all": refused(CHUNKED + b"\r\nffffffffffffffffff\r\n"),
    "a chunk that is too long": refused(CHUNKED + b"\r\n1\r\nabc\r\n0\r\n\r\n"),
    "a request in chunks": Stream(CHUNKED + b"\r\n3\r\na=b\r\n0\r\n\r\n", (415,), goes_on=True),
    # Heads.
    "no HTTP": refused(b"\x16\x03\x01\x02\x00\r\n\r\n"),
    "no version": refused(b"GET /v1/plants\r\n\r\n", 505),
    "version 2": refused(b"GET /v1/plants HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    "the preface of HTTP/2": refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "a blank before the colon": refused(GET + b"Host : localhost\r\n\r\n"),
    "a folded line": refused(GET + HOST + b"a: b\r\n c\r\n\r\n"),
    "a header without a name": refused(GET + HOST + b": x\r\n\r\n"),
    "a null in a value": refused(GET + HOST + b"a: \x00\r\n\r\n"),
    "a CR in a value": refused(GET + HOST + b"a: b\rc: d\r\n\r\n"),
    "a blank in the target": refused(b"GET /v1/ plants HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a target that is no ASCII": refused(b"GET /v1/\xfc HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a null in the target": refused(b"GET /v1/\x00 HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a method of its own": refused(b"EVIL /v1/plants HTTP/1.1\r\n" + HOST + b"\r\n"),
    "too many lines": refused(GET + HOST + b"a:\r\n" * 12_000 + b"\r\n", 431),
    "a line without an end": refused(GET + HOST + b"a: " + b"x" * 40_000, 431),
    # Hosts.
    "no host": refused(GET + b"\r\n"),
    "two hosts": refused(GET + HOST + HOST + b"\r\n"),
    "two hosts for control": refused(CLOCK + HOST + b"Host: evil.test\r\n\r\n"),
    "a host behind an address": refused(CLOCK + b"Host: [::1].evil.test\r\n\r\n"),
    "a host behind a user": refused(GET + b"Host: localhost:x@evil.test\r\n\r\n"),
    "a host behind a port": refused(CLOCK + b"Host: localhost:1.evil.test\r\n\r\n"),
    "a user in an absolute target": refused(b"GET http://a@localhost/v1/plants HTTP/1.1\r\n" + HOST + b"\r\n"),
    # Requests like others.
    "a stranger without a token": Stream(GET + HOST + b"\r\n", (401,), goes_on=True),
    "a body that nobody reads": Stream(GET + HOST + b"Content-Length: 5\r\n\r\nhello", (401,), goes_on=True),
    "a request as a body": Stream(GET + HOST + b"Content-Length: %d\r\n\r\n" % len(CANARY) + CANARY, (401,), True),
    "three at once": Stream(3 * (GET + HOST + b"\r\n"), (401, 401, 401), goes_on=True),
    "both roads in turn": Stream(2 * (GET + HOST + b"\r\n" + CLOCK + HOST + b"\r\n"), (401, 200, 401, 200), True),
    "a sound one before a broken one": Stream(CLOCK + HOST + b"\r\n" + GET + b"\r\n", (200, 400)),
    "one that ends the connection": Stream(CLOCK + HOST + b"Connection: close\r\n\r\n", (200,)),
    "an old one": Stream(b"GET /v1/plants HTTP/1.0\r\n\r\n", (401,)),
    "an offer of HTTP/2": Stream(
        GET + HOST + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n", (401,), True
    ),
}
