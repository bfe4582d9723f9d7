"""The control API under ``/_mock`` (docs/control.md)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from mock_sma.api.description import REFUSALS, DescribedApp
from mock_sma.api.paths import ICON
from mock_sma.api.problems import add_problems
from mock_sma.api.routes import (
    capsule,
    clock,
    consents,
    coverage,
    events,
    faults,
    fidelity,
    findings,
    health,
    mailbox,
    plants,
    report,
    requests,
    reset,
    rows,
    savepoints,
    scenarios,
    timeline,
)
from mock_sma.api.routes import worlds as world_list
from mock_sma.api.routes.metrics import router as metrics_router
from mock_sma.api.world import named
from mock_sma.scenarios.cache import ScenarioCache
from mock_sma.version import __version__

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.routing import BaseRoute

    from mock_sma.api.metrics import Metrics
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds

WORLD_ROUTERS = (
    capsule.router,
    savepoints.router,
    clock.router,
    consents.router,
    coverage.router,
    events.router,
    faults.router,
    fidelity.router,
    findings.router,
    health.router,
    mailbox.router,
    plants.router,
    rows.router,
    report.router,
    requests.router,
    reset.router,
    scenarios.router,
    timeline.router,
)
"""Routes about one world: each exists under ``/_mock`` and under ``/_mock/worlds/{world}``."""


DESCRIPTION: dict[str, Any] = {
    "title": "mock-sma control API",
    "summary": "Time, faults, consents, worlds, and why",
    "version": __version__,
    "responses": REFUSALS,
    "docs_url": None,
    "redoc_url": None,
    "openapi_url": "/_mock/openapi.json",
}


def control_app(worlds: Worlds, library: Library, metrics: Metrics) -> FastAPI:
    """Return the FastAPI application of the control API."""
    app = DescribedApp(**DESCRIPTION, routes=list(_routes()))
    app.state.worlds = worlds
    app.state.library = library
    app.state.is_ending = bool
    app.state.scenarios = ScenarioCache(library)
    app.state.metrics = metrics
    add_problems(app)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes, which all applications share: FastAPI takes a tenth of a second to read their functions."""
    app = DescribedApp(**DESCRIPTION | {"openapi_url": None})
    _add_root(app)
    app.include_router(metrics_router, prefix="/_mock")
    app.include_router(world_list.router, prefix="/_mock")
    for router in WORLD_ROUTERS:
        app.include_router(router, prefix="/_mock")
        app.include_router(router, prefix="/_mock/worlds/{world}", dependencies=[Depends(named)])
    return tuple(app.routes)


def read_routes() -> None:
    """Have FastAPI read the routes to their ends, as it does for each when it is looked at first."""
    scope = {"type": "http", "method": "GET", "path": "/_mock/-", "root_path": "", "headers": []}
    for route in _routes():
        route.matches(scope)


def _add_root(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def root() -> RedirectResponse:
        """Lead to the console."""
        return RedirectResponse("/_mock/console/")

    @app.get(ICON, include_in_schema=False)
    async def icon() -> Response:
        """Answer browsers that look for an icon where a page names none."""
        return Response(status_code=204)
