"""The rate limit is exact, however many connections ask at once (R17)."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from mock_sma.domain.quota import Quota
from mock_sma.testing.live import LiveServer
from tests.sandbox_helpers import make, tokens

CONNECTIONS, CALLS = 64, 4


@pytest.mark.slow
def test_r17_64_connections_get_exactly_the_quotas_answers() -> None:
    world = make()
    world.quota.quota = Quota(requests=150)
    bearer = tokens(world)["access_token"]
    call = f"GET /v1/plants HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {bearer}\r\n\r\n".encode()
    ready = Barrier(CONNECTIONS)

    def ask(port: int) -> list[int]:
        statuses = []
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock, sock.makefile("rb") as answers:
            ready.wait(60)
            for _ in range(CALLS):
                sock.sendall(call)
                statuses.append(int(answers.readline().split()[1]))
                headers = dict(line.split(b": ", 1) for line in iter(answers.readline, b"\r\n"))
                body = answers.read(int(headers[b"content-length"]))
                assert (b"retry-after" in headers) is (statuses[-1] == 429)
                assert json.loads(body)
        return statuses

    with LiveServer(world) as server, ThreadPoolExecutor(CONNECTIONS) as pool:
        statuses = [status for part in pool.map(ask, [server.port] * CONNECTIONS) for status in part]
        assert (statuses.count(200), statuses.count(429)) == (150, CONNECTIONS * CALLS - 150)
        world.clock.advance(seconds=299)
        world.clock.advance(seconds=1)
        world.quota.quota = Quota(requests=1)
    assert [entry.status for entry in world.requests.of(path="/v1/plants")].count(200) == 150
