"""Scenarios about what goes wrong on the way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scenario_file.library.customer import Customer


def rate_limited(customer: Customer) -> None:
    """1,500 requests in five minutes, then 429 with Retry-After until they are over (R17)."""
    statuses = Counter(customer.call("/v1/plants").status for _ in range(1_500))
    assert statuses == {200: 1_500}
    refused = customer.call("/v1/plants")
    assert (refused.status, dict(refused.headers)[b"retry-after"]) == (429, b"300")
    customer.world.clock.advance(minutes=5)
    customer.renew()
    assert customer.call("/v1/plants").status == 200


def token_expiry(customer: Customer) -> None:
    """The first request for data finds its token expired, and a fresh token is the way out."""
    assert customer.call("/v1/plants").status == 401
    assert "expired" in str(customer.world.requests[-1].why)
    customer.renew()
    assert customer.plants == ["2100"]


def flaky_network(customer: Customer) -> None:
    """One answer in ten is slow, one in twenty breaks off, measurements are cut or a gateway's 504."""
    lists = [customer.call("/v1/plants") for _ in range(400)]
    effects = [reply.effect for reply in lists if reply.effect is not None]
    assert 20 < sum(bool(effect.delay) for effect in effects) < 60
    assert 8 < sum(effect.fault == "connection_reset" for effect in effects) < 35
    path = "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
    customer.renew()
    data = [customer.call(path) for _ in range(400)]
    assert 8 < sum(reply.effect is not None and reply.effect.fault == "truncated_body" for reply in data) < 35
    broken = [reply for reply in data if reply.status == 504]
    assert 8 < len(broken) < 35
    assert all(b"<html" in reply.body.lower() for reply in broken)
    assert {reply.status for reply in (*lists, *data)} == {200, 504}
