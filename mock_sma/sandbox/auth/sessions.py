"""Sessions: what stands behind a refresh token, and the check of access tokens (contract: AUTH 3 to 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from mock_sma.domain.scenario import Profile, RefreshReuse
from mock_sma.errors import ApiError
from mock_sma.sandbox.auth.tokens import TokenMaker
from mock_sma.sandbox.operation import Access

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client
    from mock_sma.sandbox.operation import Call
    from mock_sma.sandbox.sandbox import Sandbox

ACCESS_LIFETIME = 300
CLIENT_REFRESH_LIFETIME = 1_800
USER_REFRESH_LIFETIME = 172_800
USER_SESSION_LIFETIME = 30 * 86_400
"""Lifetimes [s] (AUTH 3.5)."""

PRODUCTION_NOT_BEFORE = 1_626_710_983
"""``not-before-policy`` seen in production; the sandbox sends 0 (AUTH 4.1)."""

MAX_SESSIONS = 10_000
MAX_SEEN = 10_000
MAX_CHAIN = 64
"""Refresh tokens remembered per session."""


@dataclass(slots=True, kw_only=True)
class Session:
    """A session at the auth host.

    Attributes:
        user: e-mail key in the code flow; None for a client token.
        offline: the refresh token does not expire.
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
    active: bool = True
    parents: dict[str, str | None] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)


class SessionBook:
    """All sessions of a world, bounded: the oldest are forgotten first."""

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        production = world.scenario.profile is not Profile.SANDBOX
        self.maker = TokenMaker(world.name, world.seed, "HS512" if production else "HS256")
        self.not_before = PRODUCTION_NOT_BEFORE if production else 0
        self._sessions: dict[str, Session] = {}
        self._seen: dict[str, Access] = {}

    def open(self, client: Client, scopes: Iterable[str], user: str | None, now: float) -> Session:
        """Begin a session."""
        names = tuple(scopes)
        session = Session(
            id=self._world.identifiers.uuid("session"),
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

    def answer(self, session: Session, now: float, parent: str | None = None) -> dict[str, Any]:
        """Mint both tokens and return the token answer's members in the recorded order (AUTH 3.4, 4.1)."""
        lifetime = self._refresh_lifetime(session, now)
        return {
            "access_token": self._mint_access(session, now),
            "expires_in": ACCESS_LIFETIME,
            "refresh_expires_in": lifetime,
            "refresh_token": self._mint_refresh(session, now, lifetime, parent),
            "token_type": "Bearer",
            "not-before-policy": self.not_before,
            "session_state": session.id,
            "scope": " ".join(session.scopes),
        }

    @staticmethod
    def _refresh_lifetime(session: Session, now: float) -> int:
        if session.offline:
            return 0
        if session.user is None:
            return CLIENT_REFRESH_LIFETIME
        return int(min(USER_REFRESH_LIFETIME, session.ends - now))

    def _mint_access(self, session: Session, now: float) -> str:
        issued = int(now)
        person = session.user or f"service-account-{session.client_id}"
        return self.maker.access(
            {
                "exp": issued + ACCESS_LIFETIME,
                "iat": issued,
                "jti": self._world.identifiers.uuid("jti"),
                "iss": self.maker.issuer,
                "aud": "account",
                "sub": person,
                "typ": "Bearer",
                "azp": session.client_id,
                "session_state": session.id,
                "scope": " ".join(session.scopes),
                "sid": session.id,
                "clientId": session.client_id,
                "preferred_username": person,
            }
        )

    def _mint_refresh(self, session: Session, now: float, lifetime: int, parent: str | None) -> str:
        issued = int(now)
        token_id = self._world.identifiers.uuid("jti")
        session.parents[token_id] = parent
        if len(session.parents) > MAX_CHAIN:
            oldest = next(iter(session.parents))
            del session.parents[oldest]
            session.superseded.discard(oldest)
        claims: dict[str, Any] = {} if session.offline else {"exp": issued + lifetime}
        claims |= {
            "iat": issued,
            "jti": token_id,
            "iss": self.maker.issuer,
            "aud": self.maker.issuer,
            "sub": session.user or f"service-account-{session.client_id}",
            "typ": "Offline" if session.offline else "Refresh",
            "azp": session.client_id,
            "session_state": session.id,
            "scope": " ".join(session.scopes),
            "sid": session.id,
        }
        return self.maker.refresh(claims)

    def refresh(self, call: Call, client: Client, token: str) -> dict[str, Any]:
        """Exchange a refresh token (AUTH 3.5, DECISIONS Tokens).

        Raises:
            ApiError: 400 ``invalid_grant`` with Keycloak's words.
        """
        session, token_id = self._session_of(call, client, token)
        reuse = self._world.switches.refresh_reuse
        if reuse is not RefreshReuse.ALLOWED and (token_id in session.superseded or token_id not in session.parents):
            call.note("token", text="the refresh token was used before and its successor is in use")
            raise ApiError(400, "Maximum allowed refresh token reuse exceeded", error="invalid_grant")
        parent = session.parents.get(token_id)
        session.superseded.add(token_id if reuse is RefreshReuse.STRICT else parent or "")
        return self.answer(session, call.now, token_id)

    def end(self, call: Call, client: Client, token: str) -> None:
        """End the session of a refresh token; its access tokens live until they expire (AUTH 3.6)."""
        session, _ = self._session_of(call, client, token)
        session.active = False

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
            raise ApiError(400, "Invalid refresh token", error="invalid_grant")
        if claims["azp"] != client.id:
            call.note("token", text="the refresh token was given to another client")
            raise ApiError(
                400,
                "Invalid refresh token. Token client and authorized client don't match",
                error="invalid_grant",
            )
        expires = claims.get("exp", inf)
        if call.now >= expires:
            call.note("token", text=f"the refresh token expired {call.now - expires:.0f} s ago")
            raise ApiError(400, "Token is not active", error="invalid_grant")
        session = self._sessions.get(claims["sid"])
        if session is None or not session.active:
            call.note("token", text="the session of the refresh token has ended")
            raise ApiError(400, "Session not active", error="invalid_grant")
        return session, str(claims["jti"])

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
        verdict = self.maker.read_access(token)
        claims = verdict.claims
        fault = verdict.fault
        if claims is not None and claims["sid"] not in self._sessions:
            fault = "its session is unknown: the world has been reset since, or has forgotten it"
        if fault or claims is None:
            call.note("token", text=f"the token is not valid: {fault}")
            raise unauthorized()
        session = self._sessions[claims["sid"]]
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
