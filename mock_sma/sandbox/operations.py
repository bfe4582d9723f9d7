"""The table: every operation of the vendor API, one entry each, in the order of the documentation."""

from __future__ import annotations

from mock_sma.sandbox.auth import backchannel, endpoint
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.operation import Need, Operation

TOKEN_FORM = ("grant_type", "client_id", "client_secret", "scope", "refresh_token", "code", "redirect_uri")
CONSENT_PATH = "/oauth2/v2/bc-authorize"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="token",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/token",
        handler=endpoint.token,
        summary="Get tokens",
        need=Need.NOTHING,
        form=TOKEN_FORM,
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
    Operation(
        id="requestConsent",
        api=Api.CONSENT,
        method="POST",
        path=CONSENT_PATH,
        handler=backchannel.request_consent,
        summary="Ask an owner for consent",
        status=201,
        errors=(400, 401, 403, 404, 415),
    ),
    Operation(
        id="readConsent",
        api=Api.CONSENT,
        method="GET",
        path=CONSENT_PATH + "/{loginHint}",
        handler=backchannel.read_consent,
        summary="Read the state of a consent",
        errors=(401, 403, 404),
    ),
    Operation(
        id="simulateConsent",
        api=Api.CONSENT,
        method="PUT",
        path=CONSENT_PATH + "/{loginHint}/status",
        handler=backchannel.change_consent,
        summary="Simulate the owner's answer",
        errors=(400, 401, 403, 404, 415),
        simulation=True,
    ),
)
