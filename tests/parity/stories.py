"""Stories of clients: what is asked one after the other, and what happens to the world in between.

A story yields :class:`Ask` and is sent the answer (None where the connection broke), or yields :class:`Do`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import httpx

CLIENT = {"client_id": "demo_api", "client_secret": "demo_secret"}
APP = {"client_id": "demo_app", "client_secret": "demo_secret"}
AUTH, API = "http://sandbox-auth.smaapis.de", "http://sandbox.smaapis.de"
TOKEN, CONSENT, V1 = f"{AUTH}/oauth2/token", f"{API}/oauth2/v2/bc-authorize", f"{API}/monitoring/v1"


@dataclass(frozen=True)
class Ask:
    """A request."""

    method: str
    url: str
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Do:
    """Something that happens: ``advance`` (seconds), ``accept`` … (e-mail), ``fault`` (rule), ``reset``."""

    verb: str
    argument: Any = None


Script = Generator[Ask | Do, httpx.Response | None, None]


@dataclass(frozen=True)
class Story:
    """A story and the world it begins in."""

    tell: Callable[[], Script]
    scenario: dict[str, Any]
    timeouts: bool = False  # whether the client's own are part of it; over ASGI a client has none


STORIES: dict[str, Story] = {}


def story(*, timeouts: bool = False, **scenario: Any) -> Callable[[Callable[[], Script]], Callable[[], Script]]:
    """Take a generator function up as a story over a scenario (its keys as in a document, by itself ``sandbox``)."""

    def take(tell: Callable[[], Script]) -> Callable[[], Script]:
        STORIES[tell.__name__] = Story(tell, {"extends": "sandbox"} | scenario, timeouts)
        return tell

    return take


def get(url: str, bearer: str | None = None, **more: Any) -> Ask:
    """Return a GET with a token."""
    headers = {"authorization": f"Bearer {bearer}"} if bearer is not None else {}
    return Ask("GET", url, {"headers": headers | more.pop("headers", {}), **more})


def form(url: str = TOKEN, **fields: str) -> Ask:
    """Return a POST of a form."""
    return Ask("POST", url, {"data": fields})


def login(**fields: str) -> Generator[Ask | Do, httpx.Response | None, dict[str, Any]]:
    """Ask for a token and return the answer."""
    answer = yield form(grant_type="client_credentials", **(CLIENT | fields))
    assert answer is not None
    assert answer.status_code == 200
    result: dict[str, Any] = answer.json()
    return result


def bearer(consented: str | None = None) -> Generator[Ask | Do, httpx.Response | None, str]:
    """Ask for a token, with an owner's consent where one is named, and return it."""
    if consented is not None:
        yield Do("accept", consented)
    answer = yield from login()
    return str(answer["access_token"])
