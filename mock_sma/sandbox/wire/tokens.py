"""The body of a token answer (docs/decisions.md, Tokens)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from mock_sma.sandbox.access import Tokens


def token_body(tokens: Tokens) -> bytes:
    """Return the members in the recorded order."""
    return orjson.dumps(
        {
            "access_token": tokens.access,
            "expires_in": tokens.lifetime,
            "refresh_expires_in": tokens.refresh_lifetime,
            "refresh_token": tokens.refresh,
            "token_type": "Bearer",
            "not-before-policy": tokens.not_before,
            "session_state": tokens.session,
            "scope": " ".join(tokens.scopes),
        }
    )
