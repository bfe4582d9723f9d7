"""``/_mock/scenarios`` and ``/_mock/scenario``: what there is, what runs, and running another one."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from mock_sma import scenarios  # its names one by one would load all that reads and writes documents
from mock_sma.api.bodies import bounded_body, format_of
from mock_sma.api.documents import Document, keep
from mock_sma.api.library import Scenarios  # noqa: TC001 - FastAPI reads it
from mock_sma.api.worker import in_thread
from mock_sma.api.world import World
from mock_sma.scenario_file.read import MAX_SIZE

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

router = APIRouter(tags=["scenario"])

KINDS = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
    "text/x-yaml": "yaml",
}
"""Content types of a scenario document."""

_DOCUMENT = {"schema": {"type": "object"}}


class ScenarioFormat(StrEnum):
    """A form of the whole document."""

    DOCUMENT = "document"
    YAML = "yaml"


def summary(world: Sandbox) -> dict[str, Any]:
    """Return what runs, in short."""
    scenario = world.scenario
    return {
        "name": scenario.name,
        "description": scenario.description,
        "profile": scenario.profile,
        "seed": world.seed,
        "started": datetime.fromtimestamp(world.started, UTC).isoformat(timespec="milliseconds"),
        "plants": len(scenario.plants),
        "users": len(scenario.users),
        "warnings": list(scenario.warnings),
    }


@router.get("/scenarios")
async def list_scenarios(library: Scenarios) -> list[dict[str, str]]:
    """List the scenarios that can be loaded by name."""
    return [{"name": name, "description": text} for name, text in library.listing()]


@router.get("/scenario", response_model=None)
async def read_scenario(
    world: World, wanted: Annotated[ScenarioFormat | None, Query(alias="format")] = None
) -> dict[str, Any] | Response:
    """Tell which scenario runs; ``format`` gives the whole document, which ``PUT`` takes back."""
    if wanted is None:
        return summary(world)
    document = await run_in_threadpool(lambda: scenarios.dump_scenario(world.recreating(), wanted.value))
    if wanted is ScenarioFormat.DOCUMENT:
        return JSONResponse(document)
    return Response(document, media_type="application/yaml")


@router.put(
    "/scenario",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": 'A scenario document, or `{"name": "…"}` of a known one.',
            "content": {"application/json": _DOCUMENT, "application/yaml": _DOCUMENT},
        }
    },
)
async def load_scenario(world: World, library: Scenarios, request: Request) -> dict[str, Any]:
    """Run another scenario from its beginning; one that is refused leaves the running world as it is."""
    kind = format_of(request, KINDS)
    text = await bounded_body(request, MAX_SIZE)
    # A large document takes its time; meanwhile requests are answered.
    scenario = await run_in_threadpool(lambda: scenarios.parse_wish(text, format=kind, library=library))
    await in_thread(lambda: world.load(scenario))
    keep(world, Document(text.decode("utf-8", "replace"), kind))
    return summary(world)
