"""The application: control requests go to FastAPI, all else to the vendor API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.control import control_app
from mock_sma.api.vendor import Vendor

if TYPE_CHECKING:
    from mock_sma.api.vendor import Receive, Scope, Send
    from mock_sma.sandbox.worlds import Worlds


class App:
    """The whole server as an ASGI application.

    Args:
        worlds: the worlds it serves.
    """

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.control = control_app(worlds)
        self.vendor = Vendor(worlds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its application."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if not (path.startswith("/_mock") or path == "/"):
                await self.vendor(scope, receive, send)
                return
        await self.control(scope, receive, send)
