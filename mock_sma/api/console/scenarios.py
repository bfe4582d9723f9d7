"""Scenarios: what runs, the library, and running another one, by name, from a file or from the editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from mock_sma.api import documents
from mock_sma.api.console import editor, losses
from mock_sma.api.console.page import page
from mock_sma.api.console.shelf import Bookshelf
from mock_sma.api.console.undo import step
from mock_sma.api.console.verdict import verdict_on
from mock_sma.api.documents import Document
from mock_sma.api.worker import in_thread
from mock_sma.errors import UsageError
from mock_sma.scenario_file.read import MAX_SIZE
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.scenario import Scenario


async def show(visit: Visit) -> Response:
    """Show what runs and what could; the editor where a document is asked for."""
    if visit.query("edit"):
        return await editor.show(visit)
    q, tag = visit.query("q"), visit.query("tag")
    return page(
        visit,
        "scenarios",
        shelf=await run_in_threadpool(Bookshelf, visit.library, q.strip(), tag),
        q=q,
        tag=tag,
        question=losses.reset(visit.world),
        load_question=partial(losses.load, visit.world),
    )


async def change(visit: Visit) -> Response:
    """Load by name, or look at, check, upload or run a document; a refused one leaves the running world as it is."""
    match visit.field("do"):
        case "load":
            return await _load(visit)
        case "look":
            return await editor.look(visit)
        case "check":
            document, name = editor.sent(visit)
            verdict = await verdict_on(visit, document.text, document.form, day=visit.field("day"))
            return editor.edited(visit, document, name, verdict, said=True)
        case "run":
            document, name = editor.sent(visit)
            return await _begin(visit, document.text, name, document.form)
        case "upload":
            return await _upload(visit)
        case _:
            raise UsageError("A scenario can be loaded, uploaded, checked and run.")


async def _load(visit: Visit) -> Response:
    scenario = await run_in_threadpool(load_scenario, visit.field("name"), library=visit.library)
    if not losses.is_sure(visit):
        return losses.ask(visit, losses.load(visit.world, scenario.name), visit.form.multi_items())
    return await _run(visit, scenario)


async def _upload(visit: Visit) -> Response:
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("Choose a scenario file: YAML or JSON.")
    form = "json" if file.filename.lower().endswith(".json") else "yaml"
    return await _begin(visit, await file.read(MAX_SIZE + 1), file.filename[:80], form, asks=True)


async def _begin(visit: Visit, text: str | bytes, name: str, form: str, *, asks: bool = False) -> Response:
    """Run a document, or show its mistakes.

    Args:
        asks: ask before the running world is lost, as the editor's page does by itself.
    """
    verdict = await verdict_on(visit, text, form, typing=True)
    content = text if isinstance(text, str) else text.decode("utf-8", "replace")
    document = Document(content, form)
    if verdict.scenario is None:
        return editor.edited(visit, document, name, verdict, said=True)
    if asks and not losses.is_sure(visit):
        again = {"do": "run", "text": content, "name": name, "format": form, "back": visit.field("back")}
        return losses.ask(visit, losses.load(visit.world, verdict.scenario.name), again.items())
    return await _run(visit, verdict.scenario, document)


async def _run(visit: Visit, scenario: Scenario, document: Document | None = None) -> Response:
    async with step(visit.world):
        await in_thread(lambda: visit.world.load(scenario))
    if document is not None:
        documents.keep(visit.world, document)
    return visit.back("scenario")
