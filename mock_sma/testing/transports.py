"""A world as the transport of one client, and as an ASGI application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mock_sma.errors import UsageError
from mock_sma.http_library import httpx
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing.convert import answer, broken_body, happen
from mock_sma.testing.pauses import waited
from mock_sma.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import ModuleType

    from mock_sma.api.delivery import Receive, Scope, Send
    from mock_sma.sandbox.exchange import Effect, Reply
    from mock_sma.sandbox.sandbox import Sandbox

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def _handler(sandbox: Sandbox, http: ModuleType) -> Callable[[Any], Any]:
    def handle(request: Any) -> Any:
        if request.url.host.lower() not in SMA_HOSTS:
            raise UsageError(f"{request.url.host} is not one of SMA's hosts; use {', '.join(SMA_HOSTS)}")
        return answer(sandbox, request, http)

    return handle


class _Taking:
    """What a transport has over the library's own: requests of asynchronous clients take turns."""

    handler: Callable[[Any], Any]
    _turns: Turns

    async def handle_async_request(self, request: Any) -> Any:
        """Answer a request of an asynchronous client."""
        await request.aread()
        return await self._turns.let(lambda: self.handler(request))


class SandboxTransport(_Taking, httpx.MockTransport):
    """An httpx transport, sync and async, whose every answer comes from a world.

    Args:
        sandbox: the world.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(_handler(sandbox, httpx))
        self._turns = Turns(sandbox)


def transport(sandbox: Sandbox, http: ModuleType = httpx) -> Any:
    """Return a transport of ``http``, sync and async, whose every answer comes from a world.

    Args:
        sandbox: the world.
        http: the client library: ``httpx``, or one with its interface, such as ``httpx2``.
    """
    kind = type("SandboxTransport", (_Taking, http.MockTransport), {"_turns": Turns(sandbox)})
    return kind(_handler(sandbox, http))


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer for a library that is not httpx.

    Attributes:
        headers: names in lower case; the last one of a repeated header.
    """

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    sandbox: Sandbox,
    method: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | str = b"",
    *,
    timeout: float | None = None,
) -> Asked:
    """Ask a world in the name of a client that is not httpx, such as one behind ``responses`` or ``aioresponses``.

    Args:
        timeout: the timeout of the client [s]; None: it waits for ever.

    Raises:
        TimeoutError: a fault rule holds the answer back for longer than that.
        ConnectionError: a fault rule breaks the connection, or the body in the middle.
    """
    parts = urlsplit(url)
    request = Request(
        method=method.upper(),
        path=parts.path or "/",
        query=parts.query,
        headers={name.lower().encode(): value.encode() for name, value in (headers or {}).items()},
        body=body.encode() if isinstance(body, str) else body,
        host=(parts.hostname or "").lower(),
        scheme=parts.scheme,
    )
    reply = sandbox.handle(request)
    if reply.effect is not None:
        try:
            happen(sandbox, reply.effect, httpx, read_timeout=timeout)
        except httpx.ReadTimeout as error:
            raise TimeoutError(str(error)) from None
        except httpx.HTTPError as error:
            raise ConnectionError(str(error)) from None
        if (broken := broken_body(reply, reply.effect, httpx)) is not None:
            raise ConnectionError(str(broken[1]))
    return Asked(reply.status, {name.decode(): value.decode("latin-1") for name, value in reply.headers}, reply.body)


def asgi_app(sandbox: Sandbox) -> Application:
    """Return the whole server, control API included, as an ASGI application over one world."""
    # FastAPI is a quarter of a second of import.
    from mock_sma.api.app import App  # noqa: PLC0415 - see above
    from mock_sma.worlds.worlds import Worlds  # noqa: PLC0415 - see above

    app, turns = App(Worlds(sandbox), deliver=_in_process), Turns(sandbox)

    async def taking(scope: Scope, receive: Receive, send: Send) -> None:
        await turns.take()
        await app(scope, receive, send)
        await turns.take()

    return taking


async def _in_process(
    world: Sandbox,
    reply: Reply,
    effect: Effect,
    scope: Scope,  # noqa: ARG001 - Delivery's
    receive: Receive,  # noqa: ARG001 - Delivery's
    send: Send,
) -> None:
    """Do to a reply what a fault rule says, without waiting; httpx lets its exceptions through to the caller."""
    from mock_sma.api.delivery import send_whole  # noqa: PLC0415 - as in asgi_app

    await waited(lambda: happen(world, effect, httpx))
    broken = broken_body(reply, effect, httpx)
    if broken is not None:
        raise broken[1]
    await send_whole(reply, send)
