"""The tokens of a session: lifetimes and claims.

The claims of a client's tokens, their names and their order are those of a capture of SMA's sandbox of January 2025;
no token of the code flow was seen. What tells these tokens from SMA's stands in :mod:`~mock_sma.sandbox.world.tokens`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mock_sma.domain.scenario import Profile
from mock_sma.sandbox.access import Tokens
from mock_sma.sandbox.world.tokens import TokenMaker
from mock_sma.seeding import identity, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.people import User
    from mock_sma.sandbox.world.session import Session

ACCESS_LIFETIME = 300
CLIENT_REFRESH_LIFETIME = 1_800
USER_REFRESH_LIFETIME = 172_800
"""Lifetimes [s], as recorded."""

PRODUCTION_NOT_BEFORE = 1_626_710_983
"""``not-before-policy`` seen in production; the sandbox sends 0."""


ISSUER = "https://{host}/auth/realms/SMA"
"""``iss``: observed with the sandbox's host; production's is inferred."""

CLIENT_ADDRESS = "127.0.0.1"
"""``clientHost`` and ``clientAddress``: always this one, so that a token is the same whoever asks from wherever."""


@lru_cache(maxsize=256)
def _subject(seed: int, person: str) -> str:
    return identity(seed, "subject", person)


@lru_cache(maxsize=256)
def _user_number(seed: int, person: str) -> str:
    return str(1_000_000 + key(seed, "uid", person) % 9_000_000)


@lru_cache(maxsize=256)
def _service_account(seed: int, client_id: str) -> str:
    digits = f"{key(seed, 'service account', client_id):016x}"[:8]
    return f"{client_id}_{digits}@clients.mock-sma.invalid"


class Mint:
    """Makes the tokens of a world's sessions.

    Args:
        world: name of the world, which the key ids of its tokens follow from.
        seed: the seed of the world.
        profile: the environment of SMA's whose tokens these look like.
        users: people by their e-mail key, for the claims of the code flow.
    """

    def __init__(self, world: str, seed: int, profile: Profile, users: Mapping[str, User]) -> None:
        production = profile is not Profile.SANDBOX
        self._seed = seed
        self._users = users
        self._not_before = PRODUCTION_NOT_BEFORE if production else 0
        self._issuer = ISSUER.format(host="auth.smaapis.de" if production else "sandbox-auth.smaapis.de")
        self.maker = TokenMaker(world, seed, "HS512" if production else "HS256")

    def mint(self, session: Session, now: float, access: str, refresh: str) -> Tokens:
        """Make both tokens of a session, by their ids."""
        lifetime = self._refresh_lifetime(session, now)
        return Tokens(
            access=self._access(session, now, access),
            refresh=self._refresh(session, now, lifetime, refresh),
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

    def _access(self, session: Session, now: float, token_id: str) -> str:
        issued = int(now)
        person = session.user or session.client_id
        return self.maker.access(
            {
                "exp": issued + ACCESS_LIFETIME,
                "iat": issued,
                "jti": token_id,
                "iss": self._issuer,
                "sub": self._subject(session),
                "typ": "Bearer",
                "azp": session.client_id,
                "session_state": session.id,
                "acr": "1",
                "scope": " ".join(session.scopes),
                "sid": session.id,
                "uid": _user_number(self._seed, person),
                **(self._client(session.client_id) if session.user is None else self._person(session.user)),
            }
        )

    def _subject(self, session: Session) -> str:
        return _subject(self._seed, session.user or session.client_id)

    def _client(self, client_id: str) -> dict[str, str]:
        return {
            "clientId": client_id,
            "clientHost": CLIENT_ADDRESS,
            "preferred_username": _service_account(self._seed, client_id),
            "clientAddress": CLIENT_ADDRESS,
        }

    def _person(self, email_key: str) -> dict[str, str]:
        user = self._users.get(email_key)
        email = email_key if user is None else user.email
        name = {} if user is None or user.name is None else {"name": user.name}
        return {**name, "preferred_username": email, "email": email}

    def _refresh(self, session: Session, now: float, lifetime: int, token_id: str) -> str:
        issued = int(now)
        claims: dict[str, Any] = {} if session.offline else {"exp": issued + lifetime}
        claims |= {
            "iat": issued,
            "jti": token_id,
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": self._subject(session),
            "typ": "Offline" if session.offline else "Refresh",
            "azp": session.client_id,
            "session_state": session.id,
            "scope": " ".join(session.scopes),
            "sid": session.id,
        }
        return self.maker.refresh(claims)
