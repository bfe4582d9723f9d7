"""The rate limit per client and five minutes (R17)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.quota import Quota
from mock_sma.domain.scenario import Switches
from tests.facts import NOW
from tests.sandbox.asking import Asker, consenting


def limited(requests: int, **switches: object) -> Asker:
    scenario = replace(
        load_scenario("sandbox"),
        quota=Quota(requests=requests),
        switches=Switches(**switches),  # type: ignore[arg-type]
    )
    return consenting(Sandbox(scenario, now=NOW))


def test_r17_the_request_over_the_quota_is_429_until_the_window_is_over() -> None:
    client = limited(3)
    assert [client.get("/v1/plants").status for _ in range(4)] == [200, 200, 200, 429]
    reply = client.get("/v1/plants")
    assert (reply.body, reply.header(b"retry-after")) == (b'{"message":"Too Many Requests","code":"429"}', b"300")
    assert "quota" in client.world.requests[-1].why
    client.world.clock.advance(seconds=299)
    assert client.get("/v1/plants").header(b"retry-after") == b"1"
    client.world.clock.advance(seconds=1)
    assert client.get("/v1/plants").status == 401, "the token has run out meanwhile; the quota has not"


def test_r17_without_the_switch_no_retry_after() -> None:
    client = limited(0, retry_after=False)
    reply = client.get("/v1/plants")
    assert (reply.status, reply.header(b"retry-after")) == (429, None)


@pytest.mark.slow
def test_r17_off_by_default() -> None:
    client = consenting(Sandbox(load_scenario("sandbox"), now=NOW))
    assert {client.get("/v1/plants/13").status for _ in range(2_000)} == {200}


@pytest.mark.slow
def test_r17_the_shipped_scenario_allows_1500_requests_exactly_under_concurrency() -> None:
    world = Sandbox(load_scenario("rate-limited"), now=NOW)
    client = Asker(world)
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: client.get("/v1/plants").status, range(1_600)))
    assert (statuses.count(200), statuses.count(429)) == (1_500, 100)


def test_a_clock_set_back_begins_a_new_window() -> None:
    client = limited(1)
    client.get("/v1/plants")
    now = client.world.clock.now()
    client.world.clock.set(now.replace(hour=now.hour - 1))
    assert client.get("/v1/plants").status == 200
