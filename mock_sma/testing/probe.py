"""The shortest client that asks one thing: it stands in tests to copy until yours takes its place."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTH, API = "https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de"


class Credentials(Protocol):
    """What ``sma_mock`` and ``sma_hosts`` have."""

    @property
    def client_id(self) -> str:
        """Of an application."""

    @property
    def client_secret(self) -> str:
        """Of the same."""


def fetch_token(given: Credentials, **fields: str) -> dict[str, Any]:
    """Return what the token endpoint answers, an error too.

    Args:
        given: ``sma_mock`` or ``sma_hosts``.
        fields: the fields of the form, over those of a client's own token.
    """
    form = {"grant_type": "client_credentials", "client_id": given.client_id, "client_secret": given.client_secret}
    answer: dict[str, Any] = httpx.post(f"{AUTH}/oauth2/token", data=form | fields).json()
    return answer


def probe(
    given: Credentials,
    path: str,
    *,
    bearer: str | None = None,
    json: object = None,
    form: Mapping[str, str] | None = None,
    times: int = 1,
) -> None:
    """Ask SMA's sandbox hosts for one path, whatever comes of it.

    Args:
        given: ``sma_mock`` or ``sma_hosts``.
        path: ``/v1/…`` of the Monitoring API, or ``/oauth2/…``.
        bearer: token; empty: none; None: a fresh one.
        json: body of a POST.
        form: fields of a POST.
        times: how often.
    """
    token = fetch_token(given)["access_token"] if bearer is None else bearer
    origin = AUTH if path.startswith("/oauth2/logout") else f"{API}/monitoring" if path.startswith("/v") else API
    headers = {"authorization": f"Bearer {token}"} if token else {}
    method = "GET" if json is None and form is None else "POST"
    for _ in range(times):
        with suppress(httpx.HTTPError):
            httpx.request(method, origin + path, headers=headers, json=json, data=form, timeout=60)
