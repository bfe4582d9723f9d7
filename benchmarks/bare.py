"""Servers to compare with: a bare ASGI application and a Starlette route that send the very same bytes.

usage: bare.py asgi|starlette BODYFILE METHOD
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from mock_sma.api.server import Server, bind, run


def bare_asgi(body: bytes) -> Any:
    """Return an application that does nothing but send ``body``."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(body))]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] != "GET":
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def starlette(body: bytes, method: str) -> Any:
    """Return a Starlette application with one route that sends ``body``."""

    async def endpoint(request: Any) -> Response:
        if method != "GET":
            await request.body()
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/{path:path}", endpoint, methods=[method])])


def main() -> None:
    """Serve until ended."""
    kind, file, method = sys.argv[1:]
    body = Path(file).read_bytes()
    app = bare_asgi(body) if kind == "asgi" else starlette(body, method)
    sock = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    run(Server(app, on_ready=lambda: print(json.dumps({"url": url}), flush=True)), sock)


if __name__ == "__main__":
    main()
