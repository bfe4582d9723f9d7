"""The grant of a refresh token, and the end of its session (RFC 6749 section 6; docs/decisions.md, Tokens)."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.auth.errors import oauth_error

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.access import Tokens
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.session import Session


def refresh(call: Call, client: Client, form: dict[str, str]) -> Tokens:
    """Exchange a refresh token.

    Raises:
        ApiError: 400 ``invalid_grant`` with Keycloak's words.
    """
    session, token_id = _session_of(call, client, form)
    used = session.superseding(token_id, call.world.switches.refresh_reuse)
    if used is None:
        text = "the refresh token was used before and its successor is in use"
        call.note("token", text=text, session=session.id, refresh=token_id)
        raise oauth_error(400, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
    call.note("grant", text="the session goes on from its refresh token", session=session.id, refresh=token_id)
    return call.world.sessions.tokens(used, call.now, token_id)


def end_session(call: Call, client: Client, form: dict[str, str]) -> None:
    """End the session of a refresh token; its access tokens live until they expire.

    The browser's login that it came from ends with it, as Keycloak's does; an offline session is apart from it.
    """
    session, _ = _session_of(call, client, form)
    call.world.sessions.close(session.id)
    call.note("logout", text="the session of the refresh token ends", session=session.id)
    if session.login is not None and not session.offline:
        call.world.browser_sessions.end(session.login)
        call.note("login", text=f"the login of {session.user} in the browser has ended with the session")


def _session_of(call: Call, client: Client, form: dict[str, str]) -> tuple[Session, str]:
    """Return the session of the form's refresh token, and the token's id."""
    given = form.get("refresh_token")
    if not given:
        raise oauth_error(400, "invalid_request", "No refresh token")
    verdict = call.world.sessions.maker.read_refresh(given)
    claims = verdict.claims
    if claims is None or claims.get("typ") not in ("Refresh", "Offline"):
        call.note("token", text=f"the refresh token is not valid: {verdict.fault or 'it is of another type'}")
        raise oauth_error(400, "invalid_grant", "Invalid refresh token")
    if claims["azp"] != client.id:
        call.note("token", text="the refresh token was given to another client")
        raise oauth_error(400, "invalid_grant", "Invalid refresh token. Token client and authorized client don't match")
    expires = claims.get("exp", inf)
    if call.now >= expires:
        call.note("token", text=f"the refresh token expired {call.now - expires:.0f} s ago")
        raise oauth_error(400, "invalid_grant", "Token is not active")
    session = call.world.sessions.find(claims["sid"])
    if session is None or not session.active:
        call.note("token", text="the session of the refresh token has ended", session=claims["sid"], ended=True)
        raise oauth_error(400, "invalid_grant", "Session not active")
    token_id = str(claims["jti"])
    if not session.chained(token_id):
        call.note("token", text="the refresh token was handed out after the save point that the world was put back to")
        raise oauth_error(400, "invalid_grant", "Invalid refresh token")
    return session, token_id
