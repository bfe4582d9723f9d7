"""Which scopes a token gets, and which of them need a consent (R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.auth.errors import oauth_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client

IDENTITY_SCOPES = ("profile", "email")
STANDARD_SCOPES = frozenset({"openid", "offline_access", *IDENTITY_SCOPES})


def wanted_scopes(client: Client, text: str | None, *, user: bool) -> list[str]:
    """Return the scopes a token gets: what was asked for, else all that the client is entitled to.

    Raises:
        ApiError: 400 ``invalid_scope`` for a scope that the client has not.
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
