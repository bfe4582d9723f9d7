"""The console's routes, for the default world and for each named one."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from mock_sma.api.allow import allowed
from mock_sma.api.console import (
    access,
    code_flow,
    compare,
    consents,
    downloads,
    editor,
    faults,
    plant_changes,
    plants,
    reference,
    requests,
    scenarios,
    session,
    start,
    steps,
    timeline,
    tour,
    world_list,
    your_client,
)
from mock_sma.api.console.page import HEADERS, STATIC, page, stamp
from mock_sma.api.console.visit import MAX_FORM, Visit, check_size
from mock_sma.api.worker import caught_up
from mock_sma.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Scope

    from mock_sma.api.login import Login
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds

    Handler = Callable[[Visit], Awaitable[Response]]

PAGES: tuple[tuple[str, Handler], ...] = (
    ("/", start.show),
    ("/tour", tour.show),
    ("/timeline", timeline.show),
    ("/plants", plants.list_plants),
    ("/plants/{plant}", plants.show_plant),
    ("/plants/{plant}/raw", downloads.raw_plant),
    ("/plants/{plant}/truth", plants.show_truth),
    ("/plants/{plant}/csv", downloads.csv_plant),
    ("/plants/{plant}/devices/{device}", plants.show_device),
    ("/plants/{plant}/devices/{device}/raw", downloads.raw_device),
    ("/plants/{plant}/devices/{device}/csv", downloads.csv_device),
    ("/compare", compare.show),
    ("/consents", consents.show),
    ("/mailbox", consents.show_mailbox),
    ("/requests", requests.show),
    ("/requests/{request}", requests.show_one),
    ("/session", session.show),
    ("/client", your_client.show),
    ("/scenarios", scenarios.show),
    ("/scenarios/words", editor.words),
    ("/faults", faults.show),
    ("/worlds", world_list.show),
    ("/api", reference.show),
    ("/api/try", reference.try_it),
    ("/fidelity", reference.ledger),
    ("/code-flow", code_flow.show),
    ("/callback", code_flow.callback),
)
"""What is read, below the console's place."""

ACTIONS: tuple[tuple[str, Handler], ...] = (
    ("/clock", steps.set_clock),
    ("/undo", steps.undo),
    ("/savepoints", steps.change_savepoints),
    ("/plants/{plant}/events", plant_changes.add_event),
    ("/plants/{plant}/owner", plant_changes.set_owner),
    ("/plants/{plant}/rows", plant_changes.change_rows),
    ("/consents", consents.answer),
    ("/mailbox", consents.clear_mailbox),
    ("/requests", requests.clear),
    ("/scenarios", scenarios.change),
    ("/faults", faults.change),
    ("/worlds", world_list.change),
    ("/callback", code_flow.exchange),
    ("/reset", start.reset),
    ("/logout", access.logout),
)
"""What is changed: forms, each with the page's own secret."""

PLACES = ("/_mock/console", "/_mock/worlds/{world}/console")


class Files(StaticFiles):
    """Static files; their addresses begin with a fingerprint, so a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with the console's headers; one that is kept packed goes packed to who takes it so."""
        path = path.removeprefix(f"{stamp()}/")
        packed, found = self.lookup_path(f"{path}.gz")
        answer = await super().get_response(path, scope) if found is None else _packed(packed, Request(scope))
        answer.headers.update({**HEADERS, "cache-control": "public, max-age=31536000, immutable"})
        return answer


def _packed(file: str, request: Request) -> Response:
    content = Path(file).read_bytes()
    headers = {"vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type="text/javascript", headers=headers)


def reading(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request)
        if visit.locked:
            return access.ask(visit)
        await caught_up(visit.world)
        return await handler(visit)

    return endpoint


def writing(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a form."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request)
        if visit.locked:
            return access.ask(visit)
        check_size(request)
        async with request.form(max_files=1, max_fields=50, max_part_size=MAX_FORM) as form:
            visit.form = form
            if not visit.login.is_csrf(form.get("csrf")):
                message = "This page is older than the server. Open it again, then repeat what you did."
                return page(visit, "error", code=403, title="Refused", message=message)
            await caught_up(visit.world)
            try:
                return await handler(visit)
            except (ScenarioError, UsageError) as error:
                return page(visit, "error", code=409, title="That cannot be done", message=str(error))

    return endpoint


async def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = error.detail
    if "world" in request.path_params and request.app.state.worlds.named(request.path_params["world"]) is None:
        # A page needs a world to stand in; the default one is always there.
        request.scope["path_params"] = {}
    elif message == "Not Found":
        message = "There is no such page in the console."
    title = {404: "Not found", 405: "Not this way"}.get(error.status_code, "That did not work")
    answer = page(Visit(request), "error", code=error.status_code, title=title, message=message)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = allowed(request)
    return answer


def console_app(worlds: Worlds, library: Library, login: Login) -> Starlette:
    """Return the console as an application."""
    routes: list[Route | Mount] = [Mount("/_mock/console/static", Files(directory=STATIC))]
    for place in PLACES:
        routes.append(Route(place, lambda request: RedirectResponse(f"{request.scope['raw_path'].decode('latin-1')}/")))
        routes += [Route(place + path, reading(handler)) for path, handler in PAGES]
        routes += [Route(place + path, writing(handler), methods=["POST"]) for path, handler in ACTIONS]
        routes.append(Route(f"{place}/login", access.log_in, methods=["POST"]))
    app = Starlette(routes=routes, exception_handlers={HTTPException: _error})
    app.state.worlds = worlds
    app.state.library = library
    app.state.login = login
    return app
