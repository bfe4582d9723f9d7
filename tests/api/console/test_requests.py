"""The console's journal, and the stream that keeps it live."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64encode
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi.sse import ServerSentEvent

from mock_sma.api.routes.events import Follower, stream
from mock_sma.sandbox.world.journal import Journal
from tests.api.console.browser import browser, code_of
from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import BC, CLIENT, ask, make, token, tokens
from tests.server_process import environment, serve

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def world() -> Sandbox:
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/monitoring/v1/plants?Filter=a%3Cb", bearer=bearer)
    ask(world, "GET", f"/v1/{EVIL}", headers={"user-agent": EVIL})
    return world


async def test_styles_and_icons_of_pages_are_listed_on_request(world: Sandbox) -> None:
    ask(world, "GET", "/monitoring/swagger-ui.css")
    async with browser(world) as visitor:
        assert "swagger-ui.css" not in (await visitor.get("/_mock/console/requests")).text
        page = (await visitor.get("/_mock/console/requests", assets="true")).text
    assert "/monitoring/swagger-ui.css" in page
    assert "&amp;assets=true" in page  # what comes after is to show them, too


@pytest.mark.slow
async def test_exchanges_are_listed_newest_first_and_filtered(world: Sandbox) -> None:
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/requests")).text
        order = [page.index(entry.id) for entry in reversed(list(world.requests))]
        assert order == sorted(order)
        for query, count in (({"q": "post"}, 1), ({"status": "4xx"}, 1), ({"client": "demo_api"}, 2), ({"q": "x"}, 0)):
            found = (await visitor.get("/_mock/console/requests", **query)).text
            assert sum(entry.id in found for entry in world.requests) == count


@pytest.mark.slow
async def test_the_server_that_answered_is_named_where_there_are_several(world: Sandbox) -> None:
    servers = ("one:8080", "", "two:8080")
    assert len(world.requests) == len(servers)
    for entry, server in zip(world.requests, servers, strict=True):
        entry.server = server
    async with browser(world) as visitor:
        listed = (await visitor.get("/_mock/console/requests")).text
        assert re.findall(r"· (\w+:8080)", listed) == ["two:8080", "one:8080"]
        shown = [(await visitor.get(f"/_mock/console/requests/{entry.id}")).text for entry in world.requests]
    assert ["<dt>Server</dt>" in text for text in shown] == [True, False, True]


@pytest.mark.slow
async def test_script_in_path_and_user_agent_is_text(world: Sandbox) -> None:
    async with browser(world) as visitor:
        for page in ("requests", f"requests/{world.requests[-1].id}"):
            text = (await visitor.get(f"/_mock/console/{page}")).text
            assert EVIL not in text
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.slow
async def test_one_exchange_is_shown_with_why_bodies_and_headers(world: Sandbox) -> None:
    entry = world.requests[1]
    async with browser(world) as visitor:
        page = (await visitor.get(f"/_mock/console/requests/{entry.id}")).text
        for wanted in ("consents open 0 of 9 plants", "x-mock-sma-request-id", "&#34;plants&#34;: []", "Filter=a%3Cb"):
            assert wanted in page
        missing = await visitor.get("/_mock/console/requests/none")
        assert (missing.status_code, "dropped since" in missing.text) == (404, True)


@pytest.mark.slow
async def test_all_are_forgotten(world: Sandbox) -> None:
    async with browser(world) as visitor:
        page = await visitor.post("/_mock/console/requests", "requests")
        assert "All requests are forgotten." in page.text
        assert len(world.requests) == 0


@pytest.mark.slow
def test_copied_curl_asks_the_same_again() -> None:
    with serve("--scenario", "ennexos") as (_, ready):
        url = ready["url"]
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
            bearer = http.post("/oauth2/token", data={"grant_type": "client_credentials", **CLIENT}).json()
            headers = {"authorization": f"Bearer {bearer['access_token']}"}
            http.get("/monitoring/v1/plants?WithLocation=true", headers=headers)
            http.post(BC, json={"loginHint": HOUSEHOLDER}, headers=headers)
            before = http.get("/_mock/requests").json()
            assert len(before) == 3
            for entry in before:
                text = code_of(http.get(f"/_mock/console/requests/{entry['id']}").text, "again")
                result = subprocess.run(
                    ["/bin/bash", "-euc", text], capture_output=True, text=True, timeout=30, check=False,
                    env=environment(no_proxy="*"),
                )  # fmt: skip
                assert result.returncode == 0, result.stderr
                newest = http.get("/_mock/requests?limit=1").json()[0]
                assert [newest[key] for key in ("method", "path", "query")] == [
                    entry[key] for key in ("method", "path", "query")
                ]
                assert newest["status"] == entry["status"]


async def test_curl_of_other_methods_and_clients_keeps_secrets_masked() -> None:
    world = make()
    token(world, grant_type="authorization_code", code="c", client_id="demo_app", client_secret="demo_secret")
    ask(world, "HEAD", "/monitoring/v1/plants")
    ask(world, "GET", "/monitoring/v1/plants")
    async with browser(world) as visitor:
        texts = [
            code_of((await visitor.get(f"/_mock/console/requests/{entry.id}")).text, "again")
            for entry in world.requests
        ]
    assert "code=***" in texts[0]
    assert "client_secret=demo_secret" in texts[0]
    assert "--head" in texts[1]
    assert "Bearer ***" in texts[2]


async def test_curl_of_a_client_that_sent_basic_sends_it_again() -> None:
    world = make()
    basic = {"authorization": "Basic " + b64encode(b"demo_api:demo_secret").decode()}
    ask(world, "POST", "/oauth2/token", form={"grant_type": "client_credentials"}, headers=basic)
    token(world, grant_type="client_credentials", client_id="demo_api")
    assert [entry.status for entry in world.requests] == [200, 401]
    async with browser(world) as visitor:
        texts = [
            code_of((await visitor.get(f"/_mock/console/requests/{entry.id}")).text, "again")
            for entry in world.requests
        ]
    assert "-u demo_api:demo_secret" in texts[0]
    assert "-u" not in texts[1].split()


RESET = ServerSentEvent(event="reset", raw_data="{}")


class TestStream:
    """The journal as server-sent events."""

    def test_news_are_what_came_since_in_order(self, world: Sandbox) -> None:
        follower = Follower(world)
        assert follower.news() == []
        for path in ("/v1/plants", "/v1/devices"):
            ask(world, "GET", path)
        (message,) = follower.news()
        assert (message.event, message.id) == ("exchanges", "5")
        assert [entry["path"] for entry in json.loads(message.raw_data or "")] == ["/v1/plants", "/v1/devices"]
        assert follower.news() == []

    def test_a_follower_tells_of_what_other_servers_answered_meanwhile(self, world: Sandbox) -> None:
        follower = Follower(world)
        other = next(iter(world.requests))
        entry = replace(other, id="another", server="another's", number=1)
        world.requests.total += 1
        world.requests.merge([entry])
        (message,) = follower.news()
        assert message.raw_data is not None
        assert [item["id"] for item in json.loads(message.raw_data)] == ["another"]
        assert follower.news() == []

    @pytest.mark.parametrize("is_full", [False, True])
    def test_a_follower_tells_of_what_comes_late_before_the_last_one(self, world: Sandbox, is_full: bool) -> None:
        first = next(iter(world.requests))
        journal = world.requests = Journal(max_entries=3 if is_full else 9)
        journal.put_back([replace(first, id=str(number), number=number) for number in (1, 5, 9)], total=9)
        follower = Follower(world)
        assert follower.news() == []
        journal.merge([replace(first, id="7", number=7)])
        (message,) = follower.news()
        assert [item["id"] for item in json.loads(message.raw_data or "")] == ["7"]
        assert follower.news() == []

    def test_a_follower_goes_on_where_it_was(self, world: Sandbox) -> None:
        (news,) = Follower(world, after=2).news()
        assert (news.event, news.id) == ("exchanges", "3")
        reset, all_there_are = Follower(world, after=99).news()
        assert reset == RESET
        assert all_there_are.id == "3"

    def test_a_follower_that_missed_more_than_is_held_gets_all_that_is(self, world: Sandbox) -> None:
        held = [entry.id for entry in world.requests]
        world.requests.put_back(list(world.requests), total=7)
        (news,) = Follower(world, after=2).news()
        assert [entry["id"] for entry in json.loads(news.raw_data or "")] == held

    def test_reset_and_forgetting_are_told(self, world: Sandbox) -> None:
        follower = Follower(world)
        world.reset()
        assert follower.news() == [RESET]
        ask(world, "GET", "/v1/plants")
        world.requests.clear()
        assert follower.news() == []
        ask(world, "GET", "/v1/plants")
        assert len(follower.news()) == 1
        world.requests.clear()
        assert follower.news() == [RESET]

    @pytest.mark.slow
    async def test_stream_ends_with_the_server(self, world: Sandbox) -> None:
        looks = iter([False] * 200 + [True])
        messages = [message async for message in stream(Follower(world, 0), lambda: next(looks), interval=0.1e-3)]
        assert [message.event for message in messages] == [None, "exchanges"]
        looks = iter([False, False, True])
        quiet = [message async for message in stream(Follower(world), lambda: next(looks), interval=0.0)]
        assert quiet == [ServerSentEvent(retry=1000)]

    @pytest.mark.slow
    def test_a_live_server_streams_and_still_ends_at_once(self) -> None:
        with serve("--scenario", "sandbox") as (process, ready), httpx.Client(trust_env=False, timeout=20) as http:
            with http.stream("GET", f"{ready['url']}/_mock/events?after=0") as answer:
                assert answer.headers["x-content-type-options"] == "nosniff"
                lines = answer.iter_lines()
                assert next(lines) == "retry: 1000"
                sender = Thread(target=httpx.get, args=(f"{ready['url']}/v1/plants",), kwargs={"trust_env": False})
                sender.start()
                data = next(line for line in lines if line.startswith("data: "))
                sender.join()
                assert json.loads(data.removeprefix("data: "))[0]["path"] == "/v1/plants"
                process.terminate()
                assert process.wait(5) == 0
                assert list(lines)[-1:] in ([""], [])
            assert process.stderr is not None
            assert process.stderr.read() == ""


@pytest.mark.slow
async def test_session_of_a_client_is_a_waterfall_with_the_lives_of_its_tokens() -> None:
    world = make()
    async with browser(world) as visitor:
        assert "No client has asked" in (await visitor.get("/_mock/console/session")).text
        bearer = tokens(world)["access_token"]
        ask(world, "GET", "/v1/plants", bearer=bearer)
        page = (await visitor.get("/_mock/console/session")).text
        assert "they stand in their order" in page
        world.clock.advance(minutes=10)
        ask(world, "GET", "/v1/plants", bearer=bearer)
        page = (await visitor.get("/_mock/console/session", client="demo_api")).text
        assert 'x="0.0%" width="50.0%"' in page
        assert ">10 min</td>" in page
        assert re.findall(r'circle cx="([0-9.]+)%"', page) == ["0.0", "0.0", "100.0"]
        requests = (await visitor.get("/_mock/console/requests", client="demo_api")).text
        assert 'href="/_mock/console/session?client=demo_api"' in requests
        assert (await visitor.get("/_mock/capsule")).status_code == 200
