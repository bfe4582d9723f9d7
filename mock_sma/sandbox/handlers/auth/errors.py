"""Errors of the auth host, in Keycloak's form (contract: AUTH 6.1)."""

from __future__ import annotations

from mock_sma.errors import ApiError

BAD_CREDENTIALS = "Invalid client or Invalid client credentials"


def oauth_error(status: int, error: str, description: str) -> ApiError:
    """Return an error of the auth host, in Keycloak's form (AUTH 6.1)."""
    headers = (("cache-control", "no-store"), ("pragma", "no-cache"))
    return ApiError(status, description, error=error, headers=headers)
