"""Operations that serve documents about the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.leaves import later
from mock_sma.sandbox.exchange import HTML
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call

INDEX = "index.html"
INITIALIZER = "swagger-initializer.js"
SCRIPT = b"text/javascript; charset=utf-8"

ASSETS: dict[str, bytes] = {
    INDEX: HTML,
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": SCRIPT,
    "favicon-32x32.png": b"image/png",
}
"""Names and content types of Swagger UI's files."""


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
    kinds = ASSETS | {INITIALIZER: SCRIPT}
    return tuple(
        _document(
            f"getSwaggerUi{suffix}.{name}",
            f"{root}/{name}",
            later("openapi.ui", "initializer" if name == INITIALIZER else "asset"),
            "See the document in a browser" if name == INDEX else f"Load {name} of that page",
            kind.decode().partition(";")[0],
        )
        for name, kind in kinds.items()
    )


DOCUMENTS: tuple[Operation, ...] = (
    _document(
        "getSwagger",
        "/monitoring/swagger/v1/swagger.json",
        later("openapi.swagger", "swagger"),
        "Read the OpenAPI document",
        "application/json",
    ),
    _document(
        "getReportingSwagger",
        "/basicreporting/swagger/v1/swagger.json",
        later("openapi.swagger", "reporting_swagger"),
        "Read the OpenAPI document of BasicReporting",
        "application/json",
    ),
    *_interface("", "/monitoring"),
    *_interface("Reporting", "/basicreporting"),
)
