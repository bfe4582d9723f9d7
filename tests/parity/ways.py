"""Ways to a world: in process, over ASGI, over a socket into this process, and into another one."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.seeding import key, uniform
from mock_sma.testing import SandboxTransport, asgi_app, router
from tests.facts import NOW
from tests.parity.stories import STORIES, Ask, Do
from tests.server_process import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from mock_sma.domain.scenario import Scenario
    from mock_sma.testing import LiveServer
    from tests.parity.stories import Story

SEED = 11


class Outcome(NamedTuple):
    """What a client saw of one request: an answer, or the name of an exception."""

    status: int | None
    headers: list[tuple[bytes, bytes]]
    body: bytes
    error: str | None = None


class Told(NamedTuple):
    """What a story came to: outcomes, and the journal."""

    outcomes: list[Outcome]
    journal: list[dict[str, Any]]


def document(story: Story) -> dict[str, Any]:
    """Return the whole scenario of a story, its start and seed included."""
    return {"now": NOW, "seed": SEED, **story.scenario}


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(document(STORIES[name]))


def world(story: Story) -> Sandbox:
    return Sandbox(scenario(story.tell.__name__))


def outcome(answer: httpx.Response | Exception) -> Outcome:
    if isinstance(answer, Exception):
        return Outcome(None, [], b"", type(answer).__name__)
    # The names' case is the transport's: h11 keeps it, a raw ASGI list has it in lower case already.
    headers = [(name.lower(), value) for name, value in answer.headers.raw]
    return Outcome(answer.status_code, headers, answer.content)


def journal(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(entry, name) for name in ("id", "method", "host", "path", "query", "status")},
            "client_id": entry.client_id,
            "operation": entry.operation,
            "traceparent": entry.traceparent or None,
            "why": [step.as_dict() for step in entry.why.steps],
        }
        for entry in sandbox.requests
    ]


def act(sandbox: Sandbox, deed: Do) -> None:
    """Let something happen to a world of this process."""
    if deed.verb == "advance":
        sandbox.clock.advance(seconds=deed.argument)
    elif deed.verb == "fault":
        sandbox.faults.add(deed.argument)
    elif deed.verb == "reset":
        sandbox.reset()
    else:
        getattr(sandbox.consents, deed.verb)(deed.argument)


def turns(story: Story, do: Callable[[Do], None]) -> Generator[Ask, httpx.Response | httpx.HTTPError, list[Outcome]]:
    """Tell a story: give each request, take its answer or error, and return all outcomes."""
    outcomes: list[Outcome] = []
    script = story.tell()
    answer: httpx.Response | None = None
    while True:
        try:
            item = script.send(answer)
        except StopIteration:
            return outcomes
        answer = None
        if isinstance(item, Do):
            do(item)
        else:
            came = yield item
            outcomes.append(outcome(came))
            answer = came if isinstance(came, httpx.Response) else None


def tell(story: Story, send: Callable[[Ask], httpx.Response], do: Callable[[Do], None]) -> list[Outcome]:
    """Tell a story to a synchronous client."""
    told = turns(story, do)
    try:
        ask = next(told)
        while True:
            try:
                came: httpx.Response | httpx.HTTPError = send(ask)
            except httpx.HTTPError as error:
                came = error
            ask = told.send(came)
    except StopIteration as end:
        return list(end.value)


async def tell_async(story: Story, client: httpx.AsyncClient, do: Callable[[Do], None]) -> list[Outcome]:
    """Tell a story to an asynchronous client: each request is awaited in the thread of the loop."""
    told = turns(story, do)
    try:
        ask = next(told)
        while True:
            try:
                came: httpx.Response | httpx.HTTPError = await client.request(ask.method, ask.url, **ask.more)
            except httpx.HTTPError as error:
                came = error
            ask = told.send(came)
    except StopIteration as end:
        return list(end.value)


def plain(client: httpx.Client) -> Callable[[Ask], httpx.Response]:
    return lambda ask: client.request(ask.method, ask.url, **ask.more)


def by_respx(story: Story) -> Told:
    sandbox = world(story)
    with router(sandbox), httpx.Client(verify=False) as client:  # noqa: S501 - nothing is connected
        return Told(tell(story, plain(client), lambda deed: act(sandbox, deed)), journal(sandbox))


def by_respx_async(story: Story) -> Told:
    sandbox = world(story)

    async def go() -> list[Outcome]:
        with router(sandbox):
            async with httpx.AsyncClient(verify=False) as client:  # noqa: S501 - nothing is connected
                return await tell_async(story, client, lambda deed: act(sandbox, deed))

    return Told(asyncio.run(go()), journal(sandbox))


def by_transport(story: Story) -> Told:
    sandbox = world(story)
    with httpx.Client(transport=SandboxTransport(sandbox)) as client:
        return Told(tell(story, plain(client), lambda deed: act(sandbox, deed)), journal(sandbox))


def by_asgi(story: Story) -> Told:
    sandbox = world(story)

    async def go() -> list[Outcome]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi_app(sandbox))) as client:
            return await tell_async(story, client, lambda deed: act(sandbox, deed))

    return Told(asyncio.run(go()), journal(sandbox))


class ToLoopback(httpx.HTTPTransport):
    """Connects to ports of this machine, by turns, whatever host is asked for; the Host header keeps SMA's name."""

    def __init__(self, *ports: int) -> None:
        super().__init__(verify=False)
        self.ports = ports
        self.asked = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        port = self.ports[int(uniform(key(SEED, "port"), self.asked) * len(self.ports))]
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
        return super().handle_request(
            httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
        )


def by_socket(story: Story, server: LiveServer) -> Told:
    """Tell a story over a socket into a world of this process."""
    sandbox = world(story)
    server.serve(sandbox)
    with httpx.Client(transport=ToLoopback(server.port)) as client:
        return Told(tell(story, plain(client), lambda deed: act(sandbox, deed)), journal(sandbox))


def by_url(story: Story, *urls: str) -> Told:
    """Tell a story to the default world of another process, or container, and its control API.

    Of several ones, which share a world, each request goes to any.
    """
    ports = [port for url in urls if (port := httpx.URL(url).port) is not None]
    with (
        httpx.Client(base_url=f"{urls[0]}/_mock", transport=ToLoopback(*ports), timeout=PATIENCE) as control,
        httpx.Client(transport=ToLoopback(*ports), timeout=PATIENCE) as client,
    ):

        def ask(method: str, path: str, **more: Any) -> httpx.Response:
            answer = control.request(method, path, **more)
            assert answer.is_success, answer.text
            return answer

        def do(deed: Do) -> None:
            if deed.verb == "advance":
                ask("POST", "/clock/advance", json={"seconds": deed.argument})
            elif deed.verb == "fault":
                ask("POST", "/faults", json=deed.argument)
            elif deed.verb == "reset":
                ask("POST", "/reset")
            else:
                ask("POST", f"/consents/{deed.argument}/{deed.verb}")

        ask("PUT", "/scenario", json=document(story))
        outcomes = tell(story, plain(client), do)
        entries = ask("GET", "/requests", params={"limit": 2_000}).json()
    told = [{k: v for k, v in entry.items() if k not in ("at", "server")} for entry in reversed(entries)]
    return Told(outcomes, told)
