"""A state file that an earlier day has written, and what its worlds answered then.

usage: python -m tests.state.golden   (writes tests/state/version-N.sqlite and version-N.json, for a new version N only)
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.state import Keeper, StateFile, alive
from mock_sma.state.file import VERSION
from mock_sma.worlds.worlds import Worlds

HERE = Path(__file__).parent
NOW = "2025-06-15T12:00:00+02:00"
OWNER = "apiTestUser@apiSandbox.com"
KIND = {b"content-type": b"application/x-www-form-urlencoded"}


def files(version: int = VERSION) -> tuple[Path, Path]:
    """Return the state file of a version, and what was answered."""
    return HERE / f"version-{version}.sqlite", HERE / f"version-{version}.json"


def login(world: Sandbox) -> Request:
    """Return a request for a token."""
    client = next(iter(world.clients.values()))
    form = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}"
    return Request("POST", "/oauth2/token", headers=KIND, body=form.encode())


def told(worlds: Worlds, tokens: list[str]) -> list[dict[str, Any]]:
    """Return what worlds answer and show: to old tokens, to a new client, and of their books."""
    found = []
    for world, token in zip(worlds, tokens, strict=True):
        bearer = {b"authorization": f"Bearer {token}".encode()}
        asked = [
            Request("GET", "/monitoring/v1/plants", headers=bearer),
            Request("GET", "/monitoring/v1/plants", headers=bearer),
            login(world),
        ]
        replies = [world.handle(item) for item in asked]
        found.append(
            {
                "world": world.name,
                "now": world.clock.isoformat(),
                "answers": [[reply.status, reply.body.decode()] for reply in replies],
                "journal": [[entry.id, entry.path, entry.status, str(entry.why)] for entry in world.requests],
                "consents": [[item.email, str(item.state)] for item in world.consents],
                "mails": [mail.subject for mail in world.mailbox],
                "faults": [item.as_dict() for item in world.faults],
                "savepoints": list(world.savepoints),
            }
        )
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


async def live(keeper: Keeper, worlds: Worlds) -> list[str]:
    """Let something happen that every book and the log of requests has then; return a token of each world."""
    world = worlds.default
    world.consents.accept(OWNER)
    world.handle(Request("GET", f"/oauth2/v2/bc-authorize/{OWNER}"))
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 2})
    world.clock.advance(minutes=2)
    world.savepoints["before"] = world.save()
    worlds.create(load_scenario("rate-limited"), name="two", now=NOW, rate=0.0)
    keeper.changed("two")
    keeper.changed(None)
    tokens = []
    for item in worlds:
        reply, hold = keeper.handle(item, login(item))
        tokens.append(str(json.loads(reply.body)["access_token"]))
        plants = Request("GET", "/v1/plants", headers={b"authorization": f"Bearer {tokens[-1]}".encode()})
        _, hold = keeper.handle(item, plants)
        assert hold is not None
        assert await hold is None
    return tokens


def main() -> None:
    """Write the files of this version."""
    path, answers = files()
    if path.exists():
        raise SystemExit(f"{path} is there; it has to stay as it is")
    file = StateFile.open(path)
    found = alive(file)
    worlds = Worlds(Sandbox(load_scenario("sandbox"), now=NOW, rate=0.0))
    tokens = asyncio.run(live(Keeper(file, worlds, found.seconds, 0, print), worlds))
    file.close()
    answers.write_text(json.dumps({"tokens": tokens, "told": told(worlds, tokens)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
