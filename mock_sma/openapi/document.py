"""The document: paths with their parameters, bodies, errors, links and examples."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.fidelity import load_ledger
from mock_sma.openapi.access import SECURITY_SCHEMES, SERVERS, TAGS, form_name, forms_of
from mock_sma.openapi.examples import error_example, example_of, request_example
from mock_sma.openapi.facts import Fact, parameter_fact, row_of, status_fact
from mock_sma.openapi.links import links_of
from mock_sma.openapi.parameters import path_parameter
from mock_sma.openapi.schemas import TEMPLATE, reference, schemas_of
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.wire.models.oauth import ApiErrorBody, OAuthErrorBody
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from mock_sma.sandbox.table.operation import Operation

MOUNTS = {Api.AUTH: "", Api.CONSENT: "", Api.MONITORING: "/monitoring", Api.BASIC_REPORTING: "/basicreporting"}
"""Prefix of each API in the sandbox's layout, which the document describes."""

REASONS = {
    200: "fine",
    201: "the record as it is now",
    204: "done",
    302: "back to the application, with a code or an error",
    303: "on to the place in Location",
    308: "migrated: the new place is in Location",
    400: "a parameter does not fit",
    401: "no valid credential or token",
    403: "exists, but no consent opens it",
    404: "unknown",
    415: "another content type is needed",
    429: "the quota is spent",
}
REDIRECTS = (302, 303, 308)

WITH_TOKEN = [{"bearer": []}, {"customFlow": ["monitoringApi:read"]}, {"codeFlow": ["monitoringApi:read"]}]
"""Any of them."""


def openapi_document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document: every operation of the APIs in :data:`MOUNTS`."""
    table = [operation for operation in operations if operation.api in MOUNTS]
    models: set[type[BaseModel]] = {ApiErrorBody, OAuthErrorBody}
    models |= {model for item in table for model in (item.answer, item.body) if model is not None}
    paths: dict[str, dict[str, Any]] = {}
    ids = {operation.id for operation in table}
    for operation in table:
        paths.setdefault(MOUNTS[operation.api] + operation.path, {})[operation.method.lower()] = _operation(
            operation, ids
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SMA Monitoring API, as emulated by mock-sma",
            "version": __version__,
            "description": "A reconstruction for tests. Independent of SMA; nothing here is SMA's own document. "
            "x-fidelity tells of each part how it is known.",
            "x-fidelity": load_ledger().counts()["total"],
        },
        "servers": SERVERS,
        "tags": [tag for tag in TAGS if tag["name"] in {item.api.value for item in table}],
        "paths": paths,
        "components": {"schemas": schemas_of(models) | forms_of(table), "securitySchemes": SECURITY_SCHEMES},
    }


@cache
def described(operations: tuple[Operation, ...], apis: frozenset[Api]) -> bytes:
    """Return the document of those operations that belong to one of ``apis``, as JSON."""
    return orjson.dumps(openapi_document(item for item in operations if item.api in apis))


def fidelity(fact: Fact) -> dict[str, Any]:
    """Return the member ``x-fidelity`` of a fact; nothing where the ledger has no row (a test forbids that)."""
    row = row_of(load_ledger(), fact)
    return {} if row is None else {"x-fidelity": row.brief()}


def _operation(operation: Operation, ids: set[str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.api.value],
        "parameters": _parameters(operation),
        "responses": _responses(operation, ids),
    } | fidelity(Fact("operation", (operation.id,)))
    needs_token = operation.need is Need.TOKEN
    described["security"] = WITH_TOKEN if needs_token else []
    if operation.form:
        schema = {"schema": {"$ref": TEMPLATE.format(model=form_name(operation))}} | request_example(operation)
        described["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": schema}}
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": _content(operation.body) | request_example(operation)},
        }
    if operation.deprecated:
        described["deprecated"] = True
    if operation.simulation:
        described["description"] = "Exists in SMA's sandbox, to simulate the owner."
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    path = [
        {"name": name, "in": "path", "required": True, **path_parameter(operation, name)}
        | fidelity(parameter_fact(operation, name))
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    query = [
        {
            "name": item.name,
            "in": "query",
            "required": item.required,
            "description": item.description,
            "schema": {"type": item.kind} | ({"pattern": item.form} if item.form else {}),
        }
        | ({"examples": {text: {"value": text} for text in item.examples}} if item.examples else {})
        | fidelity(parameter_fact(operation, item.name))
        for item in operation.query
    ]
    return path + query


def _responses(operation: Operation, ids: set[str]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": REASONS[operation.status]}
    if operation.answer is not None:
        success["content"] = {operation.media: _content(operation.answer) | example_of(operation)}
        success |= links_of(operation, ids)
    elif operation.media == "text/html":
        success["content"] = _page(operation)
    if operation.status in REDIRECTS:
        success["headers"] = {"Location": {"schema": {"type": "string"}}}
    responses = {str(operation.status): success}
    for status in operation.errors:
        responses[str(status)] = _error(operation, status)
    for code, response in responses.items():
        response.update(fidelity(status_fact(operation, int(code))))
    return responses


def _error(operation: Operation, status: int) -> dict[str, Any]:
    if operation.media == "text/html" and status >= 400:
        return {"description": REASONS[status], "content": _page(operation)}
    if status in REDIRECTS:
        return {"description": REASONS[status], "headers": {"Location": {"schema": {"type": "string"}}}}
    # An unreadable body is refused before OAuth's own rules are looked at.
    model = OAuthErrorBody if operation.api is Api.AUTH and status != 415 else ApiErrorBody
    content = _content(model) | (error_example(status) if model is ApiErrorBody else {})
    response: dict[str, Any] = {"description": REASONS[status], "content": {"application/json": content}}
    if status == 429:
        response["headers"] = {"Retry-After": {"description": "[s]", "schema": {"type": "integer", "minimum": 0}}}
    if status == 401 and operation.api is not Api.AUTH:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return response


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"schema": reference(model)}


def _page(operation: Operation) -> dict[str, Any]:
    return {operation.media: {"schema": {"type": "string"}}}
