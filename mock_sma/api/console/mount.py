"""Where the console stands, and its late beginning: templates are loaded by the first page, not by the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mock_sma.api.login import LOCKED

if TYPE_CHECKING:
    from mock_sma.api.delivery import Receive, Scope, Send
    from mock_sma.api.login import Login
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds

PLACE = re.compile(r"/_mock(?:/worlds/[^/]+)?/console(?:/.*)?", re.DOTALL)


def is_console(path: str) -> bool:
    """Tell whether a path is one of the console's, of any world."""
    return PLACE.fullmatch(path) is not None


class Console:
    """The console as an ASGI application that costs nothing until it is asked for."""

    def __init__(self, worlds: Worlds, library: Library, login: Login) -> None:
        self._worlds = worlds
        self._library = library
        self._login = login
        self._app: object = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send, *, locked: bool = False) -> None:
        """Answer one request; a locked one gets the login page."""
        # Jinja2 and the pages take 60 ms and 6 MB that a server without visitors need not pay.
        from mock_sma.api.console.app import console_app  # noqa: PLC0415 - see above

        if self._app is None:
            self._app = console_app(self._worlds, self._library, self._login)
        scope[LOCKED] = locked
        await self._app(scope, receive, send)  # type: ignore[operator]
