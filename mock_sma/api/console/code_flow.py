"""The code flow from end to end: the "Connect SMA" button, the way back, the code and what it is exchanged for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from mock_sma.api.console.page import page
from mock_sma.domain.people import MONITORING_SCOPE, Flow
from mock_sma.errors import UsageError
from mock_sma.sandbox.exchange import FORM, Request

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.exchange import Reply

PLANTS = "/monitoring/v1/plants"


async def show(visit: Visit) -> Response:
    """Show the button of each client of the code flow, and who can log in."""
    clients = [item for item in visit.world.clients.values() if item.flow is Flow.CODE]
    users = visit.world.estate.users.values()
    owners = [user for user in users if user.registered and visit.world.estate.owned_by(user.email)]
    buttons = [(client, _authorization(visit, client)) for client in clients]
    return page(visit, "code-flow", clients=buttons, owners=owners[:10])


def _authorization(visit: Visit, client: Client) -> str:
    scopes = MONITORING_SCOPE if MONITORING_SCOPE in client.scopes else " ".join(client.scopes)
    query = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": _callback(visit),
        "scope": scopes,
        "state": f"{visit.login.seal}.{client.id}",
    }
    return f"/oauth2/auth?{urlencode(query)}"


def _callback(visit: Visit) -> str:
    return f"{visit.origin}{visit.base}/callback"


async def callback(visit: Visit) -> Response:
    """Show what the owner's browser brought back: a code, or an error."""
    seal, _, client_id = visit.query("state").partition(".")
    client = visit.world.clients.get(client_id)
    ours = seal == visit.login.seal and client is not None
    return page(
        visit,
        "callback",
        code=200 if ours else 400,
        ours=ours,
        client=client,
        brought=dict(visit.request.query_params),
        given=visit.query("code"),
        exchanged=None,
        plants=None,
    )


async def exchange(visit: Visit) -> Response:
    """Exchange a code for tokens and list plants with them, as the application would."""
    client = visit.world.clients.get(visit.field("client_id"))
    if client is None:
        raise UsageError("The client that the code was given to is gone; start again.")
    form = {
        "grant_type": "authorization_code",
        "code": visit.field("code"),
        "redirect_uri": _callback(visit),
        "client_id": client.id,
        "client_secret": client.secret,
    }
    reply = _ask(visit, "POST", "/oauth2/token", body=urlencode(form).encode())
    token = _token_of(reply)
    plants = _ask(visit, "GET", PLANTS, bearer=token) if token else None
    return page(
        visit,
        "callback",
        ours=True,
        client=client,
        brought={},
        given=visit.field("code"),
        exchanged=_shown(reply, "POST /oauth2/token"),
        plants=_shown(plants, f"GET {PLANTS}") if plants is not None else None,
    )


def _ask(visit: Visit, method: str, path: str, *, body: bytes = b"", bearer: str = "") -> Reply:
    """Ask the world as an application does; it stands in the journal like any other request."""
    host = visit.request.headers.get("host", "")
    headers = {b"host": host.encode("latin-1"), b"user-agent": b"mock-sma console"}
    if body:
        headers[b"content-type"] = FORM
    if bearer:
        headers[b"authorization"] = f"Bearer {bearer}".encode()
    return visit.world.handle(Request(method, path, "", headers, body, host.rpartition(":")[0]))


def _token_of(reply: Reply) -> str:
    if reply.status != 200:
        return ""
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return ""  # a fault rule may have broken it
    token = answer.get("access_token", "") if isinstance(answer, dict) else ""
    return token if isinstance(token, str) else ""


def _shown(reply: Reply, request: str) -> dict[str, Any]:
    return {"request": request, "status": reply.status, "body": reply.body}
