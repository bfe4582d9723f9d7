"""Between httpx's requests and replies and a world's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from mock_sma.sandbox.exchange import Request

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply


def to_request(request: httpx.Request) -> Request:
    """Return the request of an httpx client; its body has been read."""
    path, _, query = request.url.raw_path.partition(b"?")
    return Request(
        method=request.method.upper(),
        path=path.decode("ascii"),
        query=query.decode("ascii"),
        headers={name.lower(): value for name, value in request.headers.raw},
        body=request.content,
        host=request.url.host.lower(),
        scheme=request.url.scheme,
    )


def to_response(reply: Reply, request: httpx.Request) -> httpx.Response:
    """Return a reply as httpx gives it to its caller."""
    return httpx.Response(
        reply.status,
        headers=reply.headers,
        stream=httpx.ByteStream(reply.body),
        request=request,
        extensions={"http_version": b"HTTP/1.1"},
    )
