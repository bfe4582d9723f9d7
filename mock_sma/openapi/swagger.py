"""The swagger documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.openapi.document import described
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operations import OPERATIONS

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call

REPORTING_APIS = frozenset({Api.AUTH, Api.CONSENT, Api.BASIC_REPORTING})


def swagger(call: Call) -> Answer:  # noqa: ARG001 - a handler
    """Answer ``GET /monitoring/swagger/v1/swagger.json`` with the document of this emulator."""
    return Answer(described(OPERATIONS, frozenset(Api)))


def reporting_swagger(call: Call) -> Answer:  # noqa: ARG001 - a handler
    """Answer ``GET /basicreporting/swagger/v1/swagger.json``: BasicReporting and the way to a token."""
    return Answer(described(OPERATIONS, REPORTING_APIS))
