"""The check of a request's access token (RFC 6750)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import ApiError
from mock_sma.sandbox.world.bearer import InvalidTokenError

if TYPE_CHECKING:
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.handlers.call import Call


def authorise(call: Call) -> Access:
    """Return what the request's bearer token allows.

    Raises:
        ApiError: 401 without a valid token, with ``WWW-Authenticate: Bearer`` (RFC 6750, section 3).
    """
    token = call.request.bearer
    if token is None:
        call.note("token", text="the request has no bearer token")
        raise unauthorized()
    try:
        access = call.world.bearer.access_of(token)
    except InvalidTokenError as error:
        call.note("token", text=f"the token is not valid: {error}")
        raise unauthorized() from None
    call.client_id = access.client_id
    if call.now >= access.expires:
        ago = call.now - access.expires
        call.note("token", text=f"the token expired {ago:.0f} s ago", expired_s=round(ago, 3), token=access.token)
        raise unauthorized()
    return access


def token_id(call: Call) -> str | None:
    """Return the id of the request's bearer token; None: there is none of this world's."""
    token = call.request.bearer
    try:
        return None if token is None else call.world.bearer.access_of(token).token
    except InvalidTokenError:
        return None


def unauthorized() -> ApiError:
    """Return the resource hosts' 401."""
    return ApiError(401, "Unauthorized", headers=(("www-authenticate", "Bearer"),))
