"""``/oauth2/token`` and ``/oauth2/logout`` (contract: AUTH 3.4 to 3.6, 4.1, 6.1)."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.people import Flow
from mock_sma.errors import ApiError
from mock_sma.sandbox.claims import basic_credentials
from mock_sma.sandbox.exchange import FORM, Answer, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client
    from mock_sma.sandbox.operation import Call

NO_STORE = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))
IDENTITY_SCOPES = ("profile", "email")
STANDARD_SCOPES = frozenset({"openid", "offline_access", *IDENTITY_SCOPES})
BAD_CREDENTIALS = "Invalid client or Invalid client credentials"


def oauth_error(status: int, error: str, description: str) -> ApiError:
    """Return an error of the auth host, in Keycloak's form (AUTH 6.1)."""
    headers = (("cache-control", "no-store"), ("pragma", "no-cache"))
    return ApiError(status, description, error=error, headers=headers)


def form_of(call: Call) -> dict[str, str]:
    """Return the form of a POST; the query string stands in for a missing body (DECISIONS, Tokens).

    Raises:
        ApiError: 400 where a parameter stands there twice, 415 where the body is no form.
    """
    request = call.request
    if request.body and request.media_type.encode() != FORM:
        raise ApiError(415, "Unsupported Media Type")
    text = request.body.decode("utf-8", "replace").strip() or request.query
    form = Parameters(text)
    if form.repeated() is not None:
        raise oauth_error(400, "invalid_request", "duplicated parameter")
    return form.as_dict()


def authenticate(call: Call, form: dict[str, str]) -> Client:
    """Return the client that the request authenticates as, by Basic header or form (AUTH 3.4).

    Raises:
        ApiError: 400 without a client id, 401 for an unknown one or a wrong secret.
    """
    client_id, secret = basic_credentials(call.request) or (form.get("client_id", ""), form.get("client_secret", ""))
    if not client_id:
        raise oauth_error(400, "invalid_client", "Missing client_id parameter")
    call.client_id = client_id
    client = call.world.clients.get(client_id)
    if client is None:
        known = ", ".join(call.world.clients)
        call.note("client", text=f"the client {client_id!r} is unknown; this world has {known}")
        raise oauth_error(401, "invalid_client", BAD_CREDENTIALS)
    if not compare_digest(client.secret.encode(), secret.encode()):
        call.note("client", text=f"the secret of client {client_id!r} is wrong")
        raise oauth_error(401, "unauthorized_client", BAD_CREDENTIALS)
    call.note("client", text=f"the client is {client_id!r} ({client.flow} flow)")
    return client


def wanted_scopes(client: Client, text: str | None, *, user: bool) -> list[str]:
    """Return the scopes a token gets: what was asked for, else all that the client is entitled to.

    Raises:
        ApiError: 400 ``invalid_scope`` for a scope that the client has not (AUTH 6.1).
    """
    asked = (text or "").split()
    unknown = [name for name in asked if name not in client.scopes and name not in STANDARD_SCOPES]
    if unknown:
        raise oauth_error(400, "invalid_scope", f"Invalid scopes: {text}")
    own = [name for name in client.scopes if name in asked]
    scopes = own or list(client.scopes)
    if user:
        scopes = ["profile", *scopes, "email"]
    return scopes + [name for name in asked if name == "offline_access"]


def api_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Return the scopes that need an owner's consent: those of SMA's APIs (R11)."""
    return frozenset(scopes) - STANDARD_SCOPES


def token(call: Call) -> Answer:
    """Answer ``POST /oauth2/token``."""
    form = form_of(call)
    grant_type = form.get("grant_type")
    if not grant_type:
        raise oauth_error(400, "invalid_request", "Missing form parameter: grant_type")
    grant = GRANTS.get(grant_type)
    if grant is None:
        raise oauth_error(400, "unsupported_grant_type", "Unsupported grant_type")
    client = authenticate(call, form)
    return Answer(orjson.dumps(grant(call, client, form)), headers=NO_STORE)


def _client_credentials(call: Call, client: Client, form: dict[str, str]) -> dict[str, object]:
    if client.flow is not Flow.CUSTOM:
        call.note("client", text="a client of the code flow gets no client token: one flow per client")
        raise oauth_error(401, "unauthorized_client", "Client not enabled to retrieve service account")
    scopes = wanted_scopes(client, form.get("scope"), user=False)
    sessions = call.world.sessions
    return sessions.answer(sessions.open(client, scopes, None, call.now), call.now)


def _refresh(call: Call, client: Client, form: dict[str, str]) -> dict[str, object]:
    given = form.get("refresh_token")
    if not given:
        raise oauth_error(400, "invalid_request", "No refresh token")
    return call.world.sessions.refresh(call, client, given)


def _authorization_code(call: Call, client: Client, form: dict[str, str]) -> dict[str, object]:
    if client.flow is not Flow.CODE:
        call.note("client", text="a client of the custom flow redeems no codes: one flow per client")
        raise oauth_error(400, "unauthorized_client", "Client not allowed to exchange code")
    return call.world.codes.redeem(call, client, form)


GRANTS = {
    "client_credentials": _client_credentials,
    "refresh_token": _refresh,
    "authorization_code": _authorization_code,
}


def logout(call: Call) -> Answer:
    """Answer ``POST /oauth2/logout``: 204, after which a refresh finds no active session."""
    form = form_of(call)
    client = authenticate(call, form)
    given = form.get("refresh_token")
    if not given:
        raise oauth_error(400, "invalid_request", "No refresh token")
    call.world.sessions.end(call, client, given)
    return Answer(status=204)
