"""The swagger document at the real sandbox's address (contract: MONITORING 0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.openapi import openapi_document

if TYPE_CHECKING:
    from mock_sma.sandbox.operation import Call


def swagger(call: Call) -> Answer:
    """Answer ``GET /monitoring/swagger/v1/swagger.json`` with the document of this emulator."""
    return Answer(orjson.dumps(openapi_document(call.world.operations)))
