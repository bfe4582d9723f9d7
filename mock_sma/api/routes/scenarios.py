"""``/_mock/scenarios`` and ``/_mock/scenario``: what there is, and what runs."""

from __future__ import annotations

from fastapi import APIRouter

from mock_sma.api.world import World
from mock_sma.scenario_file import shipped

router = APIRouter(tags=["scenario"])


@router.get("/scenarios")
async def list_scenarios() -> list[dict[str, str]]:
    """List the shipped scenarios."""
    return [{"name": name, "description": text} for name, text in shipped()]


@router.get("/scenario")
async def read_scenario(world: World) -> dict[str, str]:
    """Tell which scenario runs."""
    scenario = world.scenario
    return {"name": scenario.name, "description": scenario.description}
