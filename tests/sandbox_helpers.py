"""A world and short ways to ask it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from mock_sma.sandbox.exchange import Reply, Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.facts import NOW

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario

CLIENT = {"client_id": "demo_api", "client_secret": "demo_secret"}
APP = {"client_id": "demo_app", "client_secret": "demo_secret"}
BC = "/oauth2/v2/bc-authorize"


@cache
def shipped(name: str) -> Scenario:
    """Return a shipped scenario, read once: it is an immutable value, and reading takes longer than a world."""
    return load_scenario(name)


def make(scenario: str = "sandbox", **options: Any) -> Sandbox:
    return Sandbox(shipped(scenario), **({"now": NOW, "seed": 5} | options))


def ask(world: Sandbox, method: str, path: str, **more: Any) -> Reply:
    headers = {name.lower().encode(): value.encode() for name, value in more.pop("headers", {}).items()}
    body = b""
    if "form" in more:
        body = urlencode(more.pop("form")).encode()
        headers.setdefault(b"content-type", b"application/x-www-form-urlencoded")
    elif "json" in more:
        body = orjson.dumps(more.pop("json"))
        headers.setdefault(b"content-type", b"application/json")
    if "bearer" in more:
        headers[b"authorization"] = b"Bearer " + more.pop("bearer").encode()
    path, _, query = path.partition("?")
    return world.handle(Request(method, path, query, headers, body, **more))


def token(world: Sandbox, **form: str) -> Reply:
    return ask(world, "POST", "/oauth2/token", form=form)


def tokens(world: Sandbox, **more: str) -> dict[str, Any]:
    reply = token(world, grant_type="client_credentials", **(CLIENT | more))
    assert reply.status == 200
    return content(reply)


def content(reply: Reply) -> dict[str, Any]:
    value = orjson.loads(reply.body)
    assert isinstance(value, dict)
    return value
