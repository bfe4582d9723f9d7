"""The shorter way of a request to a router that is by itself: as the longer one in all that can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest
import respx

from mock_sma.testing import router
from mock_sma.testing.shortcut import ASYNC, SYNC
from tests.sandbox_helpers import CLIENT, make

if TYPE_CHECKING:
    from collections.abc import Generator

    from mock_sma.testing import SmaRouter

AUTH = "https://sandbox-auth.smaapis.de/oauth2"
TOKEN, PLANTS = f"{AUTH}/token", "https://sandbox.smaapis.de/monitoring/v1/plants"
FORM = {"grant_type": "client_credentials", **CLIENT}
CONTEXT = httpx.create_ssl_context(verify=False)  # the authorities take longer to read than a test to run


@pytest.fixture
def client() -> Generator[httpx.Client]:
    with httpx.Client(verify=CONTEXT) as client:
        yield client


@pytest.fixture
def mocks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the URLs of the requests that take the longer way, as they do."""
    seen: list[str] = []
    resolve = respx.MockRouter.handler

    def handler(self: respx.MockRouter, request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return resolve(self, request)

    monkeypatch.setattr(respx.MockRouter, "handler", handler)
    return seen


def story(mock: SmaRouter, client: httpx.Client) -> list[Any]:
    """Return what a client and its test see of some requests."""
    found: list[Any] = []
    client.cookies.clear()
    for method, url, more in (
        ("GET", PLANTS, {}),
        ("POST", TOKEN, {"data": FORM}),
        ("HEAD", PLANTS, {"headers": {"Accept": "text/html", "X-Umlaut": "ä".encode()}}),
        ("GET", f"{AUTH}/auth?client_id=demo_app&a=%20b", {}),
        ("POST", TOKEN, {"files": {"file": b"x"}, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}),
        ("GET", f"{PLANTS}?#fragment", {}),
    ):
        answer = client.request(method, url, **more)
        call = mock.calls.last
        assert mock.sma.calls.last is call
        assert call.response is not answer
        assert answer.elapsed.total_seconds() >= 0
        for response in (answer, call.response):
            found.append((response.status_code, response.headers.raw, response.content, response.extensions))
            found.append((response.is_closed, response.is_stream_consumed))
        request = call.request
        found.append((request.method, request.url, request.headers.raw, request.content, request.extensions))
        found.append(call.response.request is request)
    return found


@pytest.mark.slow
def test_it_is_as_the_longer_one(mocks: list[str], client: httpx.Client) -> None:
    with router(make()) as mock:
        short = story(mock, client)
        # A body that has to be read first, and a fragment, which httpcore forgets.
        assert mocks == [TOKEN, f"{PLANTS}?"]
    with router(make()) as mock:
        mock.get("https://example.org/").respond(204)
        long = story(mock, client)
    assert len(mocks) == 8
    assert short == long


@pytest.mark.parametrize("own_route", [False, True])
def test_a_recorded_request_is_what_it_was(client: httpx.Client, own_route: bool) -> None:
    class Again(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
            yield request
            request.headers["authorization"] = "Bearer second"
            yield request

    with router(make()) as mock:
        if own_route:
            mock.get("https://example.org/").respond(204)
        client.get(PLANTS, auth=Again())
        assert [call.request.headers.get("authorization") for call in mock.calls] == [None, "Bearer second"]


@pytest.mark.parametrize("own_route", [False, True])
def test_a_body_that_is_streamed_can_be_sent_once_as_ever(client: httpx.Client, own_route: bool) -> None:
    with router(make()) as mock:
        if own_route:
            mock.get("https://example.org/").respond(204)
        request = client.build_request("POST", TOKEN, content=(part for part in (b"a", b"b")))
        assert client.send(request).status_code == 415
        assert mock.calls.last.request.content == b"ab"
        with pytest.raises(httpx.StreamConsumed):
            client.send(request)


@pytest.mark.parametrize("own_route", [False, True])
def test_an_answer_can_be_streamed_and_a_broken_one_is_recorded(client: httpx.Client, own_route: bool) -> None:
    world = make()
    with router(world) as mock:
        if own_route:
            mock.get("https://example.org/").respond(204)
        with client.stream("GET", PLANTS) as answer:
            assert b"".join(answer.iter_raw()) == mock.calls.last.response.content
        world.faults.add({"effect": {"fault": "truncated_body"}})
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(PLANTS)
        assert mock.calls.last.response.status_code == 401
        world.faults.clear()
        world.faults.add({"effect": {"fault": "connection_reset"}})
        with pytest.raises(httpx.ReadError) as caught:
            client.get(PLANTS)
        assert caught.value.request.url == PLANTS
        assert not mock.calls.last.has_response
        assert mock.sma.call_count == mock.calls.call_count == 3


async def test_asynchronous_clients_take_it_in_turn(mocks: list[str]) -> None:
    async with httpx.AsyncClient(verify=CONTEXT) as client:
        world = make()
        with router(world) as mock:
            assert (await client.post(TOKEN, data=FORM)).status_code == 200
            assert mock.calls.last.response.json()["token_type"] == "Bearer"
            world.faults.add({"effect": {"delay": 9}})
            with pytest.raises(httpx.ReadTimeout):
                await client.get(PLANTS)
            assert [call.has_response for call in mock.sma.calls] == [True, False]
            mock.get(PLANTS).respond(204)
            assert (await client.get(PLANTS)).status_code == 204


def test_who_has_changed_httpx_or_httpcore_sees_each_request(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def watch(kind: type) -> None:
        before = getattr(kind, SYNC)

        def handle_request(self: Any, request: Any) -> Any:
            seen.append(kind.__name__)
            return before(self, request)

        monkeypatch.setattr(kind, SYNC, handle_request)

    watch(httpx.HTTPTransport)  # as OpenTelemetry does
    with router(make()):
        client.get(PLANTS)
        watch(httpcore.ConnectionPool)  # as vcrpy does
        client.get(PLANTS)
        monkeypatch.undo()
    assert seen == ["HTTPTransport", "HTTPTransport", "ConnectionPool"]
    with router(make()):
        watch(httpcore.ConnectionPool)
        client.get(PLANTS)
        assert seen[3:] == ["ConnectionPool"]
        monkeypatch.undo()


def test_it_ends_with_the_last_router() -> None:
    own = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
    first, second = router(make()), router(make())
    first.start()
    second.start()
    first.stop()
    assert httpx.HTTPTransport.handle_request is not own[0]
    second.stop()
    assert (getattr(httpx.HTTPTransport, SYNC), getattr(httpx.AsyncHTTPTransport, ASYNC)) == own


def test_what_a_test_puts_back_too_late_does_no_harm(client: httpx.Client) -> None:
    own = httpx.HTTPTransport.handle_request
    with router(make()):
        ours = httpx.HTTPTransport.handle_request
    httpx.HTTPTransport.handle_request = ours  # type: ignore[method-assign]
    try:
        with router(make()) as mock:
            assert client.get(PLANTS).status_code == 401
            assert mock.sma.called
        with respx.mock() as other:
            other.get(PLANTS).respond(204)
            assert client.get(PLANTS).status_code == 204
    finally:
        httpx.HTTPTransport.handle_request = own  # type: ignore[method-assign]
