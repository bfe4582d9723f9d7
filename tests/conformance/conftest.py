"""A real server for the sentences of the public interface, and short ways to ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.facts import NOW, OWNER
from tests.server_process import serve

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """The server under test, reset before each test."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=20)

    def token(self, client_id: str = "demo_api", secret: str = "demo_secret") -> str:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        answer = self.http.post("/oauth2/token", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def get(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        return self.http.get(path, headers={"Authorization": f"Bearer {token or self.token()}"}, **more)

    def load(self, scenario: str) -> str:
        """Load a shipped scenario and return a token of its client."""
        answer = self.http.put("/_mock/scenario", json={"name": scenario})
        assert answer.status_code == 200, answer.text
        return self.token()

    def accept(self, email: str = OWNER, world: str = "") -> None:
        answer = self.http.post(f"/_mock{world}/consents/{email}/accept")
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def process() -> Iterator[Server]:
    with serve("--now", NOW, "--rate", "0", "--seed", "11") as (_, ready):
        server = Server(ready["url"])
        yield server
        server.http.close()


@pytest.fixture
def server(process: Server) -> Server:
    process.load("sandbox")
    assert process.http.put("/_mock/clock", json={"now": NOW, "frozen": True}).status_code == 200
    assert process.http.post("/_mock/reset").status_code == 204
    return process
