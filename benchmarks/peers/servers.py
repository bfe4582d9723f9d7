"""How each general mock server is made to send some answers statically: its command, and the files that it reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Answers = dict[str, str]
    """Bodies by path; JSON, all of them."""

MODULES = Path(__file__).parent / "node_modules"


def version(package: str) -> str:
    """Return the version of an npm package."""
    return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])


def wiremock(folder: Path, port: int, answers: Answers) -> list[str]:
    """Return the command of WireMock with one stub an answer."""
    (folder / "mappings").mkdir()
    (folder / "__files").mkdir()
    for number, (path, body) in enumerate(answers.items()):
        file = f"{number}.json"
        (folder / "__files" / file).write_text(body, encoding="utf-8")
        response = {"status": 200, "bodyFileName": file, "headers": {"Content-Type": "application/json"}}
        stub = {"request": {"method": "GET", "urlPath": path}, "response": response}
        (folder / "mappings" / file).write_text(json.dumps(stub), encoding="utf-8")
    (jar,) = MODULES.glob("wiremock/build/wiremock-standalone-*.jar")
    options = ["--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    quick = ["--no-request-journal", "--disable-banner", "--use-chunked-encoding", "never"]
    return ["java", "-jar", str(jar), *options, *quick]


def mockserver(folder: Path, port: int, answers: Answers) -> list[str]:
    """Return the command of MockServer with one expectation an answer."""
    expectations = [
        {
            "httpRequest": {"method": "GET", "path": path},
            "httpResponse": {"statusCode": 200, "body": {"type": "JSON", "json": body}},
        }
        for path, body in answers.items()
    ]
    (folder / "expectations.json").write_text(json.dumps(expectations), encoding="utf-8")
    (jar,) = MODULES.glob("mockserver-node/mockserver-netty-*.jar")
    options = [f"-Dmockserver.initializationJsonPath={folder / 'expectations.json'}", "-Dmockserver.logLevel=WARN"]
    return ["java", *options, "-jar", str(jar), "-serverPort", str(port)]


def prism(folder: Path, port: int, answers: Answers) -> list[str]:
    """Return the command of Prism with an OpenAPI document whose examples are the bodies."""
    paths: dict[str, Any] = {}
    for path, body in answers.items():
        content = {"application/json": {"example": json.loads(body)}}
        paths[path] = {"get": {"responses": {"200": {"description": "an answer", "content": content}}}}
    document = {"openapi": "3.0.3", "info": {"title": "answers", "version": "1"}, "paths": paths}
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    program = str(MODULES / ".bin" / "prism")
    return [program, "mock", "--host", "127.0.0.1", "--port", str(port), str(folder / "openapi.json")]


def mockoon(folder: Path, port: int, answers: Answers) -> list[str]:
    """Return the command of Mockoon with one route an answer."""
    routes = [_route(number, path, body) for number, (path, body) in enumerate(answers.items(), 1)]
    environment = {
        "uuid": "33333333-3333-4333-8333-333333333333",
        "lastMigration": 33,
        "name": "answers",
        "port": port,
        "hostname": "127.0.0.1",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
    }
    (folder / "mockoon.json").write_text(json.dumps(environment), encoding="utf-8")
    program = str(MODULES / ".bin" / "mockoon-cli")
    options = ["--data", str(folder / "mockoon.json"), "--port", str(port), "--hostname", "127.0.0.1"]
    return [program, "start", *options, "--disable-log-to-file", "--disable-admin-api", "--repair"]


def _route(number: int, path: str, body: str) -> dict[str, Any]:
    response = {
        "uuid": f"11111111-1111-4111-8111-{number:012}",
        "body": body,
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": True,
        "fallbackTo404": False,
        "default": True,
        "crudKey": "id",
        "callbacks": [],
    }
    return {
        "uuid": f"22222222-2222-4222-8222-{number:012}",
        "type": "http",
        "documentation": "",
        "method": "get",
        "endpoint": path.lstrip("/"),
        "responses": [response],
        "responseMode": None,
    }


PEERS: dict[str, tuple[Callable[[Path, int, Answers], list[str]], str]] = {
    "WireMock": (wiremock, "wiremock"),
    "MockServer": (mockserver, "mockserver-node"),
    "Prism": (prism, "@stoplight/prism-cli"),
    "Mockoon": (mockoon, "@mockoon/cli"),
}
"""Name, command and npm package of each."""
