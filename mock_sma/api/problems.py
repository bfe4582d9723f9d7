"""Errors of the control API as problem details (RFC 9457)."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, get_args

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from mock_sma.api.allow import allowed
from mock_sma.domain.reading import nearest
from mock_sma.errors import ConflictError, ForbiddenError, ScenarioError, UnknownError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

PROBLEM = "application/problem+json"

UNREADABLE = "There was an error parsing the body"
"""FastAPI's words for a body that Python's parser gives up on."""


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: object) -> JSONResponse:
    """Return an answer with the members ``type``, ``title``, ``status``, ``detail`` and ``more``."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body | more, status, dict(headers or {}), PROBLEM)


async def _http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    if error.detail == UNREADABLE:
        return problem(400, "the JSON cannot be read: it is nested too deeply, or a number has too many digits")
    if error.detail != HTTPStatus(error.status_code).phrase:
        return problem(error.status_code, error.detail, headers=error.headers)
    # The router's own words say nothing.
    path, end = request.scope["path"], "/_mock/openapi.json lists all routes"
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return problem(error.status_code, f"the control API has no {path}; {end}", headers=error.headers)
    methods = allowed(request)
    return problem(405, f"{path} does not take {request.method}, only {methods}; {end}", headers={"allow": methods})


async def _validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        {"at": ".".join(str(part) for part in item["loc"]), "message": _message(item, request)}
        for item in error.errors()
    ]
    detail = "; ".join(f"{item['at']}: {item['message']}" for item in errors)
    return problem(422, detail, errors=errors)


def _message(item: Mapping[str, Any], request: Request) -> str:
    """Return what is wrong with a value, in words that help where Pydantic's do not."""
    if item["type"] == "time_delta_parsing":
        return f"has to be seconds or an ISO 8601 duration such as PT5M, not {item['input']!r}"
    if item["type"] == "json_invalid":
        return f"this is not JSON: {item['ctx']['error']}"
    if item["loc"] == ("body",):
        return "a JSON body is missing" if item["type"] == "missing" else "has to be a JSON object"
    if item["type"] != "extra_forbidden":
        return str(item["msg"])
    kind, *path = item["loc"]
    known = _keys(request.scope.get("route"), kind) if len(path) == 1 else []
    return "unknown key" + (nearest(str(path[0]), known) if known else "; /_mock/openapi.json has the known ones")


def _keys(route: object, kind: str) -> list[str]:
    """Return the keys that the body or query of a route may have; empty where no one model says it."""
    if not isinstance(route, APIRoute):
        return []
    fields = [route.body_field] if kind == "body" else route.dependant.query_params
    kinds = [field.field_info.annotation for field in fields if field is not None]
    # A body that may be left out is a union with None.
    return [key for kind in kinds for model in (kind, *get_args(kind)) for key in getattr(model, "model_fields", ())]


async def _scenario(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ScenarioError):
        raise error
    return problem(422, str(error), errors=[asdict(item) for item in error.problems])


async def _usage(_: Request, error: Exception) -> JSONResponse:
    return problem(400, str(error))


async def _forbidden(_: Request, error: Exception) -> JSONResponse:
    return problem(403, str(error))


async def _conflict(_: Request, error: Exception) -> JSONResponse:
    return problem(409, str(error))


async def _unknown(_: Request, error: Exception) -> JSONResponse:
    return problem(404, str(error))


def add_problems(app: FastAPI) -> None:
    """Let an application spell its errors as problem details."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ScenarioError, _scenario)
    app.add_exception_handler(ForbiddenError, _forbidden)
    app.add_exception_handler(ConflictError, _conflict)
    app.add_exception_handler(UnknownError, _unknown)
    app.add_exception_handler(UsageError, _usage)
