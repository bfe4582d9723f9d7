"""SIGTERM while forty clients are busy, on both roads, plain and pipelined: nothing is cut and nobody is reset."""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.facts import OWNER
from tests.server_process import PLAIN, serve

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.slow

CLIENTS = 40
DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-{month:02}-{day:02}"
PATHS = ("/v1/plants", "/_mock/clock", DAY.format(month=6, day=14), "/nothing", DAY)
"""Answered where they are read, by ASGI, from memory, with a refusal, and by a simulation in a thread."""


class Client:
    """Sends requests, one or a few at a time, and reads each answer whole, until the server closes.

    Attributes:
        answered: whole answers.
        problem: what went wrong.
        is_busy: set once it has got answers and goes on asking.
    """

    def __init__(self, number: int, bearer: str, ahead: int) -> None:
        self.answered = 0
        self.problem = ""
        self.is_busy = asyncio.Event()
        self._number, self._ahead = number, ahead
        self._rest = f"host: localhost\r\nauthorization: Bearer {bearer}\r\n\r\n"

    def _request(self, step: int) -> bytes:
        # A few ask for what is simulated, one after the other: all of it is answered within the grace of the end.
        known = len(PATHS) - (self._number % 10 != 0)
        path = PATHS[(self._number + step) % known]
        path = path.format(month=1 + step % 5, day=1 + (self._number + step // 5) % 28)
        return f"GET {path} HTTP/1.1\r\n{self._rest}".encode()

    async def run(self, port: int, context: ssl.SSLContext | None) -> None:
        """Ask until the server closes the connection, which it does behind a whole answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, limit=1 << 20)
        try:
            while True:
                writer.write(b"".join(self._request(self.answered + step) for step in range(self._ahead)))
                for _ in range(self._ahead):
                    if not await self._answer(reader):
                        return
        except (OSError, asyncio.IncompleteReadError) as error:
            self.problem = repr(error)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            self.problem = repr(error.partial) if error.partial else ""
            return False
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        self.answered += 1
        if self.answered > self._ahead:
            self.is_busy.set()
        return b"connection: close" not in head


async def busy_until_the_end(
    port: int, bearer: str, process: subprocess.Popen[str], context: ssl.SSLContext | None
) -> list[Client]:
    clients = [Client(number, bearer, 1 if number % 4 else 5) for number in range(CLIENTS)]
    started = asyncio.gather(*(client.is_busy.wait() for client in clients))
    asking = asyncio.gather(*(client.run(port, context) for client in clients))
    await started
    process.terminate()
    await asking
    return clients


@pytest.mark.parametrize("is_secure", [False, True])
def test_forty_busy_clients_get_whole_answers_and_no_reset(is_secure: bool, tmp_path: Path) -> None:
    more = ("--tls", "auto", "--tls-dir", str(tmp_path)) if is_secure else ()
    with serve(*more) as (process, ready):
        context = ssl.create_default_context(cafile=str(tmp_path / "ca.pem")) if is_secure else None
        with httpx.Client(base_url=ready["url"], trust_env=False, verify=context or PLAIN, timeout=30) as client:
            client.post(f"/_mock/consents/{quote(OWNER)}/accept", json={}).raise_for_status()
            form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
            bearer = client.post("/oauth2/token", data=form).json()["access_token"]
        clients = asyncio.run(busy_until_the_end(urlsplit(ready["url"]).port or 0, bearer, process, context))
        assert process.wait(timeout=10) == 0
    assert [client.problem for client in clients if client.problem] == []
