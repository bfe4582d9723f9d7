"""The control API and the console behind their guard."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from mock_sma import scenarios  # its names one by one would load all that reads and writes documents
from mock_sma.api.admission import bounded, unfit
from mock_sma.api.console.mount import Console, is_console
from mock_sma.api.control import control_app, read_routes
from mock_sma.api.guard import AccessGuard
from mock_sma.api.login import Login
from mock_sma.api.paths import ICON

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.delivery import Receive, Scope, Send
    from mock_sma.api.metrics import Metrics
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds

LOGIN = "/_mock/console/"
"""Any page of the console is the login to whom it does not know."""

OPEN = frozenset({"/", ICON})
"""Paths that tell nothing and need no guard."""


class Guarded:
    """The control API and the console as an ASGI application that refuses whom it must not answer.

    Args:
        worlds: the worlds it controls.
        library: scenarios that can be loaded by name.
        metrics: counters that it shows.
        token: bearer token that it wants; None: the Host decides.
        allowed_hosts: host names that it answers to, besides this machine's.
    """

    def __init__(
        self, worlds: Worlds, library: Library, metrics: Metrics, token: str | None, allowed_hosts: tuple[str, ...]
    ) -> None:
        login = Login(token)
        self.guard = AccessGuard(token, allowed_hosts, login)
        self.control = control_app(worlds, library, metrics)
        self.console = Console(worlds, library, login)

    def warm(self) -> None:
        """Do what the first requests would have to wait for."""
        read_routes()
        # The shipped one: a user's of that name may have mistakes.
        scenarios.parse_wish(b'{"name": "sandbox"}', format="json")

    @staticmethod
    def to_login(scope: Scope) -> Response:
        """Return the way to the console's login, which leads back to the page that was asked for."""
        query = scope["query_string"].decode("latin-1")
        here = scope["raw_path"].decode("latin-1").partition("?")[0] + (f"?{query}" if query else "")
        return RedirectResponse(f"{LOGIN}?{urlencode({'back': here})}", 303)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "http" and scope["path"] not in OPEN:
            refusal = self.guard.refusal(dict(scope["headers"]), scope["method"])
            if is_console(scope["path"]) and (refusal is None or refusal.status_code == 401):
                await self.console(scope, receive, send, locked=refusal is not None)
                return
            refusal = refusal or unfit(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
            receive = bounded(scope, receive)
        await self.control(scope, receive, send)
