"""The swagger documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.hosts import Api

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call

REPORTING_APIS = (Api.AUTH, Api.CONSENT, Api.BASIC_REPORTING)


def swagger(call: Call) -> Answer:
    """Answer ``GET /monitoring/swagger/v1/swagger.json`` with the document of this emulator."""
    return Answer(call.describe(tuple(Api)))


def reporting_swagger(call: Call) -> Answer:
    """Answer ``GET /basicreporting/swagger/v1/swagger.json``: BasicReporting and the way to a token."""
    return Answer(call.describe(REPORTING_APIS))
