"""One connection: requests are answered in their order, and every wait has an end.

A world answers a request at once, and without waiting for anything. So a request of the vendor API is answered where
its last byte is read, without a task, an event and three coroutines for it; one whose very bytes were read before is
not even read again (:attr:`mock_sma.api.vendor.Vendor.heard`). What is left goes the way of ASGI: the
control API, the console, the owner's portal, answers that a fault rule holds back or breaks, and those that have to be
simulated first, in a thread. Both roads begin with the same framing (:mod:`mock_sma.api.framing`) and end with the same
heads (:mod:`mock_sma.api.head`), and the application alone says which is taken
(:meth:`mock_sma.api.app.App.vendor_of`).

uvicorn runs the server: signals, TLS, the loop. Its own protocol closes connections whose bytes nobody has read yet and
takes a half-closed connection for a lost one, so it is not used. What is relied on of uvicorn: how it makes a protocol
(``config``, ``server_state``, ``app_state``), that it calls :meth:`Protocol.shutdown`, and the sets ``connections`` and
``tasks``. pyproject.toml bounds its version, and ``.ci/newest_uvicorn`` tries the newest one.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mock_sma.api.arrival import Arrival
from mock_sma.api.connection import Connection
from mock_sma.api.cycle import CONTINUE, Cycle, scope_of
from mock_sma.api.head import FAILURE, Refusal, parts_of_reply
from mock_sma.api.vendor import request_of
from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from uvicorn import Config
    from uvicorn.server import ServerState

    from mock_sma.api.cycle import Application
    from mock_sma.api.vendor import Answered, Vendor
    from mock_sma.sandbox.exchange import Request

_log = logging.getLogger("mock_sma.server")


class Protocol(Connection):
    """One connection, and who answers on it.

    Args:
        config: uvicorn's, as is what follows.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if not config.loaded:
            config.load()
        self.app: Application = config.loaded_app
        super().__init__(_loop or asyncio.get_running_loop(), server_state.connections)
        self.tasks = server_state.tasks
        self._app_state = app_state
        self._vendor_of: Callable[[str], Vendor | None] = getattr(self.app, "vendor_of", _nobody)
        self._heard: Mapping[bytes, Arrival] = {}
        """Requests that are known by their bytes to the API that has answered here."""

    def data_received(self, data: bytes) -> None:
        """Take bytes; what follows the last request is thrown away."""
        if self._is_idle and (known := self._heard.get(data)) is not None:
            self._answer(known)
            self._settle()
        elif not self._is_parting:
            self._read(data)

    def _read(self, data: bytes) -> None:
        """Make requests of bytes and answer them; know one that came alone by its bytes from now on."""
        is_first, begun, requests = self._is_idle, self._framer.count, self._framer.requests
        self._is_idle = False
        self._framer.feed(data)
        alone = requests[0] if is_first and requests and self._framer.count == begun + 1 else None
        self.go_on()
        if isinstance(alone, Arrival) and alone.vendor is not None and alone.is_bare and not self._is_parting:
            self._heard = alone.vendor.hear(data, alone)

    def eof_received(self) -> bool:
        """Go on answering what has arrived: only the client's side is closed (RFC 9293, section 3.6)."""
        self._is_half, self._is_idle = True, False
        cycle = self._cycle
        if cycle is not None and not cycle.request.is_whole:  # nor will it ever be
            cycle.end()
            self._cycle = None
        if not self._is_parting:
            self.go_on()
        return not self._is_parting

    def shutdown(self) -> None:
        """End with the server: what was sent is answered, and the last answer says that it is the last."""
        self._is_ending, self._is_idle = True, False
        if self._cycle is not None and not self._framer.requests:
            self._cycle.closing = True
        self._settle()

    def begun(self, request: Arrival) -> Refusal | None:
        """Tell the road of a request whose head is there; a refusal where it is for somebody else."""
        path = request.path.decode("ascii")
        request.vendor = self._vendor_of(unquote(path) if "%" in path else path)
        if request.vendor is not None:
            request.keep = MAX_BODY + 1
        return None

    def go_on(self) -> None:
        """Answer what can be answered, then wait for what has to come."""
        requests, cycle = self._framer.requests, self._cycle
        if cycle is not None and requests and isinstance(requests[0], Refusal) and not cycle.request.is_whole:
            cycle.refuse(requests[0])
        while requests and not (self._is_held or self._is_parting):
            request = requests[0]
            if isinstance(request, Refusal):
                self._refuse(request)
            elif request.vendor is None:
                requests.popleft()
                self._start(request, self.app)
            elif request.is_enough:
                requests.popleft()
                request.asked = self._request(request)
                self._answer(request)
            else:
                self._invite(request)
                break
        self._settle()

    def _is_last(self, request: Arrival) -> bool:
        return not request.keep_alive or (self._is_ending and not self._framer.requests)

    def _refuse(self, refusal: Refusal) -> None:
        if refusal.status not in (500, 503):  # which have been told of: a state that is away, once for all requests
            _log.warning("a request was refused with %d: %s", refusal.status, refusal.text)
        self.transport.write(refusal.answer())
        self._part()

    def _answer(self, came: Arrival) -> None:
        """Answer at once, unless it has to be simulated, or a fault rule or a state holds the answer back."""
        vendor, asked = came.vendor, came.asked
        assert vendor is not None
        try:
            answer = vendor.answer_at_once(asked)
            if answer is None:
                self._answer_later(came, vendor)
                return
            _, reply, hold = answer
            if reply.effect is not None or hold is not None:
                self._start(came, lambda scope, receive, send: vendor.send(answer, scope, receive, send))
                return
            closing = self._is_last(came)
            parts = parts_of_reply(reply, asked.method, closing=closing)
        except StateError as error:
            self._refuse(Refusal(503, str(error)))
        except Exception:  # noqa: BLE001 - answered 500
            _log.exception("an exception in the vendor API")
            self._refuse(FAILURE)
        else:
            self.transport.writelines(parts)
            if closing:
                self._part()

    def _answer_later(self, came: Arrival, vendor: Vendor) -> None:
        """Answer when it has been simulated, or when other servers have been heard."""
        asked = came.asked
        if vendor.shared is None:
            self._start(came, lambda scope, receive, send: vendor.answer_later(asked, scope, receive, send))
            return
        cycle = self._begin(came)
        vendor.ask(asked, lambda answer: self._give(cycle, vendor, answer))

    def _give(self, cycle: Cycle, vendor: Vendor, answer: Answered | Exception) -> None:
        if cycle.is_over:
            return
        if isinstance(answer, Exception):
            cycle.refuse(Refusal(503, str(answer)) if isinstance(answer, StateError) else FAILURE)
        elif answer[1].effect is not None:
            self._run(cycle, lambda scope, receive, send: vendor.send(answer, scope, receive, send))
        else:
            cycle.answer(answer[1])

    def _start(self, request: Arrival, app: Application) -> None:
        """Let an ASGI application answer."""
        self._run(self._begin(request), app)

    def _begin(self, request: Arrival) -> Cycle:
        """Have the next request wait for the answer to this one."""
        self._is_idle = False
        self._cycle = cycle = Cycle(self, request, closing=self._is_last(request))
        return cycle

    def _run(self, cycle: Cycle, app: Application) -> None:
        scope = scope_of(cycle.request, self.transport, self._scheme, self._app_state)
        task = self.loop.create_task(cycle.run(app, scope))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _invite(self, request: Arrival) -> None:
        if request.expects_continue:
            request.expects_continue = False
            self.transport.write(CONTINUE)

    def answered(self, *, closing: bool) -> None:
        """Go on with the next request, or close."""
        self._cycle = None
        if closing:
            self._part()
        else:
            self.go_on()

    def _request(self, sent: Arrival) -> Request:
        scheme = sent.scheme or self._scheme
        return request_of(sent.method, sent.path, sent.query, sent.fields, bytes(sent.body), scheme)


def _nobody(path: str) -> None:  # noqa: ARG001 - of an application that is not ours
    return None
