"""The control API under ``/_mock`` (INTERFACE, Control API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from mock_sma import __version__
from mock_sma.api.problems import add_problems
from mock_sma.api.routes.clock import clock_router
from mock_sma.api.routes.consents import consents_router
from mock_sma.api.routes.mailbox import mailbox_router
from mock_sma.api.routes.requests import requests_router
from mock_sma.api.routes.scenarios import scenarios_router
from mock_sma.api.start_page import HEADERS, start_page

if TYPE_CHECKING:
    from mock_sma.sandbox.worlds import Worlds

ROUTERS = (clock_router, consents_router, mailbox_router, requests_router, scenarios_router)


def control_app(worlds: Worlds) -> FastAPI:
    """Return the FastAPI application of the control API."""
    app = FastAPI(
        title="mock-sma control API",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/_mock/openapi.json",
    )
    add_problems(app)
    _add_server_routes(app, worlds)
    _add_pages(app, worlds)
    for router in ROUTERS:
        app.include_router(router(worlds))
    return app


def _add_server_routes(app: FastAPI, worlds: Worlds) -> None:
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


def _add_pages(app: FastAPI, worlds: Worlds) -> None:
    @app.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        """Lead to the console."""
        return RedirectResponse("/_mock/console/")

    @app.get("/_mock/console/", include_in_schema=False)
    async def console(request: Request) -> HTMLResponse:
        """Show where everything is."""
        origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return HTMLResponse(start_page(worlds.default, origin), headers=HEADERS)
