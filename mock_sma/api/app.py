"""The application: control requests go to FastAPI, all else to the vendor API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_sma.api.delivery import over_tcp, refuse
from mock_sma.api.head import Refusal
from mock_sma.api.host import host_problem
from mock_sma.api.keeping import keeping, sharing
from mock_sma.api.logs import log_exchange, logging_control
from mock_sma.api.metrics import Metrics
from mock_sma.api.paths import is_portal, is_vendor
from mock_sma.api.vendor import Vendor
from mock_sma.scenarios.library import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.api.delivery import Delivery, Receive, Scope, Send
    from mock_sma.api.guarded import Guarded
    from mock_sma.api.keeping import Application, Keeping, Shared
    from mock_sma.api.vendor import Observer
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds


class App:
    """The whole server as an ASGI application.

    Args:
        worlds: the worlds it serves.
        token: bearer token that the control API wants; None: only this machine's names may use it.
        allowed_hosts: further host names that the control API answers to.
        library: scenarios that can be loaded by name; by itself the shipped ones.
        deliver: sends replies that a fault rule has struck.
        access_log: whether each request is logged.
        keeper: keeps the worlds somewhere; None: they end with the process.
        observers: told of each exchange of the vendor API, besides metrics and log.
        shared: keeps them the same as those of other servers.

    Attributes:
        is_ending: asked by answers that go on and on, so that they stop with the server.
    """

    def __init__(
        self,
        worlds: Worlds,
        *,
        token: str | None = None,
        allowed_hosts: tuple[str, ...] = (),
        library: Library = SHIPPED,
        deliver: Delivery = over_tcp,
        access_log: bool = False,
        keeper: Keeping | None = None,
        observers: tuple[Observer, ...] = (),
        shared: Shared | None = None,
    ) -> None:
        self.worlds = worlds
        self.metrics = Metrics()
        own = (self.metrics.observe, log_exchange) if access_log else (self.metrics.observe,)
        self.vendor = Vendor(worlds, deliver, (*own, *observers))
        self.vendor.keeper = self._keeper = keeper
        self.vendor.shared = self._shared = shared
        self._access_log = access_log
        self.is_ending: Callable[[], bool] = bool
        self._guarded_by = (token, allowed_hosts)
        self._library = library
        self._control: Guarded | None = None
        self._loading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its application."""
        if scope["type"] == "http":
            problem = host_problem(scope["headers"], scope["http_version"])
            if problem is not None:
                await refuse(Refusal(400, problem), self._logged(scope, send))
                return
            vendor = self.vendor_of(scope["path"])
            if vendor is None and is_portal(scope["path"]):
                if await self._is_refused(scope, receive, send):
                    return
                vendor = self.vendor
            if vendor is not None:
                await vendor(scope, receive, send)
                return
        control = self._control or await self.prepare()
        await self._kept(control)(scope, receive, self._logged(scope, send))

    def _kept(self, control: Guarded) -> Application:
        if self._shared is not None:
            return sharing(self._shared, control)
        return control if self._keeper is None else keeping(self._keeper, control)

    def vendor_of(self, path: str) -> Vendor | None:
        """Return the vendor API where a path (decoded) is its own and open to everybody: it waits for nothing.

        None: the control API's, or the owner's portal's, which is behind the same guard.
        """
        return self.vendor if is_vendor(path) and not is_portal(path) else None

    def _logged(self, scope: Scope, send: Send) -> Send:
        return logging_control(scope, send) if self._access_log else send

    async def _is_refused(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Refuse the owner's portal to whom the control API is refused; the code flow's pages are for everybody."""
        control = self._control or await self.prepare()
        headers = dict(scope["headers"])
        refusal = control.guard.refusal(headers, scope["method"])
        if refusal is not None:
            if refusal.status_code == 401 and scope["method"] == "GET" and is_browser(headers):
                refusal = control.to_login(scope)
            await refusal(scope, receive, self._logged(scope, send))
        return refusal is not None

    async def prepare(self) -> Guarded:
        """Load the control API, in a thread, so that the vendor API answers meanwhile."""
        async with self._loading:
            if self._control is None:
                return await asyncio.to_thread(self.load)
            return self._control

    def load(self) -> Guarded:
        """Load the control API; where others wait for a change by hand, with all that the first one needs."""
        # FastAPI costs more time than all else together: a server is ready without it, and loads it right after.
        from mock_sma.api.guarded import Guarded  # noqa: PLC0415 - see above

        guarded = Guarded(self.worlds, self._library, self.metrics, *self._guarded_by)
        guarded.control.state.is_ending = self._ends
        if self._shared is not None:
            guarded.warm()
        self._control = guarded
        return guarded

    def _ends(self) -> bool:
        return self.is_ending()


def is_browser(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether a request asks for a page, as browsers do when they open an address; programs do not."""
    return b"text/html" in headers.get(b"accept", b"").lower()
