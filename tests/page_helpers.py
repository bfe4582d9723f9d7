"""A browser without a browser: follows forms and cookies of the pages that a world answers."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from mock_sma.sandbox.exchange import Reply, Request

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

CALLBACK = "http://localhost:8000/callback"


def authorize_path(**parameters: str) -> str:
    """Return the path of an authorisation request; an empty value leaves a parameter out."""
    given = {
        "client_id": "demo_app",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "state": "xyz",
    } | parameters
    return "/oauth2/auth?" + urlencode({name: value for name, value in given.items() if value != ""})


class Visitor:
    """One browser with its cookies, on one origin."""

    def __init__(self, world: Sandbox, host: str = "127.0.0.1", **headers: str) -> None:
        self.world = world
        self.host = host
        self.headers = {b"host": host.encode()} | {key.encode(): value.encode() for key, value in headers.items()}
        self.cookie: bytes | None = None
        self.page = ""
        self.at = ""

    def send(self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str) -> Reply:
        """Send one request; follow nothing."""
        sent = self.headers | {key.encode(): value.encode() for key, value in headers.items()}
        if self.cookie is not None:
            sent[b"cookie"] = self.cookie
        body = b""
        if fields is not None:
            sent[b"content-type"] = b"application/x-www-form-urlencoded"
            body = urlencode(fields).encode()
        path, _, query = path.partition("?")
        reply = self.world.handle(Request(method, path, query, sent, body, host=self.host))
        given = reply.header(b"set-cookie")
        if given is not None:
            self.cookie = given.partition(b";")[0]
        self.page = reply.body.decode()
        self.at = path
        return reply

    def go(self, path: str) -> Reply:
        """Open a page; follow redirects on this origin."""
        return self._follow(self.send("GET", path))

    def submit(self, *, form: int = 0, **fields: str) -> Reply:
        """Send a form of the page, its hidden fields included; follow redirects on this origin."""
        return self._follow(self.post(form=form, **fields))

    def post(self, *, form: int = 0, **fields: str) -> Reply:
        """Send a form of the page; follow nothing."""
        found = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', self.page, re.DOTALL)[form]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', found[1]))
        return self.send("POST", unescape(found[0]), hidden | fields, origin=f"http://{self.host}")

    def _follow(self, reply: Reply) -> Reply:
        for _ in range(5):
            location = (reply.header(b"location") or b"").decode()
            if not location.startswith("/"):
                return reply
            reply = self.send("GET", location)
        raise AssertionError(f"too many redirects, the last to {location}")


def answered(reply: Reply) -> dict[str, str]:
    """Return the parameters that a redirect to the application brings."""
    assert reply.status == 302, reply.body
    location = (reply.header(b"location") or b"").decode()
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
