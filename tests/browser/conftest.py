"""Chromium for the browser tests: one browser per session, one context per page, axe-core, pictures.

The executable is ``MOCK_SMA_CHROMIUM``, else the ``chromium`` of the PATH. Without one the tests fail.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import expect, sync_playwright

from mock_sma.testing.live import LiveServer
from tests.browser_helpers import WIDE, new_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

ARGUMENTS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-sandbox"),
)


PATIENCE = 60_000
"""How long a page may take for anything [ms]: a machine that does other work is slow."""

expect.set_options(timeout=PATIENCE)


class OpenPage(Protocol):
    """Opens a page in a context of its own, with its own cookies."""

    def __call__(
        self, *, locale: str = "en-GB", scheme: str = "light", width: int = WIDE, javascript: bool = True
    ) -> Page: ...


def executable() -> str:
    """Return Chromium's path.

    Raises:
        pytest.fail.Exception: there is none.
    """
    found = os.environ.get("MOCK_SMA_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("browser tests need Chromium: install it, or name its executable with MOCK_SMA_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens pages that are closed with the test."""
    with ExitStack() as stack:

        def opened(*, locale: str = "en-GB", scheme: Any = "light", width: int = WIDE, javascript: bool = True) -> Page:
            context = chromium.new_context(
                locale=locale,
                color_scheme=scheme,
                viewport={"width": width, "height": 800},
                java_script_enabled=javascript,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        yield opened


@pytest.fixture(scope="session")
def one_server() -> Iterator[LiveServer]:
    """The one server of the session."""
    with LiveServer(new_world()) as server:
        yield server


@pytest.fixture
def served(one_server: LiveServer) -> LiveServer:
    """The server with a fresh world; ``.sandbox`` is the world, ``.serve(world)`` another one."""
    one_server.serve(new_world())
    return one_server


@pytest.fixture
def visit(served: LiveServer, open_page: OpenPage) -> Iterator[Callable[..., Page]]:
    """Opens a page of the console; what is not of this very server is refused, and makes the test fail as errors do."""
    wrong: list[str] = []

    def opened(path: str = "") -> Page:
        page = open_page()

        def foreign(route: Route) -> None:
            wrong.append(f"not from here: {route.request.url}")
            route.abort()

        page.route(lambda url: not url.startswith((served.url, "data:")), foreign)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(f"{served.url}/_mock/console/{path}")
        return page

    yield opened
    assert wrong == []


class _Callback(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><html lang=en><title>Application</title><h1>Back in the application</h1></html>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="session")
def application() -> Iterator[str]:
    """The redirect URI of an application that really listens, on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Callback) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}/callback"
        server.shutdown()
        thread.join(10)
