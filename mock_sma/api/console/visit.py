"""One request to the console: its world, its form, and the page that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from mock_sma.api.login import LOCKED

if TYPE_CHECKING:
    from starlette.requests import Request

    from mock_sma.api.login import Login
    from mock_sma.domain.actions import Action
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.scenarios import Library
    from mock_sma.worlds.worlds import Worlds

MAX_FORM = 5 * 1024 * 1024
"""Largest part of a form [bytes]: a scenario document has 4 MiB at most, and 422 explains a larger one."""

MAX_BODY = 2 * MAX_FORM
"""Largest form [bytes]; in the form of an address a document takes more room than it has."""


def check_size(request: Request) -> None:
    """Look at a form's size before it is read.

    Raises:
        HTTPException: 411 where no size is named, as every browser does; 413 where it is too large.
    """
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise HTTPException(411, "A form has to name its size.")
    if int(length) > MAX_BODY:
        raise HTTPException(413, f"A form has {MAX_BODY} bytes at most.")


class Visit:
    """A request, and what every page needs to know.

    Attributes:
        world: the world that the path names.
        control: path of the world's control API, ``/_mock`` or ``/_mock/worlds/{name}``.
        base: path of the world's console, without a slash at its end.
        origin: scheme, host and port as the browser wrote them.
        form: fields of a POST; empty otherwise.
    """

    def __init__(self, request: Request, form: FormData | None = None) -> None:
        self.request = request
        self.form = FormData() if form is None else form
        self.worlds: Worlds = request.app.state.worlds
        self.library: Library = request.app.state.library
        self.login: Login = request.app.state.login
        self.locked: bool = request.scope.get(LOCKED, False)
        name = request.path_params.get("world")
        world: Sandbox | None = self.worlds.default if name is None else self.worlds.named(name)
        if world is None:
            raise HTTPException(404, f"There is no world {str(name)[:40]!r}.")
        self.world = world
        self.control = "/_mock" if name is None else f"/_mock/worlds/{quote(name, safe='')}"
        self.base = f"{self.control}/console"
        self.origin = f"{request.scope['scheme']}://{request.headers.get('host', '')}"

    def carry_out(self, action: Action) -> object:
        """Let an action happen in the world; the timeline tells that it came from the console."""
        return self.world.happenings.carry_out(action, by="console")

    @property
    def here(self) -> str:
        """The address of this very page, as the browser wrote it."""
        scope = self.request.scope
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        query = scope["query_string"].decode("latin-1")
        return f"{path}?{query}" if query else path

    @property
    def params(self) -> dict[str, Any]:
        """Parameters of the path."""
        return self.request.path_params

    def plant(self) -> Plant:
        """Return the plant that the path names.

        Raises:
            HTTPException: 404, there is none.
        """
        given = self.params["plant"]
        plant = self.world.estate.plant(given)
        if plant is None:
            raise HTTPException(404, f"There is no plant {given[:60]!r} in this world.")
        return plant

    def query(self, name: str, default: str = "") -> str:
        """Return a parameter of the query."""
        return self.request.query_params.get(name, default)

    def field(self, name: str, default: str = "") -> str:
        """Return a text field of the form without the spaces around it."""
        value = self.form.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def link(self, *parts: object, **query: object) -> str:
        """Return a path of this console from its parts, each percent-encoded."""
        path = "/".join([self.base, *(quote(str(part), safe="@") for part in parts)])
        given = {key: value for key, value in query.items() if value not in (None, "")}
        return f"{path if parts else path + '/'}{'?' + urlencode(given) if given else ''}"

    def back(self, done: str) -> RedirectResponse:
        """Lead back to the page whose form was sent, which says what was done.

        Args:
            done: a key of :data:`mock_sma.api.console.page.DONE`.
        """
        target = self.field("back")
        inside = target.startswith(f"{self.base}/") and "\\" not in target and "\n" not in target
        path = target if inside else f"{self.base}/"
        return RedirectResponse(f"{path}{'&' if '?' in path else '?'}{urlencode({'done': done})}", 303)


def console_of(visit: Visit, world: Sandbox) -> str:
    """Return the address of a world's console."""
    default = world is visit.worlds.default
    return "/_mock/console/" if default else f"/_mock/worlds/{quote(world.name, safe='')}/console/"
