"""What is the same in many exchanges is kept once, and what will hardly be asked for again is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.hosts import layout_of
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.table.router import Router
from tests.sandbox_helpers import CLIENT, ask, make, token, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

PLANTS = "/monitoring/v1/plants"
DEVICES = f"{PLANTS}/13/devices"


def granted() -> tuple[Sandbox, str]:
    """Return a world whose owner has said yes, and an access token."""
    world = make()
    world.consents.accept("apiTestUser@apiSandbox.com")
    return world, tokens(world)["access_token"]


def test_equal_bodies_of_an_operation_are_one_in_the_journal() -> None:
    world, bearer = granted()
    for path in (PLANTS, DEVICES, PLANTS, DEVICES):
        ask(world, "GET", path, bearer=bearer)
    plants, devices, plants_again, devices_again = (entry.response_body for entry in world.requests[-4:])
    assert plants is plants_again
    assert devices is devices_again
    ask(world, "GET", f"{PLANTS}/24/devices", bearer=bearer)
    ask(world, "GET", DEVICES, bearer=bearer)
    assert world.requests[-2].json["plant"]["plantId"] == "24"
    assert world.requests[-1].response_body == devices


def test_headers_without_secrets_are_kept_as_they_were_sent() -> None:
    world = make()
    reply = token(world, grant_type="client_credentials", **CLIENT)
    assert all(sent is kept for sent, kept in zip(reply.headers, world.requests[-1].headers, strict=True))


def test_an_empty_list_is_one_body_however_it_came_about() -> None:
    world, bearer = granted()
    first, second = (ask(world, "GET", f"{PLANTS}?Filter={name}", bearer=bearer).body for name in ("none", "nobody"))
    assert first == b'{"plants":[]}'
    assert first is second


def test_a_path_that_leads_nowhere_is_not_remembered() -> None:
    router = Router(layout_of("sandbox.smaapis.de"), OPERATIONS)
    assert router.match("/monitoring/v1/plants/13") is router.match("/monitoring/v1/plants/13")
    known = len(router._cache)
    assert [router.match(f"/monitoring/v1/nowhere/{number}") for number in range(3)] == [None] * 3
    assert len(router._cache) == known == 1
