"""The control API under ``/_mock`` (INTERFACE, Control API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response

from mock_sma import __version__

if TYPE_CHECKING:
    from mock_sma.sandbox.worlds import Worlds


def control_app(worlds: Worlds) -> FastAPI:
    """Return the FastAPI application of the control API."""
    app = FastAPI(
        title="mock-sma control API",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/_mock/openapi.json",
    )

    @app.get("/_mock/health", tags=["server"])
    async def health() -> dict[str, str]:
        """Tell that the process lives."""
        return {"status": "ok", "version": __version__}

    @app.get("/_mock/ready", tags=["server"])
    async def ready() -> dict[str, str]:
        """Tell that a first vendor request would be answered."""
        return {"status": "ok", "version": __version__, "scenario": worlds.default.scenario.name}

    @app.post("/_mock/reset", status_code=204, tags=["world"])
    async def reset() -> Response:
        """Put the world back exactly to its scenario."""
        worlds.default.reset()
        return Response(status_code=204)

    @app.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        """Lead to the console."""
        return RedirectResponse("/_mock/console/")

    return app
