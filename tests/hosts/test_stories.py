"""The stories of the parity tests, told by every library under ``sma_hosts``: the same answers, the same journal.

Where a connection breaks, each library raises its own exception. By hand all clients in all stories:
MOCK_SMA_STORIES=all pytest tests/hosts/test_stories.py
"""

from __future__ import annotations

import gc
import http.client
import os
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from mock_sma.testing import router
from tests.hosts.libraries import LIBRARIES, PLANTS, Answer, Question, niquests
from tests.hosts.oauth_libraries import BY_OAUTH
from tests.parity import stories_auth, stories_data, stories_mishaps  # noqa: F401 - they fill STORIES
from tests.parity.stories import STORIES
from tests.parity.ways import Told, act, journal, tell, turns, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from mock_sma.testing import SmaHosts
    from mock_sma.testing.world import SmaWorld
    from tests.parity.stories import Ask

CLIENTS = LIBRARIES | BY_OAUTH
CHOSEN = [
    "tokens_and_what_is_refused",
    "credentials_as_basic_header_and_in_the_query",
    "an_access_token_expires_after_five_minutes",
    "consent_is_asked_read_and_given",
    "r08_a_revoked_consent_empties_the_list",
    "production_hosts",
    "r17_a_quota_that_fills_again",
    "a_status_in_place_of_the_answer",
    "the_gateways_504",
    "malformed_json",
    "an_expired_token",
]
"""One of each kind, and all that can be wrong with an answer that comes."""

BREAKING = (RESET, EMPTY, CUT, WRONG, LATE) = (
    "a_reset_connection",
    "an_empty_response",
    "a_truncated_body",
    "a_wrong_content_length",
    "a_delay_that_is_too_long",
)
"""What can be wrong with a connection."""

pytestmark = [
    # A connection that broke is one that some libraries have not closed when their loop ends.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

PATIENCE = 0.5
"""Shortest time-out [s]: most clients connect anew for each request, which a machine under load takes its time for."""

Kinds = dict[str, tuple[type[Exception], ...]]
_GONE, _SHORT = http.client.RemoteDisconnected, http.client.IncompleteRead
OF_REQUESTS: Kinds = {
    **dict.fromkeys((RESET, EMPTY), (requests.ConnectionError,)),
    **dict.fromkeys((CUT, WRONG), (requests.exceptions.ChunkedEncodingError,)),
    LATE: (requests.ReadTimeout,),
}
OF_HTTP_CLIENT: Kinds = {RESET: (ConnectionResetError,), EMPTY: (_GONE,), CUT: (_SHORT,), WRONG: (_SHORT,)} | {
    LATE: (TimeoutError,)
}
OF_HTTPX2: Kinds = {
    **dict.fromkeys((EMPTY, CUT, WRONG), (httpx2.RemoteProtocolError,)),
    # Python's ssl tells an RST from the end of the connection on some systems alone.
    RESET: (httpx2.ReadError, httpx2.RemoteProtocolError),
    LATE: (httpx2.ReadTimeout,),
}
RAISES: dict[str, Kinds] = {
    "requests": OF_REQUESTS,
    "Authlib by requests": OF_REQUESTS,
    "requests-oauthlib": OF_REQUESTS,
    "niquests": {
        **dict.fromkeys((RESET, EMPTY), (niquests.ConnectionError,)),
        **dict.fromkeys((CUT, WRONG), (niquests.exceptions.ChunkedEncodingError,)),
        LATE: (niquests.ReadTimeout,),
    },
    "urllib3": {
        **dict.fromkeys((RESET, EMPTY, CUT, WRONG), (urllib3.exceptions.ProtocolError,)),
        LATE: (urllib3.exceptions.ReadTimeoutError,),
    },
    "urllib.request": OF_HTTP_CLIENT,
    "http.client": OF_HTTP_CLIENT,
    "httpx": {story: tuple(getattr(httpx, kind.__name__) for kind in kinds) for story, kinds in OF_HTTPX2.items()},
    "httpx2": OF_HTTPX2,
    "Authlib by httpx2": OF_HTTPX2,
    "aiohttp": {
        **dict.fromkeys((RESET, EMPTY), (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)),
        **dict.fromkeys((CUT, WRONG), (aiohttp.ClientPayloadError,)),
        LATE: (TimeoutError,),
    },
}
"""What each library raises."""


def secure(ask: Ask) -> Ask:
    """Return a request under https, as programs have it."""
    return replace(ask, url=ask.url.replace("http://", "https://", 1))


def question(ask: Ask) -> Question:
    """Return a request as any library can send it."""
    more = dict(ask.more)
    timeout = max(more.pop("timeout", 20.0), PATIENCE)
    auth = more.pop("auth", None)
    made = httpx.Request(ask.method, ask.url, **more)
    if auth is not None:
        made = next(httpx.BasicAuth(*auth).auth_flow(made))
    kept = {name: value for name, value in made.headers.items() if name not in ("host", "content-length")}
    return Question(made.method, str(made.url), kept, made.content or None, timeout)


def headers(answer: Iterable[tuple[str | bytes, str | bytes]]) -> dict[str, str]:
    """Return headers by name, as libraries have them that join what comes twice; less what each connection says."""
    found: dict[str, str] = {}
    for pair in answer:
        name, value = (part.decode() if isinstance(part, bytes) else part for part in pair)
        found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
    found.pop("connection", None)
    return found


def told_by(story: str, send: Callable[[Question], Answer], sandbox: Any) -> list[Answer | Exception]:
    """Tell a story by a library; returns what it got."""
    script = turns(STORIES[story], lambda deed: act(sandbox, deed))
    got: list[Answer | Exception] = []
    came: Any = None
    try:
        ask = next(script)
        while True:
            try:
                answer = send(question(secure(ask)))
            except Exception as error:  # noqa: BLE001 - which one it is, is what is asked
                came = error
                got.append(error)
                # What it left open is found now, and not in whatever test comes next.
                gc.collect()
            else:
                came = httpx.Response(answer.status, content=answer.body)
                got.append(answer)
            ask = script.send(came)
    except StopIteration:
        return got


@cache
def expected(story: str) -> Told:
    """Return what a story comes to in process, by clients that know one another not."""
    sandbox = world(STORIES[story])

    def send(ask: Ask) -> httpx.Response:
        with httpx.Client(verify=False) as client:  # noqa: S501 - nothing is connected
            asked = secure(ask)
            return client.request(asked.method, asked.url, **asked.more)

    with router(sandbox):
        return Told(tell(STORIES[story], send, lambda deed: act(sandbox, deed)), journal(sandbox))


@pytest.fixture(scope="module", autouse=True)
def frozen() -> None:
    """Let the collector look at what these tests leave, not at all that came before: it is asked often."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def story() -> str:
    return CHOSEN[0]


@pytest.fixture
def sma_sandbox(story: str) -> SmaWorld:
    return world(STORIES[story])


def is_again(name: str, story: str) -> bool:
    """Tell whether a library sends a GET again whose connection ended without an answer."""
    return name.startswith("aiohttp") and story in (RESET, EMPTY)


def compare(told: Iterable[Answer | Exception], story: str, kinds: tuple[type[Exception], ...] = ()) -> None:
    for got, outcome in zip(told, expected(story).outcomes, strict=True):
        if isinstance(got, Exception):
            assert outcome.error, got
            assert isinstance(got, kinds), got
        else:
            assert (got.status, got.body) == (outcome.status, outcome.body)
            assert headers(got.headers) == headers(outcome.headers)


def crossed(stories: Sequence[str]) -> list[tuple[str, str]]:
    """Return a diagonal of clients and stories, which has each of both; every client with every story by hand."""
    is_all = os.environ.get("MOCK_SMA_STORIES") == "all"
    return [
        (name, story)
        for number, name in enumerate(CLIENTS)
        for place, story in enumerate(stories)
        if is_all or (number + place) % len(stories) == 0
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "story"), crossed(CHOSEN))
def test_a_story_is_the_same_by_every_library(sma_hosts: SmaHosts, name: str, story: str) -> None:
    compare(told_by(story, CLIENTS[name], sma_hosts.sandbox), story)
    assert journal(sma_hosts.sandbox) == expected(story).journal


@pytest.mark.slow
@pytest.mark.parametrize(("name", "story"), [pair for pair in crossed(BREAKING) if not is_again(*pair)])
def test_a_mishap_raises_the_librarys_own_exception(sma_hosts: SmaHosts, name: str, story: str) -> None:
    library = name.partition(" in ")[0]
    told = told_by(story, CLIENTS[name], sma_hosts.sandbox)
    compare(told, story, RAISES[library][story])
    assert journal(sma_hosts.sandbox) == expected(story).journal


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["connection_reset", "empty_response"])
@pytest.mark.parametrize("name", [name for name in CLIENTS if name.startswith("aiohttp")])
def test_aiohttp_asks_again_once_so_that_a_rule_has_to_strike_twice(sma_hosts: SmaHosts, name: str, fault: str) -> None:
    sma_hosts.sandbox.faults.add({"effect": {"fault": fault}, "times": 3})
    with pytest.raises(RAISES["aiohttp"][EMPTY]):
        CLIENTS[name](Question("GET", PLANTS, {}))
    gc.collect()
    assert len(sma_hosts.sandbox.requests) == 2
    assert CLIENTS[name](Question("GET", PLANTS, {})).status == 401
    assert len(sma_hosts.sandbox.requests) == 4
