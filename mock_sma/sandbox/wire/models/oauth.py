"""Bodies of the auth and consent hosts, and of errors."""

from __future__ import annotations

from pydantic import BaseModel, Field

from mock_sma.sandbox.wire.models.base import Body


class ApiErrorBody(Body):
    """An error of the resource and consent hosts."""

    message: str
    code: str = Field(description="the status as a text")


class OAuthErrorBody(Body):
    """An error of the auth host (RFC 6749, section 5.2)."""

    error: str
    error_description: str | None = None


class TokenBody(Body):
    """Tokens."""

    access_token: str = Field(description="RS256 JWT")
    expires_in: int = Field(description="[s]")
    refresh_expires_in: int = Field(description="[s]; 0 with offline_access")
    refresh_token: str = Field(description="HMAC JWT")
    token_type: str
    not_before_policy: int = Field(alias="not-before-policy")
    session_state: str
    scope: str


class ConsentRequestBody(BaseModel):
    """A request for consent; further members are ignored."""

    loginHint: str = Field(description="e-mail of the owner's account")  # noqa: N815 - the wire's spelling


class ConsentChangeBody(BaseModel):
    """The simulated owner's answer."""

    state: str = Field(description="Accepted, Rejected or Revoked")


class FormerConsentChangeBody(BaseModel):
    """The simulated owner's answer, as it was sent in 2022; both addresses take either member."""

    status: str = Field(description="accepted, rejected or revoked")


class ConsentBody(Body):
    """A consent."""

    loginHint: str  # noqa: N815
    state: str = Field(description="Pending, Accepted, Rejected, Expired or Revoked")
    expirationDate: str = Field(description="end of the request, UTC, seven fractional digits")  # noqa: N815
    interval: int = Field(description="suggested polling interval [s]")
