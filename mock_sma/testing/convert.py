"""Between httpx's requests and replies and a world's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from mock_sma.sandbox.exchange import Request

if TYPE_CHECKING:
    from types import ModuleType

    from mock_sma.sandbox.exchange import Reply


def to_request(request: Any) -> Request:
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


def to_response(reply: Reply, request: Any, http: ModuleType = httpx) -> Any:
    """Return a reply as ``http``, which is httpx or has its interface, gives it to its caller."""
    return http.Response(
        reply.status,
        headers=reply.headers,
        stream=http.ByteStream(reply.body),
        request=request,
        extensions={"http_version": b"HTTP/1.1"},
    )
