"""A Redis or Valkey server of a test's own, which keeps nothing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = shutil.which("valkey-server") or shutil.which("redis-server")

needs_redis = pytest.mark.skipif(PROGRAM is None, reason="needs a redis-server or valkey-server; .ci/run installs one")

_prefixes = count(1)


class Running(NamedTuple):
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]

    def url(self) -> str:
        """Return the URL of a state that nobody has yet."""
        return f"redis://127.0.0.1:{self.port}/0?prefix=test-{next(_prefixes)}"


@contextmanager
def redis(folder: Path, *options: str, port: int = 0) -> Iterator[Running]:
    """Run a server in a folder."""
    assert PROGRAM is not None
    port = port or free_port()
    command = [PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield Running(port, process)
        finally:
            process.kill()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    """Return once somebody listens: a server tells nothing that could be waited for."""
    until = time.monotonic() + 10.0
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the server does not listen"
        time.sleep(0.01)
