"""What a client of httpx sees in a life is what it sees anywhere: only the way to the answer is shorter."""

from __future__ import annotations

import logging
from copy import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file import load_scenario
from mock_sma.testing.life.transports import answering
from mock_sma.testing.transports import transport

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
LOGIN = "https://sandbox-auth.smaapis.de/oauth2/auth"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


@pytest.fixture
def world() -> Iterator[Sandbox]:
    made = Sandbox(load_scenario("ennexos"), now="2025-06-15T12:00:00+02:00")
    with answering(made):
        yield made


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def http(request: pytest.FixtureRequest) -> Any:
    return request.param


def bearer(http: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {http.post(TOKEN, data=FORM).json()['access_token']}"}


def test_a_response_is_whole_closed_and_took_no_time(world: Sandbox, http: Any) -> None:
    seen: list[int] = []
    hooks = {"response": [lambda response: seen.append(response.status_code)]}
    with http.Client(event_hooks=hooks) as client:
        answer = client.get(PLANTS, params={"WithStatus": "true"}, headers=bearer(http))
        assert client.send(answer.request).content == answer.content
    assert isinstance(answer, http.Response)
    assert (answer.is_closed, answer.is_stream_consumed, answer.elapsed) == (True, True, timedelta())
    assert answer.read() == answer.content
    assert answer.num_bytes_downloaded == len(answer.content) == int(answer.headers["content-length"])
    assert (answer.http_version, answer.reason_phrase, answer.encoding) == ("HTTP/1.1", "OK", "utf-8")
    assert answer.url.query == b"WithStatus=true"
    assert seen == [200, 200]
    assert [entry.query for entry in world.requests][-2:] == ["WithStatus=true"] * 2


def test_a_request_that_is_sent_again_goes_as_it_is_then(world: Sandbox, http: Any) -> None:
    with http.Client(headers={"User-Agent": "one"}) as client:
        request = client.build_request("GET", PLANTS)
        assert client.send(request).status_code == 401
        request.headers.update(bearer(http))
        request.headers["User-Agent"] = "two"
        first = client.send(request)
        assert (first.status_code, client.send(request).content) == (200, first.content)
        request.url = http.URL("https://sandbox.smaapis.de/nowhere")
        assert client.send(request).status_code == 404
        client._transport = http.MockTransport(lambda _: http.Response(418))
        assert client.send(request).status_code == 418
    asked = [(entry.user_agent, entry.path.rpartition("/")[2]) for entry in world.requests if entry.method == "GET"]
    assert asked == [("one", "plants"), ("two", "plants"), ("two", "plants"), ("two", "nowhere")]


def test_what_few_look_at_is_there_when_they_do(world: Sandbox, http: Any) -> None:
    with http.Client(headers=bearer(http)) as client:
        answer = client.get(PLANTS)
        assert not {"headers", "stream", "extensions"} & set(vars(answer))
        assert answer.headers is answer.headers
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert b"".join(answer.stream) == answer.content
        assert copy(answer).json() == answer.json()
        with pytest.raises(AttributeError, match="no attribute 'header'"):
            answer.header  # noqa: B018 - as programs misspell it
        with pytest.raises(http.StreamConsumed):
            list(answer.iter_raw())


def test_a_response_is_read_in_pieces_where_the_program_does(world: Sandbox, http: Any) -> None:
    with http.Client(headers=bearer(http)) as client:
        with client.stream("GET", PLANTS) as answer:
            assert not answer.is_closed
            pieces = list(answer.iter_raw(chunk_size=16))
            with pytest.raises(http.StreamConsumed):
                answer.read()
        assert answer.is_closed
        assert b"".join(pieces) == client.get(PLANTS).content


def test_cookies_mounts_faults_and_logs_are_as_ever(
    world: Sandbox, http: Any, caplog: pytest.LogCaptureFixture
) -> None:
    own = http.MockTransport(lambda _: http.Response(418))
    with http.Client(mounts={"https://sandbox.smaapis.de": own}) as client:
        assert client.get(PLANTS).status_code == 418
    with http.Client() as client:
        client.get(LOGIN, params={"client_id": "demo_app"})
        world.faults.add({"match": {"path": "/monitoring/*"}, "effect": {"fault": "connection_reset"}, "times": 1})
        with pytest.raises(http.ReadError):
            client.get(PLANTS)
        with caplog.at_level(logging.INFO, logger=http.__name__):
            assert client.get(PLANTS).status_code == 401
    assert "401 Unauthorized" in caplog.text


def test_the_same_comes_as_by_a_transport_of_the_users_own(world: Sandbox, http: Any) -> None:
    other = Sandbox(load_scenario("ennexos"), now="2025-06-15T12:00:00+02:00")
    with http.Client() as client, http.Client(transport=transport(other, http)) as plain:
        for url in (PLANTS, LOGIN, "https://sandbox.smaapis.de/nowhere"):
            ours, theirs = client.get(url), plain.get(url)
            assert (ours.status_code, ours.headers, ours.content) == (
                theirs.status_code,
                theirs.headers,
                theirs.content,
            )
            assert dict(client.cookies) == dict(plain.cookies)
        assert dict(client.cookies)


def test_everything_is_put_back(http: Any) -> None:
    before = (http.Client._send_single_request, http.HTTPTransport.handle_request, http.Cookies.extract_cookies)
    with pytest.raises(KeyError), answering(Sandbox(load_scenario("ennexos"))):
        raise KeyError
    assert (http.Client._send_single_request, http.HTTPTransport.handle_request, http.Cookies.extract_cookies) == before
