"""Sessions: what stands behind a refresh token (contract: AUTH 3 to 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from mock_sma.domain.scenario import RefreshReuse
from mock_sma.sandbox.auth.bearer import BearerCheck
from mock_sma.sandbox.auth.endpoint import oauth_error
from mock_sma.sandbox.auth.minting import Mint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client
    from mock_sma.sandbox.operation import Access, Call
    from mock_sma.sandbox.sandbox import Sandbox

USER_SESSION_LIFETIME = 30 * 86_400
"""Longest life of a session without ``offline_access`` [s] (AUTH 3.5)."""

MAX_SESSIONS = 5_000
MAX_CHAIN = 64
"""Refresh tokens remembered per session."""


@dataclass(slots=True, kw_only=True)
class Session:
    """A session at the auth host.

    Attributes:
        user: e-mail key in the code flow; None for a client token.
        offline: the refresh token does not expire.
        login: id of the browser's login that it came from, or None.
        ends: latest time of a refresh [s since the epoch].
        parents: refresh tokens by their id, with the token each was made from.
        superseded: refresh tokens that may not be used any more.
    """

    id: str
    client_id: str
    user: str | None
    scopes: tuple[str, ...]
    offline: bool
    ends: float
    login: str | None = None
    active: bool = True
    parents: dict[str, str | None] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)

    def remember(self, token_id: str, parent: str | None) -> None:
        """Take down a refresh token and the one it was made from; the oldest are forgotten over the bound."""
        self.parents[token_id] = parent
        if len(self.parents) > MAX_CHAIN:
            oldest = next(iter(self.parents))
            del self.parents[oldest]
            self.superseded.discard(oldest)


class SessionBook:
    """All sessions of a world, bounded: the oldest are forgotten first."""

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        self._mint = Mint(world)
        self.maker = self._mint.maker
        self._bearer = BearerCheck(self.maker, self)
        self._sessions: dict[str, Session] = {}

    def find(self, session_id: str) -> Session | None:
        """Return a session by its id, or None."""
        return self._sessions.get(session_id)

    def open(
        self, client: Client, scopes: Iterable[str], user: str | None, now: float, *, session_id: str | None = None
    ) -> Session:
        """Begin a session.

        Args:
            client: that gets its tokens.
            scopes: of the tokens.
            user: e-mail key in the code flow; None: a client token.
            now: [s since the epoch].
            session_id: that the browser was told already; None: a new one.
        """
        names = tuple(scopes)
        session = Session(
            id=session_id or self._world.identifiers.uuid("session"),
            client_id=client.id,
            user=user,
            scopes=names,
            offline="offline_access" in names,
            ends=inf if user is None or "offline_access" in names else now + USER_SESSION_LIFETIME,
        )
        self._sessions[session.id] = session
        if len(self._sessions) > MAX_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return session

    def answer(self, session: Session, now: float) -> dict[str, Any]:
        """Return the token answer of a session that begins."""
        return self._mint.answer(session, now)

    def authorise(self, call: Call) -> Access:
        """Return what the request's bearer token allows; see :class:`BearerCheck`."""
        return self._bearer.authorise(call)

    def refresh(self, call: Call, client: Client, token: str) -> dict[str, Any]:
        """Exchange a refresh token (AUTH 3.5, DECISIONS Tokens).

        Raises:
            ApiError: 400 ``invalid_grant`` with Keycloak's words.
        """
        session, token_id = self._session_of(call, client, token)
        reuse = self._world.switches.refresh_reuse
        if reuse is not RefreshReuse.ALLOWED and (token_id in session.superseded or token_id not in session.parents):
            call.note("token", text="the refresh token was used before and its successor is in use")
            raise oauth_error(400, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
        parent = session.parents.get(token_id)
        session.superseded.add(token_id if reuse is RefreshReuse.STRICT else parent or "")
        return self._mint.answer(session, call.now, token_id)

    def end(self, call: Call, client: Client, token: str) -> None:
        """End the session of a refresh token; its access tokens live until they expire (AUTH 3.6).

        The browser's login that it came from ends with it, as Keycloak's does; an offline session is apart from it.
        """
        session, _ = self._session_of(call, client, token)
        session.active = False
        if session.login is not None and not session.offline:
            self._world.browser_sessions.end(session.login)
            call.note("login", text=f"the login of {session.user} in the browser has ended with the session")

    def end_of_user(self, client_id: str, user: str) -> None:
        """End the sessions that a person's consent opened for a client."""
        for session in self._sessions.values():
            if session.client_id == client_id and session.user == user:
                session.active = False

    def close(self, session_id: str) -> None:
        """End a session by its id."""
        session = self._sessions.get(session_id)
        if session is not None:
            session.active = False

    def _session_of(self, call: Call, client: Client, token: str) -> tuple[Session, str]:
        verdict = self.maker.read_refresh(token)
        claims = verdict.claims
        if claims is None or claims.get("typ") not in ("Refresh", "Offline"):
            call.note("token", text=f"the refresh token is not valid: {verdict.fault or 'it is of another type'}")
            raise oauth_error(400, "invalid_grant", "Invalid refresh token")
        if claims["azp"] != client.id:
            call.note("token", text="the refresh token was given to another client")
            raise oauth_error(
                400, "invalid_grant", "Invalid refresh token. Token client and authorized client don't match"
            )
        expires = claims.get("exp", inf)
        if call.now >= expires:
            call.note("token", text=f"the refresh token expired {call.now - expires:.0f} s ago")
            raise oauth_error(400, "invalid_grant", "Token is not active")
        session = self._sessions.get(claims["sid"])
        if session is None or not session.active:
            call.note("token", text="the session of the refresh token has ended")
            raise oauth_error(400, "invalid_grant", "Session not active")
        return session, str(claims["jti"])
