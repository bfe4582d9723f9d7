"""Errors of the control API as problem details (RFC 9457)."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from mock_sma.errors import ConflictError, ScenarioError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

PROBLEM = "application/problem+json"


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: object) -> JSONResponse:
    """Return an answer with the members ``type``, ``title``, ``status``, ``detail`` and ``more``."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body | more, status, dict(headers or {}), PROBLEM)


async def _http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, error.detail, headers=error.headers)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [{"at": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors()]
    detail = "; ".join(f"{item['at']}: {item['message']}" for item in errors)
    return problem(422, detail, errors=errors)


async def _scenario(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ScenarioError):
        raise error
    return problem(422, str(error), errors=[asdict(item) for item in error.problems])


async def _usage(_: Request, error: Exception) -> JSONResponse:
    return problem(400, str(error))


async def _conflict(_: Request, error: Exception) -> JSONResponse:
    return problem(409, str(error))


def add_problems(app: FastAPI) -> None:
    """Let an application spell its errors as problem details."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(ScenarioError, _scenario)
    app.add_exception_handler(ConflictError, _conflict)
    app.add_exception_handler(UsageError, _usage)
