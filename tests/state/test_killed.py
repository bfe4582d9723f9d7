"""A server that is killed under load has lost nothing that it had answered (SIGKILL, again and again).

By hand: MOCK_SMA_KILLS=1000 pytest tests/state/test_killed.py
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mock_sma.seeding import DEFAULT_SEED, key, uniform
from tests.server_process import PATIENCE, environment, get

KILLS = int(os.environ.get("MOCK_SMA_KILLS", "4"))
OWNER = "apiTestUser@apiSandbox.com"
FORM = "grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
PLANTS = "/monitoring/v1/plants"


class Told:
    """What clients were told, over all lives of the server."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.tokens: list[str] = []
        self.answers = 0


async def ask(port: int, method: str, path: str, body: str, kind: str) -> tuple[dict[bytes, bytes], bytes]:
    """Send one request; raises where no whole answer comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        raw = await reader.readuntil(b"\r\n\r\n")
        lines = raw.split(b"\r\n")
        assert lines[0].split()[1] in (b"200", b"201"), raw
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
        return headers, await reader.readexactly(int(headers[b"content-length"]))
    finally:
        writer.close()


async def tokens(port: int, told: Told) -> None:
    while True:
        headers, body = await ask(port, "POST", "/oauth2/token", FORM, "application/x-www-form-urlencoded")
        told.ids.append(headers[b"x-mock-sma-request-id"].decode())
        told.tokens.append(json.loads(body)["access_token"])


async def answers(port: int, told: Told) -> None:
    while True:
        verb = "revoke" if told.answers % 2 else "accept"
        await ask(port, "POST", f"/_mock/consents/{OWNER}/{verb}", '{"client_id": "demo_api"}', "application/json")
        told.answers += 1


async def load(port: int, told: Told, seconds: float, kill: Any) -> None:
    """Ask on several connections, and kill the server some time after its first answer."""
    before = len(told.ids)
    tasks = [asyncio.ensure_future(work(port, told)) for work in (tokens, tokens, tokens, answers)]
    async with asyncio.timeout(PATIENCE):
        while len(told.ids) == before:  # noqa: ASYNC110 - a server that is slow to begin is not killed for nothing
            await asyncio.sleep(0.001)
    await asyncio.sleep(seconds)
    kill()
    for task in tasks:
        with suppress(OSError, asyncio.IncompleteReadError):
            await task


def look(url: str, told: Told, before: int) -> None:
    """Hold what the server knows against what clients were told."""
    known = {item["id"] for item in get(f"{url}/_mock/requests?limit=2000").json()}
    assert set(told.ids[before:]) <= known
    events = sum(
        change["event"] in ("accept", "revoke")
        for item in get(f"{url}/_mock/consents").json()
        if (item["loginHint"], item["client_id"]) == (OWNER, "demo_api")
        for change in item["history"]
    )
    assert told.answers <= events <= told.answers + 1
    told.answers = events
    for token in [*told.tokens[:2], *told.tokens[-3:]]:
        assert get(f"{url}{PLANTS}", headers={"authorization": f"Bearer {token}"}).status_code == 200


class Lives:
    """One server after the other, on one file."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.state.zygote", *arguments]
        self._zygote = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )

    def next(self) -> tuple[int, str]:
        """Return process id and URL of a server that answers."""
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write("\n")
        self._zygote.stdin.flush()
        told = [json.loads(self._zygote.stdout.readline()) for _ in range(2)]
        found = told[0] | told[1]
        return found["pid"], found["url"]

    def end(self) -> None:
        """Start no more."""
        self._zygote.communicate()
        self._zygote.wait()


@pytest.mark.slow  # a life of a server each
def test_no_answered_change_is_lost(tmp_path: Path) -> None:
    told = Told()
    state = ("--state", str(tmp_path / "a.sqlite"), "--now", "2025-06-15T12:00:00+02:00", "--rate", "0")
    lives = Lives(*state)
    before = 0
    for number in range(KILLS + 1):
        process, url = lives.next()
        kill = partial(os.kill, process, signal.SIGKILL)
        try:
            look(url, told, before)
            before = len(told.ids)
            if number < KILLS:
                seconds = 0.5 * uniform(key(DEFAULT_SEED, "kill"), number) ** 2
                asyncio.run(load(urlsplit(url).port or 0, told, seconds, kill))
        except BaseException:
            kill()
            raise
        note(number, told)
    kill()
    lives.end()
    assert len(told.tokens) >= KILLS


def note(kills: int, told: Told) -> None:
    """Write down how far a long run has come, where somebody wants to know."""
    path = os.environ.get("MOCK_SMA_KILLS_NOTE")
    if path is not None:
        Path(path).write_text(f"{kills} kills, {len(told.tokens)} tokens, {told.answers} consents\n", "utf-8")
