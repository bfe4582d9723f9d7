"""Operations that serve documents about the API."""

from __future__ import annotations

from mock_sma.sandbox.documents import swagger
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.operation import Need, Operation

DOCUMENTS: tuple[Operation, ...] = (
    Operation(
        id="getSwagger",
        api=Api.DOCUMENTS,
        method="GET",
        path="/monitoring/swagger/v1/swagger.json",
        handler=swagger,
        summary="Read the OpenAPI document",
        need=Need.NOTHING,
    ),
)
