"""Authentication flows and redirects of httpx in a life go as by a transport of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.testing.life.transports import answering
from mock_sma.testing.transports import transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
LOGIN = "https://sandbox-auth.smaapis.de/oauth2/auth?client_id=demo_app&redirect_uri=https://x.example"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


def token(http: Any, request: Any) -> Iterator[Any]:
    """Ask, get a token where that is refused, and ask again."""
    answer = yield request
    if answer.status_code == 401:
        found = yield http.Request("POST", TOKEN, data=FORM)
        request.headers["Authorization"] = f"Bearer {found.json()['access_token']}"
        yield request


def nothing(http: Any, request: Any) -> Iterator[Any]:
    yield from ()


def raising(http: Any, request: Any) -> Iterator[Any]:
    answer = yield request
    raise http.HTTPError(f"refused with {answer.status_code}")


def auth_of(http: Any, flow: Callable[[Any, Any], Iterator[Any]], *, body: bool) -> Any:
    class Own(http.Auth):  # type: ignore[misc,name-defined]
        requires_response_body = True
        requires_request_body = body

        def auth_flow(self, request: Any) -> Iterator[Any]:
            return flow(http, request)

    return Own()


def told(client: Any, url: str, **more: Any) -> tuple[Any, ...]:
    """Return what a program sees of a request's way, and of what it raises."""
    try:
        answer = client.get(url, **more)
    except Exception as error:  # noqa: BLE001 - it is what is compared
        return type(error), str(error)
    following = getattr(answer.next_request, "url", None)
    history = [(past.status_code, past.is_closed, past.content) for past in answer.history]
    body = answer.content if answer.status_code != 200 or url != TOKEN else b""
    return answer.status_code, body, answer.is_closed, str(following), history, str(answer.request.url)


@pytest.mark.parametrize("http", [httpx, httpx2], ids=["httpx", "httpx2"])
@pytest.mark.parametrize("flow", [token, nothing, raising], ids=lambda flow: str(flow.__name__))
@pytest.mark.parametrize("body", [False, True])
@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize("url", [PLANTS, LOGIN])
def test_flows_and_redirects_are_as_ever(http: Any, flow: Any, body: bool, follow: bool, url: str) -> None:
    ours, theirs = (Sandbox(load_scenario("ennexos"), now="2025-06-15T12:00:00+02:00") for _ in range(2))
    auth = auth_of(http, flow, body=body)
    with http.Client(transport=transport(theirs, http), auth=auth, follow_redirects=follow, max_redirects=3) as client:
        expected = [told(client, url), told(client, url, auth=None), told(client, url, follow_redirects=not follow)]
    with answering(ours), http.Client(auth=auth, follow_redirects=follow, max_redirects=3) as client:
        found = [told(client, url), told(client, url, auth=None), told(client, url, follow_redirects=not follow)]
    assert found == expected
    asked = [[(entry.method, entry.path, entry.status) for entry in world.requests] for world in (ours, theirs)]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("http", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_hooks_and_clients_of_ones_own_are_asked(http: Any) -> None:
    seen: list[str] = []

    class Client(http.Client):  # type: ignore[misc,name-defined]
        def _send_handling_redirects(self, request: Any, *arguments: Any, **options: Any) -> Any:
            seen.append("own")
            return super()._send_handling_redirects(request, *arguments, **options)

    hooks = {"request": [lambda _: seen.append("request")], "response": [lambda _: seen.append("response")]}
    with answering(Sandbox(load_scenario("ennexos"))):
        with http.Client(event_hooks=hooks) as client:
            client.get(PLANTS)
        with Client() as client:
            client.get(PLANTS)
        client = http.Client()
        client.close()
        with pytest.raises(RuntimeError, match="closed"):
            client.get(PLANTS)
    assert seen == ["request", "response", "own"]
