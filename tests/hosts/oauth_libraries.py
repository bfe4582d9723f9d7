"""Libraries of OAuth, which send by others: Authlib by requests and httpx2, requests-oauthlib by requests."""

from __future__ import annotations

from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from requests_oauthlib import OAuth2Session

from tests.hosts.libraries import CONTEXT, NO_COOKIES, Answer, in_every_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hosts.libraries import Question

AUTHLIB, REQUESTS_OAUTHLIB = AuthlibSession(), OAuth2Session("demo_app")
for session in (AUTHLIB, REQUESTS_OAUTHLIB):
    session.cookies.set_policy(NO_COOKIES)
AUTHLIB_HTTPX2 = OAuth2Client(cookies=CookieJar(NO_COOKIES))


def _by_session(session: Any) -> Callable[[Question], Answer]:
    def ask(asked: Question) -> Answer:
        got = session.request(
            asked.method,
            asked.url,
            withhold_token=True,
            headers=dict(asked.headers),
            data=asked.body,
            timeout=asked.timeout,
            allow_redirects=False,
        )
        return Answer(got.status_code, list(got.headers.items()), got.content)

    return ask


def by_httpx2(ask: Question) -> Answer:
    got = AUTHLIB_HTTPX2.request(
        ask.method, ask.url, withhold_token=True, headers=ask.headers, content=ask.body, timeout=ask.timeout
    )
    return Answer(got.status_code, got.headers.multi_items(), got.content)


async def in_httpx2(ask: Question) -> Answer:
    async with AsyncOAuth2Client(verify=CONTEXT) as client:
        got = await client.request(
            ask.method, ask.url, withhold_token=True, headers=ask.headers, content=ask.body, timeout=ask.timeout
        )
        return Answer(got.status_code, got.headers.multi_items(), got.content)


BY_OAUTH: dict[str, Callable[[Question], Answer]] = {
    "Authlib by requests": _by_session(AUTHLIB),
    "Authlib by httpx2": by_httpx2,
    "requests-oauthlib": _by_session(REQUESTS_OAUTHLIB),
    **in_every_loop({"Authlib by httpx2": in_httpx2}),
}
