"""Testcontainers (Python): one server per test session, started and removed by the tests themselves.

Needs a Docker engine, ``pip install testcontainers httpx pytest``, and the image: ``docker build -t mock-sma .``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

if TYPE_CHECKING:
    from collections.abc import Iterator

PORT = 8080
OWNER = "apiTestUser@apiSandbox.com"
SETTINGS = {
    "MOCK_SMA_SCENARIO": "sandbox",
    "MOCK_SMA_NOW": "2025-06-15T12:00:00+02:00",
    "MOCK_SMA_RATE": "0",  # the clock stands still
}
CLIENT = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


@pytest.fixture(scope="session")
def sma_url() -> Iterator[str]:
    """Start the server and give its address."""
    ready = HttpWaitStrategy(PORT, "/_mock/ready").for_status_code(200)
    with DockerContainer("mock-sma").with_envs(**SETTINGS).with_exposed_ports(PORT).waiting_for(ready) as server:
        yield f"http://{server.get_container_host_ip()}:{server.get_exposed_port(PORT)}"


def test_an_owner_who_accepts_opens_her_plants(sma_url: str) -> None:
    """Show the whole flow: consent, token, plants."""
    httpx.post(f"{sma_url}/_mock/consents/{OWNER}/accept", json={}).raise_for_status()
    token = httpx.post(f"{sma_url}/oauth2/token", data=CLIENT).json()["access_token"]
    answer = httpx.get(f"{sma_url}/monitoring/v1/plants", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["plants"]
