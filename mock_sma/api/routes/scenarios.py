"""``/_mock/scenarios`` and ``/_mock/scenario``: what there is, and what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from mock_sma.scenario_file import shipped

if TYPE_CHECKING:
    from mock_sma.sandbox.worlds import Worlds


def scenarios_router(worlds: Worlds) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/_mock", tags=["scenario"])

    @router.get("/scenarios")
    async def list_scenarios() -> list[dict[str, str]]:
        """List the shipped scenarios."""
        return [{"name": name, "description": text} for name, text in shipped()]

    @router.get("/scenario")
    async def read_scenario() -> dict[str, str]:
        """Tell which scenario runs."""
        scenario = worlds.default.scenario
        return {"name": scenario.name, "description": scenario.description}

    return router
