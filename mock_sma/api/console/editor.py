"""The editor of a scenario: its page, what is said of a document while one writes it, and the language's words."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from mock_sma.api.console import losses
from mock_sma.api.console.page import HEADERS, page
from mock_sma.api.console.verdict import Judgement, verdict_on
from mock_sma.api.console.words import words_at
from mock_sma.api.documents import Document, document_of
from mock_sma.scenario_file.read import MAX_SIZE

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

RUNNING = "running"
"""What ``?edit=`` calls the scenario that runs; a shipped one goes by its name."""

FORMATS = ("yaml", "json")
AROUND = 2
"""Lines of context shown around a mistake."""

MAX_DEPTH = 20
"""Keys of a place that is asked about."""


async def show(visit: Visit) -> Response:
    """Show a document to edit: the running one's, or that of a scenario of the library."""
    name = visit.query("edit")
    document = await run_in_threadpool(_document, visit, name)
    verdict = await verdict_on(visit, document.text, document.form, typing=True)
    return edited(visit, document, name, verdict)


def _document(visit: Visit, name: str) -> Document:
    if name == RUNNING:
        return document_of(visit.world, visit.library)
    file = visit.library.file(name)
    if file is None:
        raise HTTPException(404, visit.library.unknown(name[:60]))
    with file.open("rb") as stream:
        text = stream.read(MAX_SIZE).decode("utf-8", "replace")
    return Document(text, "json" if file.suffix == ".json" else "yaml")


def edited(visit: Visit, document: Document, name: str, verdict: Judgement, *, said: bool = False) -> Response:
    """Return the editor with a document in it.

    Args:
        said: whether somebody asked for the verdict, so that it stands before the text.
    """
    # The editor writes its styles into the page; the policy lets in those that carry this very page's number.
    nonce = secrets.token_urlsafe(16)
    answer = page(
        visit,
        "editor",
        code=422 if said and verdict.errors else 200,
        document=document,
        edited=name,
        lost=losses.lost(visit.world),
        excerpts=excerpts(document.text, verdict),
        nonce=nonce,
        said=said,
        **shown(verdict),
    )
    policy = HEADERS["content-security-policy"].replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    answer.headers["content-security-policy"] = policy
    return answer


def shown(verdict: Judgement) -> dict[str, Any]:
    """Return what a page shows of a verdict."""
    return {"verdict": verdict, "marks": [mark._asdict() for mark in verdict.marks if mark.line is not None]}


async def look(visit: Visit) -> Response:
    """Answer what is said of the text as it is now, for the editor to show beside it."""
    document, _ = sent(visit)
    verdict = await verdict_on(visit, document.text, document.form, day=visit.field("day"), typing=True)
    return page(visit, "verdict", **shown(verdict))


async def words(visit: Visit) -> Response:
    """Answer the keys that may stand at a place of a document: ``?path=plants/users``, and what stands beside it."""
    path = [part for part in visit.query("path").split("/") if part][:MAX_DEPTH]
    beside = {key: visit.query(key) for key in ("action", "kind") if visit.query(key)}
    return JSONResponse(words_at(path, beside), headers=HEADERS)


def sent(visit: Visit) -> tuple[Document, str]:
    """Return the document of a form, and its name."""
    form = visit.field("format", "yaml")
    value = visit.form.get("text", "")
    # A browser sends the lines of a text field with CR LF.
    text = value.replace("\r\n", "\n") if isinstance(value, str) else ""
    return Document(text, form if form in FORMATS else "yaml"), visit.field("name") or "document"


def excerpts(text: str, verdict: Judgement) -> list[tuple[int, str, list[str]]]:
    """Return the lines around each mistake: number, text, and the mistakes of that very line."""
    lines = text.splitlines()
    at: dict[int, list[str]] = {}
    for mark in verdict.errors:
        if mark.line is not None and mark.line <= len(lines):
            at.setdefault(mark.line, []).append(f"{mark.path}: {mark.text}" if mark.path else mark.text)
    near = {line + step for line in at for step in range(-AROUND, AROUND + 1)}
    return [(number, lines[number - 1], at.get(number, [])) for number in sorted(near) if 1 <= number <= len(lines)]
