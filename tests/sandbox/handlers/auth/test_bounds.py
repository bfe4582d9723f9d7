"""A world's sessions, codes and browsers are bounded: the oldest are forgotten, the newest work."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mock_sma.sandbox.world.session import Session
from tests.facts import LOGIN
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, BC, CLIENT, ask, content, make, token, tokens

if TYPE_CHECKING:
    import pytest


def test_oldest_session_is_forgotten_and_its_tokens_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.sandbox.world.sessions.MAX_SESSIONS", 2)
    world = make()
    given = [tokens(world)["access_token"] for _ in range(3)]
    statuses = [ask(world, "GET", f"{BC}/nobody", bearer=bearer).status for bearer in given]
    assert statuses == [401, 404, 404]
    ask(world, "GET", f"{BC}/nobody", bearer=given[0])
    assert "forgotten" in world.requests[-1].why


def test_a_session_whose_tokens_are_all_good_has_no_set_of_its_own() -> None:
    session = Session(id="s", client_id="demo_api", user=None, scopes=(), offline=False, ends=inf)
    assert session.going_on("access", "refresh", None).superseded is session.superseded


def test_memory_of_seen_tokens_begins_anew_over_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.sandbox.world.bearer.MAX_SEEN", 2)
    world = make()
    given = [tokens(world)["access_token"] for _ in range(5)]
    assert {ask(world, "GET", f"{BC}/nobody", bearer=bearer).status for bearer in given * 2} == {404}


def test_chain_of_refresh_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.sandbox.world.session.MAX_CHAIN", 3)
    world = make()
    first = newest = tokens(world)["refresh_token"]
    for _ in range(6):
        reply = token(world, grant_type="refresh_token", refresh_token=newest, **CLIENT)
        assert reply.status == 200
        newest = content(reply)["refresh_token"]
    assert token(world, grant_type="refresh_token", refresh_token=first, **CLIENT).status == 400


def test_oldest_code_and_oldest_browser_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_sma.sandbox.world.codes.MAX_CODES", 1)
    monkeypatch.setattr("mock_sma.sandbox.world.browsers.MAX_BROWSERS", 1)
    world = make()
    visitor = Visitor(world)
    visitor.go(authorize_path())
    visitor.submit(**LOGIN)
    codes = [answered(visitor.post(decision="accept"))["code"]]
    codes.append(answered(visitor.go(authorize_path()))["code"])
    assert [world.codes.knows(code) for code in codes] == [False, True]
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, **APP}
    assert [token(world, **form, code=code).status for code in codes] == [400, 200]
    Visitor(world).go("/portal/login")
    visitor.go("/portal/third-party-apps")
    assert visitor.at == "/portal/login"
