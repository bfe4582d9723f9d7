"""The grant of an authorisation code (RFC 6749 section 4.1.3; RFC 7636 section 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.auth.errors import oauth_error
from mock_sma.sandbox.handlers.auth.scopes import api_scopes

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.access import Tokens
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.codes import Code


def redeem(call: Call, client: Client, form: dict[str, str]) -> Tokens:
    """Exchange a code for tokens.

    Raises:
        ApiError: 400 ``invalid_grant`` or ``invalid_request``; a second redemption ends the session of the first.
    """
    text = form.get("code")
    if not text:
        raise oauth_error(400, "invalid_request", "Missing parameter: code")
    code = _unused(call, client, text)
    _check(call, code, form)
    sessions = call.world.sessions
    session = sessions.open(client, code.scopes, code.user, call.now, code=code)
    code.session = session.id
    call.note("grant", text="the code begins a session", session=session.id)
    return sessions.tokens(session, call.now)


def _unused(call: Call, client: Client, text: str) -> Code:
    code = call.world.codes.find(text)
    if code is None or code.client_id != client.id:
        call.note("code", text="the code is unknown, or was issued to another client")
        raise oauth_error(400, "invalid_grant", "Code not valid")
    if code.session is not None:
        call.note("code", text="the code was redeemed before; its session ends now", session=code.session)
        call.world.sessions.close(code.session)
        raise oauth_error(400, "invalid_grant", "Code not valid")
    return code


def _check(call: Call, code: Code, form: dict[str, str]) -> None:
    if call.now >= code.expires:
        call.note("code", text=f"the code expired {call.now - code.expires:.0f} s ago")
        raise oauth_error(400, "invalid_grant", "Code is expired")
    if form.get("redirect_uri") != code.redirect_uri:
        call.note("code", text="the redirect_uri is not the one of the authorisation request")
        raise oauth_error(400, "invalid_grant", "Incorrect redirect_uri")
    _verify(call, code, form.get("code_verifier"))
    if not call.world.consents.covers_user(code.client_id, code.user, api_scopes(code.scopes)):
        call.note("consent", text="the consent was withdrawn between code and token")
        raise oauth_error(400, "invalid_scope", "Client no longer has requested consent from user")


def _verify(call: Call, code: Code, verifier: str | None) -> None:
    if code.challenge is None:
        return
    if not verifier:
        call.note("code", text="the code was asked for with PKCE, but no code_verifier came")
        raise oauth_error(400, "invalid_grant", "PKCE code verifier not specified")
    if not code.challenge.matches(verifier):
        call.note("code", text="the code_verifier does not answer the challenge")
        raise oauth_error(400, "invalid_grant", "PKCE verification failed")
