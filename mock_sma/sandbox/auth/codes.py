"""Authorisation codes: 60 seconds, once (contract: AUTH 3.3, 3.4; RFC 6749 section 4.1; RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from mock_sma.sandbox.auth.endpoint import api_scopes, oauth_error

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.operation import Call
    from mock_sma.sandbox.sandbox import Sandbox

CODE_LIFETIME = 60
"""[s] (AUTH 3.3)."""

MAX_CODES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A PKCE challenge, verified where one was sent."""

    value: str
    method: str

    def matches(self, verifier: str) -> bool:
        """Tell whether ``verifier`` answers the challenge."""
        expected = verifier
        if self.method == "S256":
            digest = hashlib.sha256(verifier.encode()).digest()
            expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return compare_digest(self.value.encode(), expected.encode())


@dataclass(slots=True, kw_only=True)
class Code:
    """One issued code and what it was issued for.

    Attributes:
        session_state: id of the session to come, which the browser was told with the code.
        login: id of the browser's login that it came from, or None.
        session: id of the session that the code was redeemed for.
    """

    client_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: Challenge | None
    expires: float
    session_state: str | None = None
    login: str | None = None
    session: str | None = None


class CodeBook:
    """The codes of a world, bounded."""

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        self._codes: dict[str, Code] = {}

    def issue(self, code: Code) -> str:
        """Remember a code and return its text, in Keycloak's three parts."""
        identifiers = self._world.identifiers
        text = ".".join(identifiers.uuid("code") for _ in range(3))
        self._codes[text] = code
        if len(self._codes) > MAX_CODES:
            del self._codes[next(iter(self._codes))]
        return text

    def knows(self, code: str) -> bool:
        """Tell whether this world issued ``code``, redeemed or expired as it may be."""
        return code in self._codes

    def redeem(self, call: Call, client: Client, form: dict[str, str]) -> dict[str, object]:
        """Exchange a code for tokens (AUTH 3.4).

        Raises:
            ApiError: one of the rows of AUTH 6.1; a second redemption ends the session of the first.
        """
        text = form.get("code")
        if not text:
            raise oauth_error(400, "invalid_request", "Missing parameter: code")
        code = self._codes.get(text)
        if code is None or code.client_id != client.id:
            call.note("code", text="the code is unknown, or was issued to another client")
            raise oauth_error(400, "invalid_grant", "Code not valid")
        if code.session is not None:
            call.note("code", text="the code was redeemed before; its session ends now")
            self._world.sessions.close(code.session)
            raise oauth_error(400, "invalid_grant", "Code not valid")
        return self._redeem_first(call, client, code, form)

    def _redeem_first(self, call: Call, client: Client, code: Code, form: dict[str, str]) -> dict[str, object]:
        world = self._world
        if call.now >= code.expires:
            call.note("code", text=f"the code expired {call.now - code.expires:.0f} s ago")
            raise oauth_error(400, "invalid_grant", "Code is expired")
        if form.get("redirect_uri") != code.redirect_uri:
            call.note("code", text="the redirect_uri is not the one of the authorisation request")
            raise oauth_error(400, "invalid_grant", "Incorrect redirect_uri")
        self._verify(call, code, form.get("code_verifier"))
        if not world.consents.covers_user(client.id, code.user, api_scopes(code.scopes)):
            call.note("consent", text="the consent was withdrawn between code and token")
            raise oauth_error(400, "invalid_scope", "Client no longer has requested consent from user")
        session = world.sessions.open(client, code.scopes, code.user, call.now, session_id=code.session_state)
        session.login = code.login
        code.session = session.id
        return world.sessions.answer(session, call.now)

    @staticmethod
    def _verify(call: Call, code: Code, verifier: str | None) -> None:
        if code.challenge is None:
            return
        if not verifier:
            call.note("code", text="the code was asked for with PKCE, but no code_verifier came")
            raise oauth_error(400, "invalid_grant", "PKCE code verifier not specified")
        if not code.challenge.matches(verifier):
            call.note("code", text="the code_verifier does not answer the challenge")
            raise oauth_error(400, "invalid_grant", "PKCE verification failed")
