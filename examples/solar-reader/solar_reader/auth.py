"""Tokens, as an httpx authentication: one flow that serves sync and async clients."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from urllib.parse import urlencode

import httpx

from solar_reader.documents import loads

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

EARLY = 30.0
"""A token is refreshed this long before it expires [s]."""


class SmaAuth(httpx.Auth):
    """Logs in with client credentials, refreshes in time, and logs in anew where a refresh is refused.

    Args:
        token_url: of the auth host.
        now: seconds; a test gives the emulator's clock.
    """

    requires_response_body = True

    def __init__(
        self, token_url: str, client_id: str, client_secret: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._token_url = httpx.URL(token_url)
        self._client = urlencode({"client_id": client_id, "client_secret": client_secret})
        self._now = now
        self._access: str | None = None
        self._refresh: str | None = None
        self._expires = 0.0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token; where it is refused, once more with a new one."""
        if self._access is None or self._now() >= self._expires - EARLY:
            yield from self._renew()
        request.headers["Authorization"] = f"Bearer {self._access}"
        answer = yield request
        if answer.status_code == 401:
            self._refresh = None
            yield from self._renew()
            request.headers["Authorization"] = f"Bearer {self._access}"
            yield request

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        answer = None
        if self._refresh is not None:
            answer = yield self._ask(grant_type="refresh_token", refresh_token=self._refresh)
        if answer is None or answer.status_code == 400:
            answer = yield self._ask(grant_type="client_credentials")
        answer.raise_for_status()
        token = loads(answer.content)
        self._access, self._refresh = token["access_token"], token.get("refresh_token")
        self._expires = self._now() + token["expires_in"]

    def _ask(self, **fields: str) -> httpx.Request:
        form = f"{urlencode(fields)}&{self._client}"
        return httpx.Request("POST", self._token_url, content=form, headers=FORM)
