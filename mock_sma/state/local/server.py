"""The process that has the log of servers of one machine.

It carries out their commands in order; what those change that come together is one transaction.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from mock_sma.errors import StateError
from mock_sma.state.file import StateFile
from mock_sma.state.local.frames import Frames, Refused, frame
from mock_sma.state.local.log import SharedLog

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from mock_sma.state.local.page import Page

GRACE = 5.0
"""Longest time that servers may take to end when nobody looks after them any more [s]."""


def keep_log(path: Path, page: Page, sock: socket.socket, life: int, ready: Callable[[], None]) -> None:
    """Have the log of a state file until nobody needs it.

    Args:
        page: where servers see what it holds.
        sock: where servers connect; it listens.
        life: a pipe that ends with the process which looks after all of them.
        ready: called once commands are carried out.

    Raises:
        StateError: the file cannot be used.
    """
    file = StateFile.open(path)
    try:
        log = SharedLog(file, page)
        ready()
        asyncio.run(LogServer(log).serve(sock, life))
    finally:
        file.close()


class LogServer:
    """Carries out commands.

    Args:
        log: what they are of.
    """

    def __init__(self, log: SharedLog) -> None:
        self._log = log
        self._due: list[tuple[_Client, Any]] = []
        self.clients: set[_Client] = set()
        self.listeners: dict[_Client, int] = {}

    async def serve(self, sock: socket.socket, life: int) -> None:
        """Carry out commands until nobody is left who could have one."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        loop.add_reader(life, ended.set)
        server = await loop.create_unix_server(lambda: _Client(self), sock=sock)
        await ended.wait()
        loop.remove_reader(life)
        until = loop.time() + GRACE
        while self.clients and loop.time() < until:  # noqa: ASYNC110 - they end one by one
            await asyncio.sleep(0.01)
        server.close()

    def take(self, client: _Client, command: tuple[Any, ...]) -> None:
        """Carry out a command; it is answered when what it has changed is in the file."""
        name, *words = command
        if not self._due:
            asyncio.get_running_loop().call_soon(self._commit)
        if name == "hello":
            with suppress(StateError):  # it is told when it comes to the commit
                self._log.mend()
        if name == "listen":
            self.listeners[client] = words[0]
        self._due.append((client, self._done(name, words)))

    def _done(self, name: str, words: list[Any]) -> Any:
        if name in ("hello", "listen"):
            return "OK"
        # Another one's hello may mend the log before the commit: what was not carried out is refused all the same.
        return getattr(self._log, name)(*words) if self._log.problem is None else Refused(str(self._log.problem))

    def _commit(self) -> None:
        due, self._due = self._due, []
        calls, self._log.calls = self._log.calls, []
        try:
            self._log.commit()
        except StateError as error:
            for client, _ in due:
                client.send(Refused(str(error)))
            return
        for client, answer in due:
            client.send(answer)
        for caller in calls:
            for client, me in self.listeners.items():
                if me != caller:
                    client.send("call")


class _Client(asyncio.Protocol):
    def __init__(self, server: LogServer) -> None:
        self._server = server
        self._frames = Frames()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.clients.add(self)

    def data_received(self, data: bytes) -> None:
        self._frames.feed(data)
        while (command := self._frames.gets()) is not False:
            self._server.take(self, command)

    def connection_lost(self, _: Exception | None) -> None:
        self._server.clients.discard(self)
        self._server.listeners.pop(self, None)

    def send(self, value: Any) -> None:
        if not self._transport.is_closing():
            self._transport.write(frame(value))
