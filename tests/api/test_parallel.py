"""Many at once over the real server: one code, one success; two refreshes in flight."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mock_sma.testing.live import LiveServer
from tests.facts import LOGIN
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.sandbox_helpers import APP, make

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


def code_of(server: LiveServer) -> str:
    visitor = Visitor(server.sandbox)
    visitor.go(authorize_path(prompt="consent"))
    visitor.submit(**LOGIN)
    return answered(visitor.post(decision="accept"))["code"]


def test_two_hundred_redemptions_of_one_code_at_once_give_one_success(server: LiveServer) -> None:
    form = {"grant_type": "authorization_code", "code": code_of(server), "redirect_uri": CALLBACK, **APP}
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client, ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: client.post("/oauth2/token", data=form).status_code, range(200)))
    assert sorted(statuses) == [200] + [400] * 199


def test_two_refreshes_in_flight_both_succeed_by_default(server: LiveServer) -> None:
    form = {"grant_type": "authorization_code", "code": code_of(server), "redirect_uri": CALLBACK, **APP}
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client, ThreadPoolExecutor(2) as pool:
        given = client.post("/oauth2/token", data=form).json()["refresh_token"]
        again = {"grant_type": "refresh_token", "refresh_token": given, **APP}
        replies = list(pool.map(lambda _: client.post("/oauth2/token", data=again), range(2)))
        assert [reply.status_code for reply in replies] == [200, 200]
        newer = {**again, "refresh_token": replies[0].json()["refresh_token"]}
        assert client.post("/oauth2/token", data=newer).status_code == 200
        assert client.post("/oauth2/token", data=again).json()["error"] == "invalid_grant"


def test_code_flow_with_cookies_over_the_real_server(server: LiveServer) -> None:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60, follow_redirects=True) as client:
        page = client.get(authorize_path(prompt="login consent"))
        page = client.post(action(page, 0), data={**LOGIN, "csrf": csrf(page)})
        answer = client.post(action(page, 0), data={"decision": "accept", "csrf": csrf(page)}, follow_redirects=False)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["location"]).query)["state"] == ["xyz"]


def action(page: httpx.Response, number: int) -> str:
    return page.text.split('action="')[number + 1].split('"')[0].replace("&amp;", "&")


def csrf(page: httpx.Response) -> str:
    return page.text.split('name="csrf" value="')[1].split('"')[0]
