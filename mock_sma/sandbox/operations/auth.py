"""Operations of the auth host (contract: AUTH 3, 4.1)."""

from __future__ import annotations

from mock_sma.sandbox.auth import endpoint
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.operation import Need, Operation
from mock_sma.sandbox.wire import models

TOKEN_FORM = ("grant_type", "client_id", "client_secret", "scope", "refresh_token", "code", "redirect_uri")

AUTH: tuple[Operation, ...] = (
    Operation(
        id="token",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/token",
        handler=endpoint.token,
        summary="Get tokens",
        need=Need.NOTHING,
        form=TOKEN_FORM,
        answer=models.TokenBody,
        errors=(400, 401, 415),
    ),
    Operation(
        id="logout",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/logout",
        handler=endpoint.logout,
        summary="End a session",
        need=Need.NOTHING,
        form=("client_id", "client_secret", "refresh_token"),
        status=204,
        errors=(400, 401, 415),
    ),
)
