"""Errors of the auth host, in Keycloak's form (RFC 6749 section 5.2)."""

from __future__ import annotations

from mock_sma.errors import ApiError

BAD_CREDENTIALS = "Invalid client or Invalid client credentials"


def oauth_error(status: int, error: str, description: str) -> ApiError:
    """Return an error of the auth host, in Keycloak's form."""
    headers = (("cache-control", "no-store"), ("pragma", "no-cache"))
    return ApiError(status, description, error=error, headers=headers)
