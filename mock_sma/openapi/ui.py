"""Swagger UI at the real sandbox's addresses, from files that the package brings along: no other host is asked.

The files of ``swagger_ui/`` are those of the npm package swagger-ui-dist, unchanged (see its README).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.people import Flow
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.table.operations.documents import ASSETS, INDEX, SCRIPT

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call

# Swagger UI sets styles on elements, and its icons are data: addresses; scripts come from files alone.
POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)

PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mock-sma: API documentation</title>
<link rel="icon" type="image/png" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>
This page needs JavaScript; the document that it shows is <a href="swagger/v1/swagger.json">swagger.json</a>.
</noscript>
<script src="swagger-ui-bundle.js"></script>
<script src="swagger-initializer.js"></script>
</body>
</html>
"""

START = """window.ui = SwaggerUIBundle(OPTIONS);
window.ui.initOAuth(LOGIN);
"""


def asset(call: Call) -> Answer:
    """Answer one of the files that :data:`ASSETS` names."""
    name = call.request.path.rsplit("/", 1)[1].lower()
    return Answer(PAGE if name == INDEX else _file(name), content_type=ASSETS[name], headers=HEADERS)


def initializer(call: Call) -> Answer:
    """Answer the script that starts the user interface, with a client of this world filled in."""
    clients = call.world.clients.values()
    client = next((item.id for item in clients if item.flow is Flow.CUSTOM), "")
    options = {
        "url": "swagger/v1/swagger.json",
        "dom_id": "#swagger-ui",
        "deepLinking": True,
        "docExpansion": "list",
        "defaultModelsExpandDepth": 0,
        "showExtensions": True,
        "validatorUrl": None,  # else the page asks a host of its maker's
    }
    login = {"clientId": client, "scopes": "monitoringApi:read"}
    text = START.replace("OPTIONS", orjson.dumps(options).decode()).replace("LOGIN", orjson.dumps(login).decode())
    return Answer(text.encode(), content_type=SCRIPT, headers=HEADERS)


@cache
def _file(name: str) -> bytes:
    return files("mock_sma.openapi").joinpath("swagger_ui", name).read_bytes()
