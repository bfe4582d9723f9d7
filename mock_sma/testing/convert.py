"""Between httpx's requests and replies and a world's own, with what fault rules do to them in process.

Nothing really waits: a delay longer than the client's read timeout raises at once, a shorter one moves the world's
clock. Under ``sma_time`` the program waits for either in emulated time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.faults import FaultKind
from mock_sma.http_library import httpx
from mock_sma.sandbox.exchange import SLOW_PIECES, Request
from mock_sma.testing.pauses import is_waited_for, let_pass

if TYPE_CHECKING:
    from types import ModuleType

    from mock_sma.sandbox.exchange import Effect, Reply
    from mock_sma.sandbox.sandbox import Sandbox


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
    return _response(reply, request, http, http.ByteStream(reply.body))


def answer(sandbox: Sandbox, request: Any, http: ModuleType = httpx) -> Any:
    """Return a world's answer to a request whose body has been read.

    Raises:
        ReadTimeout, ReadError, RemoteProtocolError: of ``http``, where a fault rule strikes.
    """
    reply = sandbox.handle(to_request(request))
    if reply.effect is None:
        return to_response(reply, request, http)
    seconds = (request.extensions.get("timeout") or {}).get("read")
    happen(sandbox, reply.effect, http, request, read_timeout=seconds)
    broken = broken_body(reply, reply.effect, http, request)
    if broken is None:
        return to_response(reply, request, http)
    return _response(reply, request, http, _broken(http, *broken))


def happen(
    sandbox: Sandbox, effect: Effect, http: ModuleType, request: Any = None, *, read_timeout: float | None = None
) -> None:
    """Let time pass as a rule says, and raise what comes before any byte of an answer.

    Args:
        read_timeout: longest wait of the client for the next bytes [s]; None: it waits for ever.
    """
    longest = max(effect.delay, effect.spread / SLOW_PIECES)
    if read_timeout is not None and longest > read_timeout:
        if is_waited_for(sandbox):
            let_pass(sandbox, read_timeout + (effect.delay if effect.delay <= read_timeout else 0.0))
        text = f"the answer comes after {longest:g} s; the client waits {read_timeout:g} s"
        raise http.ReadTimeout(text, request=request)
    if effect.delay or effect.spread:
        let_pass(sandbox, effect.delay + effect.spread)
    if effect.fault == FaultKind.CONNECTION_RESET:
        raise http.ReadError("[Errno 104] Connection reset by peer", request=request)
    if effect.fault == FaultKind.EMPTY_RESPONSE:
        raise http.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def broken_body(reply: Reply, effect: Effect, http: ModuleType, request: Any = None) -> tuple[bytes, Exception] | None:
    """Return the part of a body that arrives and what reading it ends with; None: the body is whole."""
    size = len(reply.body)
    if effect.fault == FaultKind.TRUNCATED_BODY:
        got, wanted = size // 2, max(size, 1)
    elif effect.fault == FaultKind.WRONG_CONTENT_LENGTH:
        got, wanted = size, size + 64
    else:
        return None
    text = f"peer closed connection without sending complete message body (received {got} bytes, expected {wanted})"
    return reply.body[:got], http.RemoteProtocolError(text, request=request)


def _broken(http: ModuleType, body: bytes, error: Exception) -> Any:
    """Return a stream, sync and async, that ends with an exception."""

    class BrokenStream(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc,name-defined]
        def __iter__(self) -> Any:
            yield body
            raise error

        async def __aiter__(self) -> Any:
            yield body
            raise error

    return BrokenStream()


def _response(reply: Reply, request: Any, http: ModuleType, stream: Any) -> Any:
    return http.Response(
        reply.status,
        headers=reply.headers,
        stream=stream,
        request=request,
        extensions={"http_version": b"HTTP/1.1"},
    )
