"""The OpenAPI document of the vendor API, made from the operations table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from mock_sma import __version__
from mock_sma.domain.period import Period
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.operation import Need
from mock_sma.sandbox.wire.models import ApiErrorBody, OAuthErrorBody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from mock_sma.sandbox.operation import Operation

REFERENCE = "#/components/schemas/{model}"

MOUNTS = {Api.AUTH: "", Api.CONSENT: "", Api.MONITORING: "/monitoring", Api.BASIC_REPORTING: "/basicreporting"}
"""Prefix of each API in the sandbox's layout, which the document describes."""

PATH_PARAMETERS = {
    "plantId": "digits (ennexOS) or GUID (Classic)",
    "deviceId": "digits (ennexOS) or GUID (Classic)",
    "setType": "name of a measurement set, in any case",
    "period": f"one of {', '.join(Period)}, in any case",
    "loginHint": "e-mail of the owner, @ plain or as %40",
}

REASONS = {
    200: "fine",
    201: "the record as it is now",
    204: "done",
    302: "back to the application, with a code or an error",
    308: "migrated: the new place is in Location",
    400: "a parameter does not fit",
    401: "no valid credential or token",
    403: "exists, but no consent opens it",
    404: "unknown",
    415: "another content type is needed",
    429: "the quota is spent",
}


def openapi_document(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the document: every operation with its parameters, bodies and errors."""
    table = [operation for operation in operations if operation.api in MOUNTS]
    models: set[type[BaseModel]] = {ApiErrorBody, OAuthErrorBody}
    models |= {model for item in table for model in (item.answer, item.body) if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "serialization") for model in ordered], ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for operation in table:
        paths.setdefault(MOUNTS[operation.api] + operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SMA Monitoring API, as emulated by mock-sma",
            "version": __version__,
            "description": "A reconstruction for tests. Independent of SMA; nothing here is SMA's own document.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.api.value],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.need is Need.TOKEN:
        described["security"] = [{"bearer": []}]
    if operation.form:
        fields = {name: {"type": "string"} for name in operation.form}
        described["requestBody"] = {
            "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}}}
        }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": _content(operation.body)}}
    if operation.simulation:
        described["description"] = "Exists in SMA's sandbox, to simulate the owner."
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_PARAMETERS[name],
            "schema": {"type": "string"},
        }
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    query = [
        {
            "name": item.name,
            "in": "query",
            "required": item.required,
            "description": item.description,
            "schema": {"type": item.kind},
        }
        for item in operation.query
    ]
    return path + query


def _responses(operation: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {str(operation.status): {"description": REASONS[operation.status]}}
    if operation.answer is not None:
        responses[str(operation.status)]["content"] = {"application/json": _content(operation.answer)}
    page = {operation.media: {"schema": {"type": "string"}}} if operation.media == "text/html" else None
    if page is not None:
        responses[str(operation.status)]["content"] = page
    for status in operation.errors:
        responses[str(status)] = {"description": REASONS[status]}
        if page is not None:
            responses[str(status)] |= {"content": page} if status >= 400 else {}
            continue
        if status == 308:
            responses["308"]["headers"] = {"Location": {"schema": {"type": "string"}}}
            continue
        # An unreadable body is refused before OAuth's own rules are looked at.
        error = OAuthErrorBody if operation.api is Api.AUTH and status != 415 else ApiErrorBody
        responses[str(status)]["content"] = {"application/json": _content(error)}
    return responses


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}
