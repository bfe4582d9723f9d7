"""Servers that share a state while they and the store are killed and stopped: what clients saw has an order.

By hand: MOCK_SMA_HISTORY=120 pytest tests/state/test_shared_history.py
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.state.shared.redis_store import packed
from mock_sma.testing.code_flow import owner_answers
from tests.redis_server import Running, free_port, needs_redis, redis
from tests.server_process import PLAIN, get, serve, token
from tests.state.chance import Chance
from tests.state.history import UNKNOWN, Op, Step, clock, code, consent, linearizable

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Awaitable, Callable
    from pathlib import Path

SECONDS = float(os.environ.get("MOCK_SMA_HISTORY", "6"))
SEED = int(os.environ.get("MOCK_SMA_HISTORY_SEED", "1"))
OWNER = "apiTestUser@apiSandbox.com"
ENOUGH = 10
"""Operations of each kind, without which clients go on for a while: a slow machine has few in some seconds."""

NOW = ("--now", "2025-06-15T12:00:00+02:00", "--rate", "0")
TICK = 1 / 64
"""Time that the clock goes on by [s]: few of them make up the lifetime of a token, and sums of it are exact."""

AUTH = {
    "response_type": "code",
    "client_id": "demo_app",
    "redirect_uri": "http://localhost:8000/callback",
    "state": "a-state-of-its-own",
}


class Servers:
    """Servers on one store, each at a port of its own for all its lives."""

    def __init__(self, stack: ExitStack, state: str) -> None:
        self._stack = stack
        self._state = state
        self.urls: list[str] = []
        self.processes: list[subprocess.Popen[str]] = []
        for _ in range(3):
            self.urls.append(f"http://127.0.0.1:{free_port()}")
            self.processes.append(self._start(self.urls[-1]))

    def _start(self, url: str) -> subprocess.Popen[str]:
        return self._stack.enter_context(serve(*NOW, "--state", self._state, "--port", url.rpartition(":")[2]))[0]

    def kill(self, place: int) -> None:
        self.processes[place].kill()
        self.processes[place].wait()

    def start(self, place: int) -> None:
        self.processes[place] = self._start(self.urls[place])


class Clients:
    """Clients that ask any server, and write down what they see."""

    def __init__(self, urls: list[str], bearer: str, seed: int) -> None:
        self.urls = urls
        self.chance = Chance(seed, "clients")
        self.histories: dict[str, list[Op]] = {"consent": [], "clock": [], "token": []}
        self.ids: list[str] = []
        self.bearer = {"authorization": f"Bearer {bearer}"}
        self.http = httpx.AsyncClient(verify=PLAIN, trust_env=False, timeout=8.0)
        self.codes = 0
        self.hot = 0
        """The server that is asked many reads at once, which then gets a lease."""
        self.is_hot = False

    async def seen(
        self, name: str, call: str, ask: Awaitable[httpx.Response], of: Callable[[httpx.Response], Any]
    ) -> None:
        """Write down one operation; what was refused without having begun is none."""
        start = time.monotonic()
        try:
            answer = await ask
        except httpx.ConnectError:
            return
        except httpx.HTTPError:
            result: Any = UNKNOWN
        else:
            result = UNKNOWN if answer.status_code >= 500 else of(answer)
            if "x-mock-sma-request-id" in answer.headers:
                self.ids.append(answer.headers["x-mock-sma-request-id"])
        if result is not UNKNOWN or call != "read":
            self.histories.setdefault(name, []).append(Op(start, time.monotonic(), call, result))

    async def one(self) -> None:
        """Ask for something; less often where a server is to get a lease, which each change ends."""
        await asyncio.sleep(self.chance.below(self.is_hot))
        url = self.chance.choice(self.urls)
        match int(self.chance.below(5)):
            case 0 | 1:
                await self.read(url)
            case 2:
                verb = self.chance.choice(("accept", "revoke"))
                path = f"{url}/_mock/consents/{OWNER}/{verb}"
                changed = self.http.post(path, json={"client_id": "demo_api"})
                await self.seen("consent", verb, changed, lambda answer: answer.status_code == 200)
            case 3:
                advanced = self.http.post(f"{url}/_mock/clock/advance", json={"seconds": TICK})
                await self.seen("clock", "advance", advanced, ticks)
            case _:
                await self.seen("clock", "read", self.http.get(f"{url}/_mock/clock"), ticks)

    async def read(self, url: str) -> None:
        plants = self.http.get(f"{url}/monitoring/v1/plants", headers=self.bearer)
        await self.seen("consent", "read", plants, lambda answer: bool(answer.json()["plants"]))

    async def burst(self) -> None:
        """Read many times at one server."""
        self.hot, self.is_hot = int(self.chance.below(len(self.urls))), True
        await asyncio.gather(*(self.reads(self.urls[self.hot]) for _ in range(3)))
        self.is_hot = False

    async def reads(self, url: str) -> None:
        """Read with tokens that another server has just given out.

        To change something by hand waits for the lines of all servers; to give out a token only for a lease.
        """
        form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
        for _ in range(4):
            for _ in range(6):
                await self.read(url)
            try:
                given = (await self.http.post(f"{self.chance.choice(self.urls)}/oauth2/token", data=form)).json()
                bearer = {"authorization": f"Bearer {given['access_token']}"}
            except (httpx.HTTPError, ValueError, KeyError):  # the server was killed amid, or the store stands still
                continue
            asked = self.http.get(f"{url}/monitoring/v1/plants", headers=bearer)
            await self.seen("token", "read", asked, lambda answer: answer.status_code == 200)

    async def redeem(self) -> None:
        """Have a code, and redeem it everywhere at once."""
        self.codes += 1
        name, url = f"code-{self.codes}", self.chance.choice(self.urls)
        asked = httpx.URL(f"{url}/oauth2/auth", params=AUTH)
        try:
            back = await asyncio.to_thread(owner_answers, asked, email=OWNER, password="MyPass123!")
        except Exception:  # noqa: BLE001 - the server was killed amid
            return
        form = {"grant_type": "authorization_code", "code": back.params["code"], "redirect_uri": AUTH["redirect_uri"]}
        form |= {"client_id": "demo_app", "client_secret": "demo_secret"}
        tries = (self.http.post(f"{each}/oauth2/token", data=form) for each in self.urls)
        await asyncio.gather(*(self.seen(name, "", each, lambda answer: answer.status_code == 200) for each in tries))

    def has_few(self) -> bool:
        return any(len(self.histories[name]) <= ENOUGH for name in STEPS)

    async def work(self, until: float, what: Callable[[], Awaitable[None]], pause: float) -> None:
        while time.monotonic() < until or (self.has_few() and time.monotonic() < until + 60):
            await what()
            await asyncio.sleep(self.chance.below(pause))


def ticks(answer: httpx.Response) -> int:
    """Return how far the clock has gone on."""
    assert answer.status_code == 200, answer.text
    now = datetime.fromisoformat(answer.json()["now"]) - datetime.fromisoformat(NOW[1])
    return round((now.total_seconds() + 0.0005) / TICK)


class Leases:
    """Counts the leases that servers have, and lets them have the next one at once.

    Args:
        url: of the state.
    """

    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)
        self._key = f"mock-sma:{{{self._url.params['prefix']}}}:lease"
        self.seen: set[bytes] = set()

    async def watch(self, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._url.port)
        script = "local v = redis.call('GET', KEYS[1]) if v == '0' then redis.call('DEL', KEYS[1]) end return v"
        while time.monotonic() < until:
            writer.write(packed("EVAL", script, 1, self._key))
            if await reader.readline() != b"$-1\r\n":
                self.seen.add((await reader.readline()).split()[0])
            await asyncio.sleep(0.005)
        writer.close()
        self.seen.discard(b"0")


def harm(servers: Servers, store: Running, clients: Clients, until: float) -> None:
    """Kill and stop servers and the store, as chance wants."""
    chance = Chance(SEED, "harm")
    while (left := until - time.monotonic()) > 1.0:
        time.sleep(min(left - 1.0, chance.below(1.6)))
        place = chance.choice((0, 1, 2, clients.hot, clients.hot, clients.hot))
        match int(chance.below(4)):
            case 0 | 1:
                servers.kill(place)
                time.sleep(chance.below(0.3))
                servers.start(place)
            case 2:
                stopped(store.process.pid, chance.below(2.6))
            case _:
                stopped(servers.processes[place].pid, chance.below(chance.choice((0.3, 2.0))))


def stopped(pid: int, seconds: float) -> None:
    """Stop a process for a while."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


async def lives(servers: Servers, clients: Clients, store: Running, leases: Leases) -> None:
    until = time.monotonic() + SECONDS
    watching = asyncio.ensure_future(leases.watch(until))
    while not leases.seen:  # one at least, however slow the machine is
        assert time.monotonic() < until
        await clients.burst()
    harming = asyncio.to_thread(harm, servers, store, clients, until)
    asking = [clients.work(until, clients.one, 0.05) for _ in range(6)]
    asking += [clients.work(until, clients.redeem, 0.3), clients.work(until, clients.burst, 0.2)]
    await asyncio.gather(harming, watching, *asking)
    await clients.http.aclose()


STEPS: dict[str, tuple[Any, Step]] = {"consent": (False, consent), "clock": (0, clock), "token": (True, consent)}


@pytest.mark.slow
@needs_redis
def test_what_clients_see_of_servers_that_are_killed_has_an_order(tmp_path: Path) -> None:
    with ExitStack() as stack:
        store = stack.enter_context(redis(tmp_path))
        state = store.url()
        servers, leases = Servers(stack, state), Leases(state)
        clients = Clients(servers.urls, token(servers.urls[0]).json()["access_token"], SEED)
        asyncio.run(lives(servers, clients, store, leases))
        print(len(leases.seen), "leases,", {name: len(clients.histories[name]) for name in STEPS}, "operations")
        for name, history in clients.histories.items():
            assert linearizable(history, *STEPS.get(name, (True, code))), (name, history)
        counted = Counter(clients.ids)
        assert [item for item, times in counted.items() if times > 1] == []
        for path in ("consents", "clock", "mailbox", "requests?limit=500"):
            answers = [get(f"{url}/_mock/{path}").json() for url in servers.urls]
            assert answers[0] == answers[1] == answers[2]
        assert not clients.has_few()
