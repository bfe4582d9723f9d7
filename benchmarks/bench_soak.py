"""Two emulated hours of polling by 200 clients over 500 plants, on a fast clock: no error, and no memory that grows.

Every client polls every five emulated minutes: the list of plants, the day so far of four plants and the status of a
consent; its token expires in between, so it gets a new one, by refresh or by its secret. The memory is looked at when
the caches are full, half way, and at the end.

usage: bench_soak.py [--clients 200] [--plants 500] [--hours 2] [--rate 90]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from bench_server import MIB, call, serving
from figures import figure

if TYPE_CHECKING:
    import psutil

NOW = "2025-06-15T10:00:00+02:00"
POLL = 300.0
"""Time between two polls of a client [emulated s]."""

GROWTH = 10.0
"""Most that the memory may grow in the second half [MB]: a world remembers up to 5,000 sessions of some 2 kB."""

PERSON = "owner-1@example.org"


def scenario(clients: int, plants: int) -> dict[str, object]:
    """Return the document of the world."""
    own = [{"id": f"client_{number}", "secret": f"secret_{number}", "flow": "custom"} for number in range(clients)]
    mix = {"household": 4, "household-battery": 3, "commercial-roof": 1}
    return {
        "version": 1,
        "name": "soak",
        "clients": own,
        "generate": {"count": plants, "owners": 20, "classic": 0.3, "mix": mix},
    }


class Client:
    """A program that polls.

    Attributes:
        asked: requests it has sent.
        errors: statuses of what was refused, other than a token that had expired on the way.
    """

    def __init__(self, number: int, port: int, plants: list[str], person: str) -> None:
        self.asked = 0
        self.errors: list[tuple[str, int]] = []
        self._number = number
        self._port = port
        self._person = quote(person)
        self._plants = [plants[(number * 7 + step * 31) % len(plants)] for step in range(4)]
        self._token: dict[str, str] = {}

    async def run(self, polls: int, wait: float) -> None:
        """Poll so many times, in time with the clock: ``wait`` is one poll's real time [s]."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        begun = time.monotonic() + wait * (self._number % 20) / 20
        for poll in range(polls):
            await asyncio.sleep(max(0.0, begun + poll * wait - time.monotonic()))
            await self._log_in(reader, writer)
            day = "2025-06-15"
            paths = [f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Day?Date={day}" for plant in self._plants]
            for path in ("/v1/plants", *paths, f"/oauth2/v2/bc-authorize/{self._person}"):
                status, _ = await self._ask(reader, writer, "GET", path)
                if status == 401:
                    await self._log_in(reader, writer)
                    status, _ = await self._ask(reader, writer, "GET", path)
                if status != 200:
                    self.errors.append((path, status))
        writer.close()

    async def _log_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        who = {"client_id": f"client_{self._number}", "client_secret": f"secret_{self._number}"}
        form = who | {"grant_type": "client_credentials"}
        if self._token and self.asked % 2:
            form = who | {"grant_type": "refresh_token", "refresh_token": self._token["refresh_token"]}
        status, body = await self._ask(reader, writer, "POST", "/oauth2/token", urlencode(form))
        if status == 200:
            self._token = json.loads(body)
        else:
            self.errors.append(("/oauth2/token", status))

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, form: str = ""
    ) -> tuple[int, bytes]:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
        if form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        elif self._token:
            lines.append(f"Authorization: Bearer {self._token['access_token']}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + form).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        self.asked += 1
        return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


async def poll_all(clients: list[Client], polls: int, wait: float, process: psutil.Process) -> tuple[float, float]:
    """Let all clients poll; return the memory half way and at the end [MB]."""
    tasks = [asyncio.create_task(client.run(polls, wait)) for client in clients]
    await asyncio.sleep(polls * wait / 2)
    first = process.memory_info().rss / MIB
    await asyncio.gather(*tasks)
    return first, process.memory_info().rss / MIB


def main() -> int:
    """Run, and say whether it held."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--plants", type=int, default=500)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=90.0, help="emulated seconds per second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "soak.json"
        file.write_text(json.dumps(scenario(options.clients, options.plants)), encoding="utf-8")
        serve = [sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json", "--scenario", str(file)]
        with serving([*serve, "--now", NOW, "--rate", str(options.rate)]) as (url, process, _):
            document = json.loads(call(url, "GET", "/_mock/scenario?format=document"))
            owners = sorted(
                {user["email"] for plant in document["plants"] for user in plant["users"] if user.get("owner")}
            )
            for owner in owners:
                path = f"/_mock/consents/{quote(owner)}/accept"
                call(url, "POST", path, "{}", **{"Content-Type": "application/json"})
            plants = [str(plant["id"]) for plant in document["plants"]]
            port = urlsplit(url).port or 0
            clients = [Client(number, port, plants, owners[0]) for number in range(options.clients)]
            polls = round(options.hours * 3600 / POLL)
            begun = time.monotonic()
            first, last = asyncio.run(poll_all(clients, polls, POLL / options.rate, process))
            wall = time.monotonic() - begun
    asked, errors = sum(client.asked for client in clients), [error for client in clients for error in client.errors]
    print(
        f"{options.clients} clients, {len(plants)} plants, {polls} polls each: {asked:,} requests in {wall:.0f} s, "
        f"{len(errors)} errors; memory {first:.1f} MB, at the end {last:.1f} MB"
    )
    figure("soak: errors", len(errors), "", goal="< 1")
    figure("soak: memory at the end", last, "MB")
    figure("soak: growth in the second half", last - first, "MB", goal=f"< {GROWTH:g}")
    if errors:
        print(f"errors: {errors[:5]}", file=sys.stderr)
    return 1 if errors or last - first >= GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
