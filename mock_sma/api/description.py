"""How the control API describes itself: one form of error, and a token that may be wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXT = {"type": "string"}
PROBLEM_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what is wrong, and what to do"},
        "errors": {
            "type": "array",
            "items": {"type": "object"},
            "description": "every mistake, where there are several",
        },
    },
}

REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Refused: what is wrong, and what to do (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""Answers of every route besides its own; with them FastAPI leaves out its own form of error, which is never sent."""


class DescribedApp(FastAPI):
    """A FastAPI application whose document has the problem details, and says that a token may be wanted."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        if self.openapi_schema is None:
            document = super().openapi()
            components = document.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
            components["securitySchemes"] = {
                "controlToken": {"type": "http", "scheme": "bearer", "description": "where one is set: --control-token"}
            }
            document["security"] = [{}, {"controlToken": []}]
            # FastAPI describes a stream with a word of OpenAPI 3.2, which a document of 3.1 must not have.
            for media in described_streams(document):
                media["schema"] = {"type": "string"}
                media.pop("itemSchema", None)
        assert self.openapi_schema is not None
        return self.openapi_schema


def described_streams(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the document says of each answer that is a stream of events."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                yield from (media for name, media in answer.get("content", {}).items() if name == "text/event-stream")
