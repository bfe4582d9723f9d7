"""Documents about the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class OpenApiBody(BaseModel):
    """This document."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any]

    openapi: str
