"""Scenarios: what runs, running another one, and editing with each mistake shown at its line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from mock_sma.api.console import losses
from mock_sma.api.console.page import page
from mock_sma.api.console.undo import step
from mock_sma.api.worker import in_thread
from mock_sma.errors import Problem, ScenarioError, UsageError
from mock_sma.scenario_file.read import MAX_SIZE
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.scenario import Scenario

RUNNING = "running"
"""What ``?edit=`` calls the scenario that runs; a shipped one goes by its name."""

FORMATS = ("yaml", "json")
AROUND = 2
"""Lines of context shown around a mistake."""


async def show(visit: Visit) -> Response:
    """Show what runs and what could, and a document to edit where one is asked for."""
    name = visit.query("edit")
    return await _page(visit, text=_document(visit, name), name=name)


def _document(visit: Visit, name: str) -> str:
    if not name:
        return ""
    if name == RUNNING:
        return str(dump_scenario(visit.world.recreating(), "yaml"))
    file = visit.library.file(name)
    if file is None:
        raise HTTPException(404, visit.library.unknown(name[:60]))
    with file.open("rb") as stream:
        return stream.read(MAX_SIZE).decode("utf-8", "replace")


async def _page(
    visit: Visit,
    *,
    text: str,
    name: str,
    form: str = "yaml",
    problems: tuple[Problem, ...] = (),
    notes: tuple[str, ...] | None = None,
    code: int = 200,
) -> Response:
    return page(
        visit,
        "scenarios",
        code=code,
        library=visit.library.listing(),
        question=losses.reset(visit.world),
        lost=losses.lost(visit.world),
        load_question=partial(losses.load, visit.world),
        text=text,
        edited=name,
        form=form,
        problems=problems,
        excerpts=excerpts(text, problems),
        notes=notes,
    )


async def change(visit: Visit) -> Response:
    """Load by name, or check, upload or run a document; a refused one leaves the running world as it is."""
    do = visit.field("do")
    if do == "load":
        scenario = await run_in_threadpool(load_scenario, visit.field("name"), library=visit.library)
        if not losses.is_sure(visit):
            return losses.ask(visit, losses.load(visit.world, scenario.name), visit.form.multi_items())
        return await _run(visit, scenario)
    if do not in ("upload", "run", "check"):
        raise UsageError("A scenario can be loaded, uploaded, checked and run.")
    text, name, form = await _given(visit) if do == "upload" else _edited(visit)
    try:
        scenario = await run_in_threadpool(parse_scenario, text, format=form, library=visit.library)
    except ScenarioError as error:
        return await _page(visit, text=shown(text), name=name, form=form, problems=error.problems, code=422)
    if do == "check":
        return await _page(visit, text=str(text), name=name, form=form, notes=scenario.warnings)
    if do == "upload" and not losses.is_sure(visit):
        content = shown(text)
        again = {"do": "run", "text": content, "name": name, "format": form, "back": visit.field("back")}
        return losses.ask(visit, losses.load(visit.world, scenario.name), again.items())
    return await _run(visit, scenario)


async def _run(visit: Visit, scenario: Scenario) -> Response:
    async with step(visit.world):
        await in_thread(lambda: visit.world.load(scenario))
    return visit.back("scenario")


def shown(text: str | bytes) -> str:
    """Return a document to be shown, whatever its bytes are."""
    return text if isinstance(text, str) else text.decode("utf-8", "replace")


def _edited(visit: Visit) -> tuple[str, str, str]:
    form = visit.field("format", "yaml")
    value = visit.form.get("text", "")
    # A browser sends the lines of a text field with CR LF.
    text = value.replace("\r\n", "\n") if isinstance(value, str) else ""
    return text, visit.field("name") or "document", form if form in FORMATS else "yaml"


async def _given(visit: Visit) -> tuple[bytes, str, str]:
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("Choose a scenario file: YAML or JSON.")
    form = "json" if file.filename.lower().endswith(".json") else "yaml"
    return await file.read(MAX_SIZE + 1), file.filename[:80], form


def excerpts(text: str, problems: tuple[Problem, ...]) -> list[tuple[int, str, list[Problem]]]:
    """Return the lines around each mistake: number, text, and the mistakes of that very line."""
    lines = text.splitlines()
    at: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.line is not None and problem.line <= len(lines):
            at.setdefault(problem.line, []).append(problem)
    near = {line + step for line in at for step in range(-AROUND, AROUND + 1)}
    return [(number, lines[number - 1], at.get(number, [])) for number in sorted(near) if 1 <= number <= len(lines)]
