"""The check of access tokens (contract: AUTH 3.5, 6.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import ApiError
from mock_sma.sandbox.operation import Access

if TYPE_CHECKING:
    from mock_sma.sandbox.auth.sessions import SessionBook
    from mock_sma.sandbox.auth.tokens import TokenMaker
    from mock_sma.sandbox.operation import Call

MAX_SEEN = 1_000


class BearerCheck:
    """Tells what a bearer token allows; a token seen before costs a look-up.

    Args:
        maker: of the world's tokens.
        sessions: that the tokens belong to.
    """

    def __init__(self, maker: TokenMaker, sessions: SessionBook) -> None:
        self._maker = maker
        self._sessions = sessions
        self._seen: dict[str, Access] = {}

    def authorise(self, call: Call) -> Access:
        """Return what the request's bearer token allows.

        Raises:
            ApiError: 401 without a valid token, with ``WWW-Authenticate: Bearer`` (DECISIONS, Resource API).
        """
        token = call.request.bearer
        if token is None:
            call.note("token", text="the request has no bearer token")
            raise unauthorized()
        access = self._seen.get(token)
        if access is None:
            access = self._read(call, token)
        call.client_id = access.client_id
        if call.now >= access.expires:
            ago = call.now - access.expires
            call.note("token", text=f"the token expired {ago:.0f} s ago", expired_s=round(ago, 3))
            raise unauthorized()
        return access

    def _read(self, call: Call, token: str) -> Access:
        verdict = self._maker.read_access(token)
        claims = verdict.claims
        fault = verdict.fault
        session = self._sessions.find(claims["sid"]) if claims is not None else None
        if claims is not None and session is None:
            fault = "its session is unknown: the world has been reset since, or has forgotten it"
        if fault or claims is None or session is None:
            call.note("token", text=f"the token is not valid: {fault}")
            raise unauthorized()
        access = Access(
            client_id=claims["azp"],
            scopes=frozenset(claims["scope"].split()),
            user=session.user,
            expires=float(claims["exp"]),
            session=session.id,
        )
        if len(self._seen) >= MAX_SEEN:
            self._seen.clear()
        self._seen[token] = access
        return access


def unauthorized() -> ApiError:
    """Return the resource hosts' 401."""
    return ApiError(401, "Unauthorized", headers=(("www-authenticate", "Bearer"),))
