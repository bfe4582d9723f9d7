"""``/oauth2/token`` and ``/oauth2/logout`` (RFC 6749)."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from mock_sma.domain.people import Flow
from mock_sma.errors import ApiError
from mock_sma.sandbox.claims import basic_credentials
from mock_sma.sandbox.exchange import FORM, Answer, Parameters
from mock_sma.sandbox.handlers.auth.errors import BAD_CREDENTIALS, oauth_error
from mock_sma.sandbox.handlers.auth.redeem import redeem
from mock_sma.sandbox.handlers.auth.refresh import end_session, refresh
from mock_sma.sandbox.handlers.auth.scopes import wanted_scopes
from mock_sma.sandbox.wire.tokens import token_body

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.access import Tokens
    from mock_sma.sandbox.handlers.call import Call

NO_STORE = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))


def form_of(call: Call) -> dict[str, str]:
    """Return the form of a POST; the query string stands in for a missing body (docs/decisions.md, Tokens).

    Raises:
        ApiError: 400 where a parameter appears twice, 415 where the body is no form.
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
    """Return the client that the request authenticates as, by Basic header or form (RFC 6749 section 2.3.1).

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
    return Answer(token_body(grant(call, client, form)), headers=NO_STORE)


def _client_credentials(call: Call, client: Client, form: dict[str, str]) -> Tokens:
    if client.flow is not Flow.CUSTOM:
        call.note("client", text="a client of the code flow gets no client token: one flow per client")
        raise oauth_error(401, "unauthorized_client", "Client not enabled to retrieve service account")
    scopes = wanted_scopes(client, form.get("scope"), user=False)
    sessions = call.world.sessions
    session = sessions.open(client, scopes, None, call.now)
    call.note("grant", text="the credentials begin a session", session=session.id)
    return sessions.tokens(session, call.now)


def _authorization_code(call: Call, client: Client, form: dict[str, str]) -> Tokens:
    if client.flow is not Flow.CODE:
        call.note("client", text="a client of the custom flow redeems no codes: one flow per client")
        raise oauth_error(400, "unauthorized_client", "Client not allowed to exchange code")
    return redeem(call, client, form)


GRANTS = {
    "client_credentials": _client_credentials,
    "refresh_token": refresh,
    "authorization_code": _authorization_code,
}


def logout(call: Call) -> Answer:
    """Answer ``POST /oauth2/logout``: 204, after which a refresh finds no active session."""
    form = form_of(call)
    end_session(call, authenticate(call, form), form)
    return Answer(status=204)
