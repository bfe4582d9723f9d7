"""Authlib and requests-oauthlib walk SMA's flows under ``sma_hosts``: their own steps, their own exceptions."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import BackendApplicationClient
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, InvalidGrantError, OAuth2Error
from requests_oauthlib import OAuth2Session

from mock_sma.testing import owner_answers
from tests.facts import LOGIN, OWNER
from tests.hosts.libraries import AUTH, CONTEXT, FORM, PLANTS, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.testing import SmaHosts

AUTHORIZE, CALLBACK = f"{AUTH}/oauth2/auth", "http://localhost:8000/callback"
APP, CUSTOM = ("demo_app", "demo_secret"), (FORM["client_id"], FORM["client_secret"])
AUTHLIB: dict[str, Callable[..., Any]] = {"requests": AuthlibSession, "httpx2": OAuth2Client}

pytestmark = pytest.mark.sma(consent="accepted")


@pytest.fixture(params=AUTHLIB)
def authlib(request: pytest.FixtureRequest) -> Callable[..., Any]:
    return AUTHLIB[request.param]


@pytest.fixture
def relaxed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accept a scope that holds more than was asked for, as SMA's does; oauthlib does not by itself."""
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")


def answered(url: str, decision: str = "accept") -> str:
    return str(owner_answers(url, email=OWNER, password=LOGIN["password"], decision=decision))


@pytest.mark.slow
def test_authlib_has_a_token_of_the_custom_flow_and_fetches_the_next(
    sma_hosts: SmaHosts, authlib: Callable[..., Any]
) -> None:
    with closing(authlib(*CUSTOM, token_endpoint=TOKEN, grant_type="client_credentials")) as client:
        client.fetch_token(TOKEN)
        assert len(client.get(PLANTS).json()["plants"]) == 9
        client.token["expires_at"] = 1
        assert len(client.get(PLANTS).json()["plants"]) == 9
    assert sma_hosts.sandbox.requests.of("POST", "/oauth2/token").statuses == [200, 200]


@pytest.mark.slow
def test_authlib_says_in_its_own_words_what_is_refused(sma_hosts: SmaHosts, authlib: Callable[..., Any]) -> None:
    with (
        closing(authlib("demo_api", "wrong")) as client,
        pytest.raises(OAuthError, match=r"invalid_client|unauthorized"),
    ):
        client.fetch_token(TOKEN, grant_type="client_credentials")
    with closing(authlib(*CUSTOM)) as client, pytest.raises(OAuthError, match="invalid_grant"):
        client.refresh_token(TOKEN, refresh_token="gone")


@pytest.mark.slow
def test_authlib_walks_the_code_flow_with_pkce_and_refreshes(sma_hosts: SmaHosts, authlib: Callable[..., Any]) -> None:
    kept: list[Any] = []
    more = {"redirect_uri": CALLBACK, "code_challenge_method": "S256", "token_endpoint": TOKEN}
    with closing(authlib(*APP, update_token=lambda token, **_: kept.append(token), **more)) as client:
        url, state = client.create_authorization_url(AUTHORIZE, code_verifier="v" * 48)
        client.fetch_token(TOKEN, authorization_response=answered(url), state=state, code_verifier="v" * 48)
        assert len(client.get(PLANTS).json()["plants"]) == 9
        sma_hosts.sandbox.clock.advance(minutes=6)
        assert client.get(PLANTS).status_code == 401
        client.token["expires_at"] = 1
        assert len(client.get(PLANTS).json()["plants"]) == 9
    assert [token["refresh_token"] for token in kept] == [client.token["refresh_token"]]


@pytest.mark.slow
async def test_authlib_in_asyncio(sma_hosts: SmaHosts) -> None:
    async with AsyncOAuth2Client(*CUSTOM, verify=CONTEXT) as client:
        await client.fetch_token(TOKEN, grant_type="client_credentials")
        assert len((await client.get(PLANTS)).json()["plants"]) == 9
        with pytest.raises(OAuthError, match="invalid_grant"):
            await client.refresh_token(TOKEN, refresh_token="gone")


@pytest.mark.slow
def test_requests_oauthlib_has_a_token_of_the_custom_flow(sma_hosts: SmaHosts, relaxed: None) -> None:
    with OAuth2Session(client=BackendApplicationClient("demo_api")) as client:
        client.fetch_token(TOKEN, client_id="demo_api", client_secret="demo_secret", include_client_id=True)
        assert len(client.get(PLANTS).json()["plants"]) == 9
        with pytest.raises(OAuth2Error, match=r"unauthorized|invalid_client"):
            client.fetch_token(TOKEN, client_id="demo_api", client_secret="wrong", include_client_id=True)


@pytest.mark.slow
def test_requests_oauthlib_walks_the_code_flow_and_refreshes_by_itself(sma_hosts: SmaHosts, relaxed: None) -> None:
    kept: list[Any] = []
    renews = {
        "auto_refresh_url": TOKEN,
        "auto_refresh_kwargs": dict(zip(("client_id", "client_secret"), APP, strict=True)),
    }
    with OAuth2Session("demo_app", redirect_uri=CALLBACK, token_updater=kept.append, pkce="S256", **renews) as client:
        url, _ = client.authorization_url(AUTHORIZE)
        back = answered(url).replace("http://", "https://", 1)  # a program's callback is behind TLS, or it says so
        client.fetch_token(TOKEN, authorization_response=back, client_secret="demo_secret")
        assert len(client.get(PLANTS).json()["plants"]) == 9
        client.token = client.token | {"expires_in": -1, "expires_at": 1}
        assert len(client.get(PLANTS).json()["plants"]) == 9
        assert len(kept) == 1
        with pytest.raises(InvalidGrantError):
            client.refresh_token(TOKEN, refresh_token="gone", **renews["auto_refresh_kwargs"])


@pytest.mark.slow
def test_requests_oauthlib_tells_an_owner_who_declines(sma_hosts: SmaHosts, relaxed: None) -> None:
    with OAuth2Session("demo_app", redirect_uri=CALLBACK) as client:
        url, _ = client.authorization_url(AUTHORIZE)
        with pytest.raises(AccessDeniedError):
            client.fetch_token(TOKEN, authorization_response=answered(url, "decline").replace("http:", "https:", 1))
