"""The process that has the state file for several workers, and where they find it."""

from __future__ import annotations

import gc
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Self

from mock_sma.cli.output import complain
from mock_sma.errors import MockSmaError
from mock_sma.state.local.page import Page


class LogProcess:
    """A socket in a directory of this user's alone, for all lives of the process that answers there.

    Args:
        file: the state file.

    Attributes:
        path: of the socket.
        page: memory that it and the workers have together.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._directory = mkdtemp(prefix="mock-sma-log-")
        self.path = str(Path(self._directory, "log"))
        # While one process takes the place of another, who connects waits.
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen()
        self.page = Page()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""
        self._socket.close()
        rmtree(self._directory, ignore_errors=True)

    def work(self, life: int, news: int) -> int:
        """Be that process; return its exit status.

        Args:
            life: a pipe that ends with the process which looks after all.
            news: where it says that it is ready.
        """
        # Signals for all are the servers' affair: it ends after them, as they have something to say to it at their end.
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        from mock_sma.state.local.server import keep_log  # noqa: PLC0415 - only this process needs it

        gc.enable()
        try:
            keep_log(self._file, self.page, self._socket, life, lambda: _tell(news))
        except MockSmaError as error:
            complain(f"mock-sma: {error}")
            return 1
        rmtree(self._directory, ignore_errors=True)  # where who looked after all was killed, too
        return 0


def _tell(news: int) -> None:
    with suppress(BrokenPipeError):  # nobody waits for one that took another's place
        os.write(news, b"\n")
    os.close(news)
