"""The application: control requests go to FastAPI, all else to the vendor API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.control import control_app
from mock_sma.api.guard import Guard
from mock_sma.api.vendor import Vendor
from mock_sma.scenario_file.library import SHIPPED

if TYPE_CHECKING:
    from mock_sma.api.vendor import Receive, Scope, Send
    from mock_sma.sandbox.worlds import Worlds
    from mock_sma.scenario_file import Library


class App:
    """The whole server as an ASGI application.

    Args:
        worlds: the worlds it serves.
        token: bearer token that the control API wants; None: only this machine's names may use it.
        allowed_hosts: further host names that the control API answers to.
        library: scenarios that can be loaded by name; by itself the shipped ones.
    """

    def __init__(
        self,
        worlds: Worlds,
        *,
        token: str | None = None,
        allowed_hosts: tuple[str, ...] = (),
        library: Library = SHIPPED,
    ) -> None:
        self.worlds = worlds
        self.guard = Guard(token, allowed_hosts)
        self.control = control_app(worlds, library)
        self.vendor = Vendor(worlds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its application."""
        if scope["type"] == "http":
            path: str = scope["path"]
            if path not in {"/", "/_mock"} and not path.startswith("/_mock/"):
                await self.vendor(scope, receive, send)
                return
            refusal = self.guard.refusal(dict(scope["headers"])) if path != "/" else None
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self.control(scope, receive, send)
