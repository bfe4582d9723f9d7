"""Pages of many worlds in one process: a browser is led by the client, the link and then its cookie."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from mock_sma.worlds.worlds import Worlds
from tests.facts import LOGIN, NOW, OWNER
from tests.page_helpers import Visitor, answered, authorize_path
from tests.sandbox_helpers import BC, ask, make, shipped, tokens


@pytest.fixture
def worlds() -> Worlds:
    worlds = Worlds(make())
    for name in ("gw0", "gw1"):
        worlds.create(shipped("sandbox"), name=name, now=NOW, seed=5)
    return worlds


def visitor_of(worlds: Worlds) -> Visitor:
    return Visitor(worlds)  # type: ignore[arg-type] - answers requests as one world does


@pytest.mark.parametrize("name", ["gw0", "gw1", "default"])
def test_code_flow_stays_in_the_clients_world(worlds: Worlds, name: str) -> None:
    client_id = "demo_app" if name == "default" else f"demo_app-{name}"
    visitor = visitor_of(worlds)
    visitor.go(authorize_path(client_id=client_id))
    visitor.submit(**LOGIN)
    assert "code" in answered(visitor.post(decision="accept"))
    visitor.go("/portal/third-party-apps")
    assert f'value="{client_id}"' in visitor.page
    assert [len(world.consents) for world in worlds] == [world.name == name for world in worlds]


def test_mails_link_leads_to_its_world_and_the_login_stays_there(worlds: Worlds) -> None:
    world = worlds.named("gw1")
    assert world is not None
    client = world.clients["demo_api-gw1"]
    bearer = tokens(world, client_id=client.id, client_secret=client.secret)["access_token"]
    assert ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer).status == 201
    visitor = visitor_of(worlds)
    visitor.go(urlsplit(world.mailbox[-1].link).path)
    visitor.submit(**LOGIN)
    visitor.submit(decision="accept")
    assert [record.state for record in world.consents] == ["Accepted"]


def test_cookie_of_another_world_does_not_outweigh_the_client(worlds: Worlds) -> None:
    visitor = visitor_of(worlds)
    visitor.go("/portal/third-party-apps?client_id=demo_api-gw0")
    visitor.submit(**LOGIN)
    assert visitor.at == "/portal/third-party-apps"
    for client_id in ("demo_app", "demo_app-gw1", "demo_app-gw0"):
        assert visitor.go(authorize_path(client_id=client_id)).status == 200
