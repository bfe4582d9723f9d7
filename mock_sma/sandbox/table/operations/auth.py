"""Operations of the auth host."""

from __future__ import annotations

from mock_sma.leaves import later
from mock_sma.sandbox.handlers.auth import endpoint
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need, Operation, QueryParameter
from mock_sma.sandbox.table.operations.pages import AUTHORIZE, refuse

TOKEN_FORM = (
    "grant_type",
    "client_id",
    "client_secret",
    "scope",
    "refresh_token",
    "code",
    "redirect_uri",
    "code_verifier",
)

AUTHORIZE_QUERY = (
    QueryParameter("client_id", "of a client of the code flow", required=True),
    QueryParameter("redirect_uri", "registered; a loopback one on any port", required=True),
    QueryParameter("response_type", "code", required=True),
    QueryParameter("state", "comes back as it is"),
    QueryParameter("scope", "such as offline_access"),
    QueryParameter("code_challenge", "of PKCE (RFC 7636); verified where it is sent"),
    QueryParameter("code_challenge_method", "S256 or plain"),
    QueryParameter("response_mode", "query"),
    QueryParameter("prompt", "login, consent or none"),
    QueryParameter("login_hint", "fills in the user name"),
    QueryParameter("ui_locales", "de or en"),
)

AUTH: tuple[Operation, ...] = (
    Operation(
        id="authorize",
        api=Api.AUTH,
        method="GET",
        path=AUTHORIZE,
        handler=later("pages.authorize", "authorize"),
        summary="Send the owner to login and consent",
        need=Need.NOTHING,
        query=AUTHORIZE_QUERY,
        errors=(302, 400),
        media="text/html",
        refuse=refuse,
    ),
    Operation(
        id="token",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/token",
        handler=endpoint.token,
        summary="Get tokens",
        need=Need.NOTHING,
        form=TOKEN_FORM,
        answer_model="TokenBody",
        errors=(400, 401, 415),
    ),
    Operation(
        id="logout",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/logout",
        handler=endpoint.logout,
        summary="End a session",
        need=Need.NOTHING,
        form=("client_id", "client_secret", "refresh_token"),
        status=204,
        errors=(400, 401, 415),
    ),
)
