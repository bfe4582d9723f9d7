"""From a source to a checked document: pydantic's complaints in words, each with its place."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from mock_sma.scenario_file.document import VERSION, ScenarioDoc
from mock_sma.scenario_file.templates import BUILT_IN, apply_templates

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source


def document_of(source: Source) -> ScenarioDoc:
    """Return the checked document of a source.

    Raises:
        ScenarioError: with every problem of form found.
    """
    value = source.value
    if not isinstance(value, dict):
        source.add((), "a scenario is a mapping of keys such as version, users and plants")
        source.check()
    version = value.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        source.add(
            ("version",), f"version {version} is newer than this mock-sma reads ({VERSION}); update mock-sma"
        )
        source.check()
    value = apply_templates(source, value)
    try:
        document = ScenarioDoc.model_validate(value)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_context=True):
            path, message = _complaint(item)
            source.add(path, message)
        source.check()
        raise
    source.check()
    return document


def _complaint(item: Any) -> tuple[Path, str]:
    path: Path = tuple(part for part in item["loc"] if not str(part).startswith(("function-", "literal[")))
    kind = item["type"]
    if kind == "extra_forbidden":
        return path, unknown_key(str(path[-1]), known_keys(path[:-1]))
    if kind == "missing":
        return path[:-1], f"the key {path[-1]!r} is missing"
    given = repr(item["input"])[:60]
    if kind in ("enum", "literal_error"):
        words = item["ctx"]["expected"]
        options = [word.strip(" '") for word in words.replace(" or ", ", ").split(",")]
        near = get_close_matches(str(item["input"]), options, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return path, f"{given} is none of {words}{hint}"
    return path, f"{_lower(item['msg'])}, not {given}"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def unknown_key(name: str, known: list[str]) -> str:
    """Return the complaint about an unknown key, with the nearest valid word."""
    near = get_close_matches(name, known, 1, 0.6)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"
    return f"unknown key {name!r}{hint}"


def known_keys(path: Path) -> list[str]:
    """Return the keys that the model at ``path`` knows."""
    model: Any = ScenarioDoc
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part) if model is not None else None
        model = _model_in(field.annotation) if field is not None else None
        if model is None:
            return []
    return list(model.model_fields)


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _model_in(part)
        if found is not None:
            return found
    return None


__all__ = ["BUILT_IN", "document_of", "known_keys", "unknown_key"]
