"""What a browser does with a page, without one: links, forms with their secret, texts to copy."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from html import unescape
from typing import TYPE_CHECKING, Any

import httpx

from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mock_sma.sandbox.sandbox import Sandbox

ORIGIN = "http://127.0.0.1:8080"


class Browser:
    """A visitor of the console."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, **query: str) -> httpx.Response:
        return await self.http.get(path, params=query or None, follow_redirects=True)

    async def csrf(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', (await self.get(path)).text)
        assert found is not None, f"no form on {path}"
        return found[1]

    async def post(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Send a form of ``page`` as a browser does, and follow where it leads."""
        data = {"csrf": await self.csrf(page), "back": page} | fields
        return await self.http.post(
            f"/_mock/console/{action}", data=data, headers={"origin": ORIGIN}, follow_redirects=True
        )


@asynccontextmanager
async def browser(world: Sandbox, **options: Any) -> AsyncIterator[Browser]:
    transport = httpx.ASGITransport(App(Worlds(world), **options))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        yield Browser(http)


def code_of(page: str, language: str) -> str:
    """Return the text to copy in a language, as the browser's clipboard would get it."""
    found = re.search(rf'<code data-language="{language}">(.*?)</code>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])
