"""An application that hands each request on, and writes it down with its answer (``mock-sma record``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.clock import system_time
from mock_sma.http_library import httpx
from mock_sma.sandbox.hosts import SMA_HOSTS, name_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from mock_sma.archive.exchange import Pairs
    from mock_sma.archive.writing import ArchiveWriter

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

MAX_BODY = 64 * 1024 * 1024
"""Largest body that is handed on [bytes]."""

TIMEOUT = httpx.Timeout(60.0, connect=20.0)

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"host",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers between two neighbours alone (RFC 9110, section 7.6.1), and the host, which is named anew."""

RECODED = frozenset({b"content-encoding", b"content-length"})
"""What no longer holds for a body that has been decoded."""


class Forwarder:
    """Hands requests on to SMA, or to another server, and writes them down.

    Args:
        writer: takes the exchanges.
        upstream: origin that all requests go to, such as ``http://127.0.0.1:8080``; None: the SMA host that each names.
    """

    def __init__(self, writer: ArchiveWriter, upstream: str | None) -> None:
        self._writer = writer
        self._upstream = None if upstream is None else upstream.rstrip("/")
        self._client: httpx.AsyncClient | None = None
        self.is_ending: Callable[[], bool] = bool

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer a request with what the other server answers."""
        host = name_of(dict(scope["headers"]).get(b"host", b"").decode("latin-1"))
        body = await _whole(receive)
        if body is None:
            await _refuse(send, 413, f"a body of more than {MAX_BODY} bytes is not handed on")
        elif self._upstream is None and host not in SMA_HOSTS:
            text = (
                "mock-sma record is a proxy for SMA's hosts (HTTPS_PROXY); to ask it like a server, give it --upstream"
            )
            await _refuse(send, 421, text)
        else:
            await self._hand_on(scope, host, body, send)

    async def _hand_on(self, scope: Any, host: str, body: bytes, send: Send) -> None:
        asked = scope["raw_path"].decode("latin-1") + (
            f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        )
        is_smas = host in SMA_HOSTS
        origin = self._upstream or f"https://{host}"
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in HOP_BY_HOP]
        if is_smas:  # another emulator tells by it what is asked
            headers.append((b"host", host.encode()))
        client = self._client = self._client or httpx.AsyncClient(
            timeout=TIMEOUT, trust_env=False, follow_redirects=False
        )
        begun = system_time()
        try:
            answer = await client.request(scope["method"], f"{origin}{asked}", headers=headers, content=body)
        except httpx.HTTPError as error:
            await _refuse(send, 502, f"no answer from {origin}: {error or type(error).__name__}")
            return
        exchange = ArchivedExchange(
            method=scope["method"],
            url=f"https://{host}{asked}" if is_smas else f"{origin}{asked}",
            status=answer.status_code,
            started=datetime.fromtimestamp(begun, UTC).isoformat(timespec="milliseconds"),
            request_headers=_texts(scope["headers"]),
            request_body=body.decode("utf-8", "replace"),
            headers=_texts(answer.headers.raw),
            body=answer.content,
        )
        self._writer.write(exchange, 1_000.0 * (system_time() - begun))
        dropped = HOP_BY_HOP | RECODED
        kept = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in dropped]
        is_bodiless = scope["method"] == "HEAD" or answer.status_code in (204, 304)
        length = [] if is_bodiless else [(b"content-length", str(len(answer.content)).encode())]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": [*kept, *length]})
        await send({"type": "http.response.body", "body": b"" if is_bodiless else answer.content})


def _texts(headers: list[tuple[bytes, bytes]]) -> Pairs:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


async def _whole(receive: Receive) -> bytes | None:
    """Return a request's body; None: it is too large."""
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return body


async def _refuse(send: Send, status: int, text: str) -> None:
    body = f"{text}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
