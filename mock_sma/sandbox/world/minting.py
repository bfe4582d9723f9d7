"""The tokens of a session: lifetimes and claims (docs/decisions.md, Tokens)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.scenario import Profile
from mock_sma.sandbox.access import Tokens
from mock_sma.sandbox.world.tokens import TokenMaker

if TYPE_CHECKING:
    from mock_sma.sandbox.world.session import Session
    from mock_sma.seeding import Identifiers

ACCESS_LIFETIME = 300
CLIENT_REFRESH_LIFETIME = 1_800
USER_REFRESH_LIFETIME = 172_800
"""Lifetimes [s], as recorded."""

PRODUCTION_NOT_BEFORE = 1_626_710_983
"""``not-before-policy`` seen in production; the sandbox sends 0."""


class Mint:
    """Makes the tokens of a world's sessions.

    Args:
        world: name of the world, part of its tokens' issuer.
        seed: of the world.
        profile: whose tokens they look like.
        identifiers: of the world.
    """

    def __init__(self, world: str, seed: int, profile: Profile, identifiers: Identifiers) -> None:
        production = profile is not Profile.SANDBOX
        self._identifiers = identifiers
        self._not_before = PRODUCTION_NOT_BEFORE if production else 0
        self.maker = TokenMaker(world, seed, "HS512" if production else "HS256")

    def mint(self, session: Session, now: float, parent: str | None = None) -> Tokens:
        """Make both tokens of a session, the refresh token out of ``parent``."""
        lifetime = self._refresh_lifetime(session, now)
        return Tokens(
            access=self._access(session, now),
            refresh=self._refresh(session, now, lifetime, parent),
            lifetime=ACCESS_LIFETIME,
            refresh_lifetime=lifetime,
            not_before=self._not_before,
            session=session.id,
            scopes=session.scopes,
        )

    @staticmethod
    def _refresh_lifetime(session: Session, now: float) -> int:
        if session.offline:
            return 0
        if session.user is None:
            return CLIENT_REFRESH_LIFETIME
        return int(min(USER_REFRESH_LIFETIME, session.ends - now))

    def _access(self, session: Session, now: float) -> str:
        issued = int(now)
        person = session.user or f"service-account-{session.client_id}"
        return self.maker.access(
            {
                "exp": issued + ACCESS_LIFETIME,
                "iat": issued,
                "jti": self._identifiers.uuid("jti"),
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

    def _refresh(self, session: Session, now: float, lifetime: int, parent: str | None) -> str:
        issued = int(now)
        token_id = self._identifiers.uuid("jti")
        session.remember(token_id, parent)
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
