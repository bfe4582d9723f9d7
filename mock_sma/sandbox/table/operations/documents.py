"""Operations that serve documents about the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.documents import swagger, ui
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call


def _document(name: str, path: str, handler: Callable[[Call], Answer], summary: str, media: str) -> Operation:
    return Operation(
        id=name,
        api=Api.DOCUMENTS,
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        need=Need.NOTHING,
        media=media,
    )


def _interface(suffix: str, root: str) -> tuple[Operation, ...]:
    """Return Swagger UI below an API's root: a page, and the files that it loads from beside it."""
    kinds = ui.ASSETS | {ui.INITIALIZER: ui.SCRIPT}
    return tuple(
        _document(
            f"getSwaggerUi{suffix}.{name}",
            f"{root}/{name}",
            ui.initializer if name == ui.INITIALIZER else ui.asset,
            "See the document in a browser" if name == ui.INDEX else f"Load {name} of that page",
            kind.decode().partition(";")[0],
        )
        for name, kind in kinds.items()
    )


DOCUMENTS: tuple[Operation, ...] = (
    _document(
        "getSwagger",
        "/monitoring/swagger/v1/swagger.json",
        swagger.swagger,
        "Read the OpenAPI document",
        "application/json",
    ),
    _document(
        "getReportingSwagger",
        "/basicreporting/swagger/v1/swagger.json",
        swagger.reporting_swagger,
        "Read the OpenAPI document of BasicReporting",
        "application/json",
    ),
    *_interface("", "/monitoring"),
    *_interface("Reporting", "/basicreporting"),
)
