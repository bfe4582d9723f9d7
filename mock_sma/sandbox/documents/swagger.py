"""The swagger documents (contract: MONITORING 0, AUTH 1.1)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import orjson

from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.hosts import Api

if TYPE_CHECKING:
    from mock_sma.sandbox.operation import Call, Operation

REPORTING_APIS = (Api.AUTH, Api.CONSENT, Api.BASIC_REPORTING)


def swagger(call: Call) -> Answer:
    """Answer ``GET /monitoring/swagger/v1/swagger.json`` with the document of this emulator."""
    return Answer(_document(call.world.operations))


def reporting_swagger(call: Call) -> Answer:
    """Answer ``GET /basicreporting/swagger/v1/swagger.json``: BasicReporting and the way to a token."""
    return Answer(_document(tuple(item for item in call.world.operations if item.api in REPORTING_APIS)))


@cache
def _document(operations: tuple[Operation, ...]) -> bytes:
    # A twentieth of a server's start, for a document that few ask for.
    from mock_sma.sandbox.openapi import openapi_document  # noqa: PLC0415 - see above

    return orjson.dumps(openapi_document(operations))
