"""Every control route and the vendor API from many threads at once, over a real server: exact, and never a 5xx."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
import pytest

from mock_sma.control import ControlClient
from mock_sma.testing.live import LiveServer
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import make, tokens

THREADS, ROUNDS = 12, 2


def work(url: str, bearer: str) -> list[int]:
    statuses: list[int] = []
    with ControlClient(url, timeout=60) as control, httpx.Client(base_url=url, trust_env=False, timeout=60) as vendor:
        for _ in range(ROUNDS):
            control.advance(1)
            rule = control.add_fault({"match": {"path": "/v1/plants/13"}, "effect": {"status": 418}, "times": 1})
            statuses.append(vendor.get("/v1/plants/13", headers={"authorization": f"Bearer {bearer}"}).status_code)
            control.fault(rule["id"])
            control.faults()
            control.add_event("13", {"kind": "message"})
            control.patch_plant("24", {"description": "x"})
            control.requests(limit=5)
            control.requests_har(limit=2)
            made = control.create_world(scenario="sandbox", now=NOW)
            world = control.world(made["name"])
            world.accept(OWNER)
            world.set_clock(rate=0)
            world.reset()
            world.clear_requests()
            world.clear_mailbox()
            control.delete_world(made["name"])
            for read in (control.clock, control.consents, control.mailbox, control.plants, control.worlds):
                read()
    return statuses


@pytest.mark.slow
def test_many_threads_use_everything_at_once() -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    with LiveServer(world) as server, ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(lambda _: work(server.url, bearer), range(THREADS)))
        with ControlClient(server.url) as control:
            now = datetime.fromisoformat(control.clock()["now"])
            assert (now - datetime.fromisoformat(NOW)).total_seconds() == THREADS * ROUNDS
            assert [fault["remaining"] for fault in control.faults()] == [0] * (THREADS * ROUNDS)
            assert len(control.plant("13")["events"]) == THREADS * ROUNDS
            assert [item["name"] for item in control.worlds()] == ["default"]
    statuses = [status for part in parts for status in part]
    assert statuses == [418] * (THREADS * ROUNDS)
