"""``/_mock/metrics``: what is counted, and the text that Prometheus reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from mock_sma import Sandbox, load_scenario
from mock_sma.api.app import App
from mock_sma.api.metrics import BUCKETS, Metrics, resident_memory
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW
from tests.sandbox_helpers import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = App(Worlds(Sandbox(load_scenario("sandbox"), now=NOW)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as found:
        yield found


async def numbers(client: httpx.AsyncClient) -> dict[str, float]:
    """Return the samples by name and labels, read by the parser of Prometheus' own client."""
    answer = await client.get("/_mock/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.text.endswith("\n")
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.type in ("counter", "gauge", "histogram"), family.name
        assert family.documentation, family.name
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            key = f"{sample.name}{{{labels}}}" if labels else sample.name
            assert key not in found
            found[key] = sample.value
    return found


async def test_requests_are_counted_by_operation_and_status(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await client.post("/oauth2/token", data=FORM)
    await client.post("/oauth2/token", data=FORM | {"client_secret": "wrong"})
    await client.get("/no/such/path")
    found = {key: value for key, value in (await numbers(client)).items() if "requests_total" in key}
    tokens = [(key, value) for key, value in found.items() if "unmatched" not in key]
    assert [value for _, value in tokens] == [3.0, 1.0]
    assert found['mock_sma_requests_total{operation="unmatched",status="404"}'] == 1.0


async def test_the_histogram_is_cumulative_and_ends_with_the_count(client: httpx.AsyncClient) -> None:
    for _ in range(5):
        await client.get("/no/such/path")
    found = await numbers(client)
    name = "mock_sma_request_duration_seconds"
    buckets = [value for key, value in found.items() if key.startswith(f"{name}_bucket")]
    assert buckets == sorted(buckets)
    assert len(buckets) == len(BUCKETS) + 1
    assert buckets[-1] == found[f'{name}_count{{operation="unmatched"}}'] == 5.0
    assert 0.0 < found[f'{name}_sum{{operation="unmatched"}}'] < 5.0


@pytest.mark.slow
async def test_a_measurement_shows_in_the_sizes_of_the_caches(client: httpx.AsyncClient) -> None:
    before = await numbers(client)
    await client.post("/_mock/consents/apiTestUser@apiSandbox.com/accept", json={})
    token = (await client.post("/oauth2/token", data=FORM)).json()["access_token"]
    day = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
    body = (await client.get(day, headers={"Authorization": f"Bearer {token}"})).content
    after = await numbers(client)
    changed = {key: after[f"mock_sma_{key}"] - before[f"mock_sma_{key}"] for key in ("simulators", "cached_bodies")}
    assert changed == {"simulators": 1.0, "cached_bodies": 1.0}
    assert after["mock_sma_cached_body_bytes"] == len(body)
    assert after["mock_sma_worlds"] == 1.0
    assert after["mock_sma_consents"] > before["mock_sma_consents"]
    assert after["mock_sma_journal_entries"] == 2.0


def test_a_time_at_a_buckets_end_belongs_to_it() -> None:
    metrics = Metrics()
    world = Sandbox(load_scenario("sandbox"), now=NOW)
    ask(world, "GET", "/no/such/path")
    metrics.observe(world.requests[-1], BUCKETS[0])
    metrics.observe(world.requests[-1], 60.0)
    lines = metrics.text(Worlds(world)).splitlines()
    counts = [line.rpartition(" ")[2] for line in lines if line.startswith("mock_sma_request_duration_seconds_bucket")]
    assert counts == ["1"] * len(BUCKETS) + ["2"]


def test_memory_is_left_out_where_no_system_tells(tmp_path: Path) -> None:
    assert resident_memory(tmp_path / "statm") == []
    (tmp_path / "statm").write_text("100 7 3 1 0 9 0\n")
    assert resident_memory(tmp_path / "statm")[-1].startswith("process_resident_memory_bytes ")
