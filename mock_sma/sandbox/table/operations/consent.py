"""Operations of the consent host."""

from __future__ import annotations

from mock_sma.sandbox.handlers import consent
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Operation

CONSENT_PATH = "/oauth2/v2/bc-authorize"

CONSENT: tuple[Operation, ...] = (
    Operation(
        id="requestConsent",
        api=Api.CONSENT,
        method="POST",
        path=CONSENT_PATH,
        handler=consent.request_consent,
        summary="Ask an owner for consent",
        body_model="ConsentRequestBody",
        answer_model="ConsentBody",
        status=201,
        errors=(400, 401, 403, 404, 415, 429),
    ),
    Operation(
        id="readConsent",
        api=Api.CONSENT,
        method="GET",
        path=CONSENT_PATH + "/{loginHint}",
        handler=consent.read_consent,
        summary="Read the state of a consent",
        answer_model="ConsentBody",
        errors=(401, 403, 404, 429),
    ),
    Operation(
        id="simulateConsent",
        api=Api.CONSENT,
        method="PUT",
        path=CONSENT_PATH + "/{loginHint}/status",
        handler=consent.change_consent,
        summary="Simulate the owner's answer",
        body_model="ConsentChangeBody",
        answer_model="ConsentBody",
        errors=(400, 401, 403, 404, 415, 429),
        simulation=True,
    ),
    Operation(
        id="simulateConsentState",  # the address of 2022, which client programs of that time send to
        api=Api.CONSENT,
        method="PUT",
        path=CONSENT_PATH + "/{loginHint}/state",
        handler=consent.change_consent,
        summary="Simulate the owner's answer, at the older address",
        body_model="FormerConsentChangeBody",
        answer_model="ConsentBody",
        errors=(400, 401, 403, 404, 415, 429),
        simulation=True,
        deprecated=True,
    ),
)
