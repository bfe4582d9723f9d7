"""Requests as bytes, by name: sound ones, and what ends a connection. ``%b`` stands for a bearer token."""

from __future__ import annotations

from tests.api.wire import HOST, OFFER

HEAD = b"Host: localhost\r\nAuthorization: Bearer %b\r\n"
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
POST = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(FORM) + FORM
POST_IN_CHUNKS = (
    b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n%b\r\n0\r\n\r\n" % (len(FORM), FORM)
)
DAY = b"/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"

REQUESTS = {
    "plants": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "day": b"GET " + DAY + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "unknown": b"GET /v1/nothing HTTP/1.1\r\n" + HEAD + b"\r\n",
    "encoded": b"GET /v1/plants/%31%33 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "no token": b"GET /v1/plants HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a body that nobody reads": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "chunks that nobody reads": b"GET /v1/plants HTTP/1.1\r\n"
    + HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "head": b"HEAD /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "token": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n" + POST,
    "an offer of HTTP/2": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n" + OFFER + POST,
    "chunks behind an offer": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n" + OFFER + POST_IN_CHUNKS,
    "an offer without a body": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + OFFER + b"\r\n",
    "wrong method": b"DELETE /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "control": b"GET /_mock/clock HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
LAST = {
    "close": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
    "old": b"GET /v1/plants HTTP/1.0\r\n" + HEAD + b"\r\n",
    "post and close": b"POST /oauth2/token HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n" + POST,
    "control and close": b"GET /_mock/clock HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    "unknown coding": b"POST /oauth2/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n2\r\nhi\r\n",
    "unknown coding of a GET": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n",
    "bad chunk": b"POST /oauth2/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n",
    "bad chunk of a GET": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "two lengths": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "two hosts": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + HOST + b"\r\n",
    "no host": b"GET /v1/plants HTTP/1.1\r\n\r\n",
    "no host for control": b"GET /_mock/clock HTTP/1.1\r\n\r\n",
    "a host behind an address": b"GET /_mock/clock HTTP/1.1\r\nHost: [::1].evil.test\r\n\r\n",
    "a host behind a user": b"GET /v1/plants HTTP/1.1\r\nHost: localhost:x@evil.test\r\n\r\n",
    "a host behind a port": b"GET /_mock/clock HTTP/1.1\r\nHost: localhost:1.evil.test\r\n\r\n",
    "too many lines": b"GET /v1/plants HTTP/1.1\r\n" + HOST + b"a:\r\n" * 20_000 + b"\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00",
    "another version": b"GET /v1/plants HTTP/2.0\r\n" + HOST + b"\r\n",
}
"""What ends a connection: the last request, or what is none."""


def spelt(names: list[str], bearer: bytes) -> bytes:
    return b"".join((REQUESTS | LAST)[name].replace(b"%b", bearer) for name in names)
