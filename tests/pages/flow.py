"""What the tests of the code flow share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.sandbox.sandbox import Sandbox
from tests.facts import LOGIN, NOW
from tests.page_helpers import CALLBACK, Visitor, authorize_path
from tests.sandbox_helpers import APP, ask, content, shipped, token

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Reply

LOGIN_FORM = 'name="username"'
SCREEN_FORM = 'name="decision" value="accept"'


def with_clients(**changes: object) -> Sandbox:
    """Return the sandbox world with its code-flow client changed."""
    scenario = shipped("sandbox")
    clients = tuple(replace(item, **changes) if item.id == "demo_app" else item for item in scenario.clients)  # type: ignore[arg-type]
    return Sandbox(replace(scenario, clients=clients), now=NOW, seed=5)


def redeem(world: Sandbox, code: str, **more: str) -> Reply:
    return token(world, grant_type="authorization_code", code=code, redirect_uri=CALLBACK, **APP, **more)


def logged_in(world: Sandbox, **parameters: str) -> Visitor:
    visitor = Visitor(world)
    assert visitor.go(authorize_path(**parameters)).status == 200
    visitor.submit(**LOGIN)
    return visitor


def plants(world: Sandbox, bearer: str) -> list[str]:
    reply = ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    assert reply.status == 200
    return [plant["plantId"] for plant in content(reply)["plants"]]
