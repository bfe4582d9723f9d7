"""The log of servers of one machine, in threads of a test; each takes the place of a Redis server's."""

from __future__ import annotations

import os
import socket
from itertools import count
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from mock_sma.state.local import Page, server

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = "log://"

PAGES: dict[str, Page] = {}
"""The memory of each log, by its socket."""


class Logs:
    """Logs, each of a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._running: list[tuple[Thread, int]] = []

    def url(self) -> str:
        """Return where a state is that nobody has yet."""
        path = self._folder / f"{next(self._numbers)}.sqlite"
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(path.with_suffix(".sock")))
        sock.listen()
        life, end = os.pipe()
        ready = Event()
        page = PAGES[sock.getsockname()] = Page()
        thread = Thread(target=server.keep_log, args=(path, page, sock, life, ready.set))
        thread.start()
        self._running.append((thread, end))
        assert ready.wait(10)
        return f"{SCHEME}{path.with_suffix('.sock')}"

    def close(self) -> None:
        """End all of them."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(server, "GRACE", 0.0)  # a peer's connection outlives its loop
            for thread, end in self._running:
                os.close(end)
                thread.join()
