"""Strangers and honest clients at one server, for a while: no wrong answer, and no memory, file or task that stays.

usage: PYTHON .ci/soak.py [SECONDS [PER_SECOND]]

By itself it takes five minutes, as fast as the machine allows. `.ci/run` takes them beside other work, so it
opens at most so many connections a second.
The server runs here, the clients in a process of their own. Each takes a stream of tests/attack or a sound request and
sends it plainly, under TLS or in a tunnel of the proxy: whole, cut, or byte by byte, closes its side behind it, or goes
away in the middle. What is answered has to be what a first, undisturbed client was answered.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import logging
import math
import random  # noqa: TID251 - of clients, who are no part of a world
import re
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from mock_sma.api.delivery import reset  # noqa: E402 - of this checkout, as are the tests
from mock_sma.api.protocol import Protocol  # noqa: E402
from mock_sma.api.proxy import Proxy  # noqa: E402
from mock_sma.api.tls import certificates  # noqa: E402
from mock_sma.api.tunnel import ProxyProtocol  # noqa: E402
from mock_sma.testing.live import LiveServer  # noqa: E402
from tests.api.messages import FORM, LAST, REQUESTS  # noqa: E402
from tests.api.wire import talk  # noqa: E402
from tests.attack.streams import CANARY, STREAMS  # noqa: E402
from tests.facts import OWNER  # noqa: E402
from tests.sandbox_helpers import make, tokens  # noqa: E402

CLIENTS = 24
GROWTH = 16.0
"""Most that the memory may grow after a third of the time, when nearly all caches and the journal are full [MB]."""

SPARE = 4
"""Descriptors that may come and go by themselves."""

CHANGING = re.compile(rb"x-mock-sma-request-id: \w+")
CONNECT = b"CONNECT sandbox.smaapis.de:443 HTTP/1.1\r\nHost: sandbox.smaapis.de:443\r\n\r\n"


def streams(bearer: bytes) -> list[bytes]:
    """Return all that is sent; each ends its connection.

    Nobody gets a token: a world remembers so many, and would have forgotten the clients' own in the end.
    """
    sent = [stream.data + CANARY for stream in STREAMS.values()]
    sent += [data + CANARY for data in REQUESTS.values()] + list(LAST.values())
    return [data.replace(b"%b", bearer) for data in sent if FORM not in data]


def lasting(answer: bytes) -> bytes:
    """Return what is the same in every answer to the same."""
    return CHANGING.sub(b"", answer)


class Clients:
    """All clients of one run.

    Attributes:
        asked: connections that were made.
        wrong: what was answered otherwise than the first time.
    """

    def __init__(self, ports: dict[str, int], authority: str, bearer: str, per_second: float) -> None:
        self.asked = 0
        self.wrong: list[str] = []
        self._ports = ports
        self._period = CLIENTS / per_second
        self._trust = ssl.create_default_context(cafile=authority)
        self._sent = streams(bearer.encode())
        self._wanted = [lasting(talk(ports["plain"], data)) for data in self._sent]

    async def run(self, number: int, until: float) -> None:
        """Ask until a time."""
        chance = random.Random(number)  # noqa: S311 - no secret is made of it
        while (began := time.monotonic()) < until and len(self.wrong) < 10:
            which = chance.randrange(len(self._sent))
            await self._one(chance, which)
            self.asked += 1
            await asyncio.sleep(began + self._period - time.monotonic())

    async def _one(self, chance: random.Random, which: int) -> None:
        data, way = self._sent[which], chance.choice(("plain", "tls", "tunnel"))
        reader, writer = await self._connected(way)
        shape = chance.choice(("whole", "cut", "bytes", "leaves"))
        try:
            if shape == "leaves":
                writer.write(data[: chance.randrange(len(data))])
                await asyncio.sleep(chance.random() / 50)
                leave = reset if chance.random() < 0.5 else gone
                leave(writer.transport)  # type: ignore[arg-type] # a transport both ways
                return
            for piece in cut(data, shape, chance):
                writer.write(piece)
            if way == "plain" and chance.random() < 0.5:
                writer.write_eof()
            answer = lasting(await reader.read(-1))
            if answer != self._wanted[which]:
                self.wrong.append(f"{way} {shape} {data[:200]!r}: {answer[:300]!r}, not {self._wanted[which][:300]!r}")
        except OSError as error:
            self.wrong.append(f"{way} {shape} {data[:200]!r}: {error!r}")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connected(self, way: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        context = self._trust if way == "tls" else None
        reader, writer = await asyncio.open_connection("127.0.0.1", self._ports[way], ssl=context)
        if way == "tunnel":
            writer.write(CONNECT)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            await writer.start_tls(self._trust, server_hostname="sandbox.smaapis.de")
        return reader, writer


def gone(transport: asyncio.Transport) -> None:
    """Go away without a word."""
    transport.abort()


def cut(data: bytes, shape: str, chance: random.Random) -> list[bytes]:
    """Return the pieces of a stream."""
    if shape == "whole" or (shape == "bytes" and len(data) > 1_000):
        return [data]
    if shape == "bytes":
        return [data[place : place + 1] for place in range(len(data))]
    place = chance.randrange(len(data))
    return [data[:place], data[place:]]


async def ask(settings: dict[str, object]) -> dict[str, object]:
    """Let all clients ask; return what they have to say."""
    pace = float(str(settings["per_second"]))
    clients = Clients(settings["ports"], str(settings["authority"]), str(settings["bearer"]), pace)  # type: ignore[arg-type]
    until = time.monotonic() + float(str(settings["seconds"]))
    await asyncio.gather(*(clients.run(number, until) for number in range(CLIENTS)))
    return {"asked": clients.asked, "wrong": clients.wrong}


async def left(server: LiveServer) -> int:
    """Return the tasks and connections that are there, once those under way have had their time."""
    state = server._background._server.server_state  # noqa: SLF001 - nobody else wants to know
    for _ in range(30):
        if not (state.tasks or state.connections):
            break
        await asyncio.sleep(0.1)
    return len(state.tasks) + len(state.connections) + len(asyncio.all_tasks()) - 1


def held(process: psutil.Process) -> float:
    """Return the memory that is in use [MB]: what the allocator only keeps goes back before, where it can."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
    return float(process.memory_info().rss) / 1e6


def soak(seconds: float = 300.0, per_second: float = math.inf) -> int:
    """Serve, let the clients ask, and look at what stays."""
    process, world = psutil.Process(), make()
    world.consents.accept(OWNER)
    with tempfile.TemporaryDirectory() as folder, LiveServer(world) as server:
        tls = certificates(Path(folder))
        proxy = Proxy(tls.context(), lambda _: False, Protocol)
        tunnel = server.also_listen(partial(ProxyProtocol, proxy=proxy))
        ports = {"plain": server.port, "tls": server.also_listen(Protocol, tls.context()), "tunnel": tunnel}
        talk(server.port, LAST["control and close"])
        idle = asyncio.run_coroutine_threadsafe(left(server), server.loop).result(20)
        bearer = tokens(world)["access_token"]
        for data in 40 * streams(bearer.encode()):  # the journal keeps 2,000
            talk(server.port, data)
        settings: dict[str, object] = {"ports": ports, "authority": str(tls.authority), "bearer": bearer}
        settings |= {"seconds": seconds, "per_second": per_second}
        files = process.num_fds()
        with subprocess.Popen(
            [sys.executable, __file__, "--clients", json.dumps(settings)], stdout=subprocess.PIPE, text=True
        ) as clients:
            time.sleep(seconds / 3)
            early = held(process)
            told = json.loads(clients.communicate()[0])
        tasks = asyncio.run_coroutine_threadsafe(left(server), server.loop).result(20) - idle
        more, grown = process.num_fds() - files, held(process) - early
    print(
        f"soak of {seconds:g} s: {told['asked']:,} connections, {len(told['wrong'])} wrong answers; left over: "
        f"{grown:.1f} MB (at most {GROWTH:g}), {more} descriptors (at most {SPARE}), {tasks} tasks (at most 0)"
    )
    print("\n".join(told["wrong"][:5]), file=sys.stderr)
    return int(bool(told["wrong"]) or not told["asked"] or grown > GROWTH or more > SPARE or tasks > 0)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # a line for every refusal
    if sys.argv[1:2] == ["--clients"]:
        print(json.dumps(asyncio.run(ask(json.loads(sys.argv[2])))))
    else:
        sys.exit(soak(*map(float, sys.argv[1:])))
