"""The same request by every library that Python programs use; each is set up before a fixture lives."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3
import uvloop
import yarl

from tools import apart

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

AUTH, API = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de"
TOKEN, PLANTS = f"{AUTH}/oauth2/token", f"{API}/monitoring/v1/plants"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
TIMEOUT = 20.0
FAREWELL = 0.01
"""Time that a loop needs to close connections under TLS, which libraries leave to it [s]."""
niquests = apart.imported("niquests")


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Question:
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    timeout: float = TIMEOUT


def token() -> Question:
    """Return the request for a token."""
    return Question("POST", TOKEN, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(FORM).encode())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


REQUESTS = requests.Session()
NO_COOKIES = DefaultCookiePolicy(allowed_domains=[])
"""Clients that live on would take them from one test to the next."""

HTTPX, HTTPX2 = httpx.Client(cookies=CookieJar(NO_COOKIES)), httpx2.Client(cookies=CookieJar(NO_COOKIES))
NIQUESTS = niquests.Session()
for session in (REQUESTS, NIQUESTS):
    session.cookies.set_policy(NO_COOKIES)
CONTEXT = ssl.create_default_context()
"""Reading the authorities that a system trusts takes longer than a request."""
URLLIB3 = urllib3.PoolManager(retries=False)
OPENER = urllib.request.build_opener(_NoRedirect)


def by_requests(ask: Question) -> Answer:
    got = REQUESTS.request(
        ask.method, ask.url, headers=dict(ask.headers), data=ask.body, timeout=ask.timeout, allow_redirects=False
    )
    return Answer(got.status_code, list(got.headers.items()), got.content)


def by_niquests(ask: Question) -> Answer:
    got = NIQUESTS.request(
        ask.method, ask.url, headers=dict(ask.headers), data=ask.body, timeout=ask.timeout, allow_redirects=False
    )
    return Answer(got.status_code, list(got.headers.items()), got.content)


def by_urllib3(ask: Question) -> Answer:
    got = URLLIB3.request(
        ask.method, ask.url, headers=dict(ask.headers), body=ask.body, timeout=ask.timeout, redirect=False
    )
    return Answer(got.status, list(got.headers.items()), got.data)


def by_urllib(ask: Question) -> Answer:
    request = urllib.request.Request(ask.url, ask.body, dict(ask.headers), method=ask.method)  # noqa: S310 - https
    try:
        with OPENER.open(request, timeout=ask.timeout) as got:
            return Answer(got.status, got.getheaders(), got.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, list(error.headers.items()), error.read())


def by_http_client(ask: Question) -> Answer:
    parts = urlsplit(ask.url)
    connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, timeout=ask.timeout)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(ask.method, target, ask.body, dict(ask.headers))
        got = connection.getresponse()
        return Answer(got.status, got.getheaders(), got.read())
    finally:
        connection.close()


def by_httpx(ask: Question) -> Answer:
    got = HTTPX.request(ask.method, ask.url, headers=ask.headers, content=ask.body, timeout=ask.timeout)
    return Answer(got.status_code, got.headers.multi_items(), got.content)


def by_httpx2(ask: Question) -> Answer:
    got = HTTPX2.request(ask.method, ask.url, headers=ask.headers, content=ask.body, timeout=ask.timeout)
    return Answer(got.status_code, got.headers.multi_items(), got.content)


async def in_httpx(ask: Question) -> Answer:
    async with httpx.AsyncClient(verify=CONTEXT) as client:
        got = await client.request(ask.method, ask.url, headers=ask.headers, content=ask.body, timeout=ask.timeout)
        return Answer(got.status_code, got.headers.multi_items(), got.content)


async def in_httpx2(ask: Question) -> Answer:
    async with httpx2.AsyncClient(verify=CONTEXT) as client:
        got = await client.request(ask.method, ask.url, headers=ask.headers, content=ask.body, timeout=ask.timeout)
        return Answer(got.status_code, got.headers.multi_items(), got.content)


async def in_niquests(ask: Question) -> Answer:
    async with niquests.AsyncSession() as client:
        got = await client.request(
            ask.method, ask.url, headers=dict(ask.headers), data=ask.body, timeout=ask.timeout, allow_redirects=False
        )
        return Answer(got.status_code, list(got.headers.items()), got.content)


async def in_aiohttp(ask: Question) -> Answer:
    longest = aiohttp.ClientTimeout(total=ask.timeout)
    async with (
        aiohttp.ClientSession(timeout=longest) as session,
        session.request(
            ask.method, yarl.URL(ask.url, encoded=True), headers=ask.headers, data=ask.body, allow_redirects=False
        ) as got,
    ):
        return Answer(got.status, list(got.headers.items()), await got.read())


SYNC: dict[str, Callable[[Question], Answer]] = {
    "requests": by_requests,
    "niquests": by_niquests,
    "urllib3": by_urllib3,
    "urllib.request": by_urllib,
    "http.client": by_http_client,
    "httpx": by_httpx,
    "httpx2": by_httpx2,
}
ASYNC: dict[str, Callable[[Question], Awaitable[Answer]]] = {
    "httpx": in_httpx,
    "httpx2": in_httpx2,
    "aiohttp": in_aiohttp,
    "niquests": in_niquests,
}


def _run(loop: Callable[[], asyncio.AbstractEventLoop], ask: Callable[[Question], Awaitable[Answer]]) -> Any:
    async def go(question: Question) -> Answer:
        try:
            return await ask(question)
        finally:
            await asyncio.sleep(FAREWELL)

    def run(question: Question) -> Answer:
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(go(question))

    return run


def in_every_loop(
    asks: Mapping[str, Callable[[Question], Awaitable[Answer]]],
) -> dict[str, Callable[[Question], Answer]]:
    """Return what asks in a loop of its own, of asyncio and of uvloop."""
    loops = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
    return {f"{name} in {loop}": _run(made, ask) for loop, made in loops.items() for name, ask in asks.items()}


LIBRARIES: dict[str, Callable[[Question], Answer]] = SYNC | in_every_loop(ASYNC)
