"""Pydantic's complaints in words, each with its place and the nearest word that would be right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from mock_sma.domain.reading import choices
from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.timeline_document import ACTIONS, action_names, model_of

if TYPE_CHECKING:
    from pydantic import ValidationError

    from mock_sma.scenario_file.source import Path, Source


def complain(source: Source, error: ValidationError, value: Any, prefix: Path = ()) -> None:
    """Take down each of pydantic's complaints; ``prefix`` stands before their paths."""
    for item in error.errors(include_url=False):
        path = path_of((*prefix, *item["loc"]))
        kind, given, context = item["type"], item["input"], item.get("ctx", {})
        if kind == "missing":
            what = f"the key {path[-1]!r} is missing" if isinstance(path[-1], str) else "needs two values, as in [1, 2]"
            source.add(path[:-1], what)
        elif kind == "union_tag_not_found":
            source.add(path, "the key 'action' is missing" if isinstance(given, dict) else _wrong(item))
        elif kind == "union_tag_invalid":
            actions = [name for model in ACTIONS for name in action_names(model)]
            message = f"unknown action {context['tag']!r}{choices(str(context['tag']), actions)}"
            source.add((*path, "action"), message)
        elif kind == "extra_forbidden":
            word = str(path[-1])
            source.add(path, f"unknown key {word!r}{choices(word, known_keys(path[:-1], value))}")
        else:
            source.add(path, _wrong(item))


def path_of(location: tuple[str | int, ...]) -> Path:
    """Return the key path of a complaint as somebody wrote it."""
    # Pydantic puts the action's name behind an entry's index; nobody wrote it there as a key.
    actions = {name for model in ACTIONS for name in action_names(model)}
    return tuple(
        part
        for index, part in enumerate(location)
        if not (index == 2 and location[0] == "timeline" and part in actions) and part != "[key]"
    )


WORDS = {
    "string_type": "has to be a text",
    "dict_type": "has to be a mapping",
    "model_type": "has to be a mapping",
    "model_attributes_type": "has to be a mapping",
    "tuple_type": "has to be a list",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "timezone_aware": "has to name its offset, as 2025-06-15T12:00:00+02:00 does",
    "datetime_from_date_parsing": "has to be a time like 2025-06-15T12:00:00+02:00",
    "datetime_parsing": "has to be a time like 2025-06-15T12:00:00+02:00",
    "datetime_type": "has to be a time like 2025-06-15T12:00:00+02:00",
    "date_from_datetime_parsing": "has to be a date like 2025-06-15",
    "date_parsing": "has to be a date like 2025-06-15",
    "date_from_datetime_inexact": "has to be a date like 2025-06-15",
    "date_type": "has to be a date like 2025-06-15",
    "time_delta_parsing": "has to be a span such as PT5M, P1D or a number of seconds",
    "time_delta_type": "has to be a span such as PT5M, P1D or a number of seconds",
    "finite_number": "has to be a finite number",
}
"""Our words for pydantic's kinds of mistakes."""

PATTERNS = {
    "email": "is not an e-mail address",
    "country": "has to be an ISO 3166 country of two capitals such as DE",
    "currency": "has to be an ISO 4217 currency of three capitals such as EUR",
}
"""What a text should be, by its key."""


def _wrong(item: Any) -> str:  # noqa: PLR0911 - a table
    given = repr(item["input"])[:60]
    kind, context = item["type"], item.get("ctx", {})
    if kind in ("enum", "literal_error"):
        words = str(context["expected"])
        options = [word.strip(" '") for word in words.replace(" or ", ", ").split(",")]
        return f"{given} is unknown{choices(str(item['input']), options)}"
    if kind == "too_long":
        return f"has {context['actual_length']} items; at most {context['max_length']} are read"
    if kind == "too_short" and not item["input"]:
        return f"is empty; {'name a key with its new value' if 'change' in item['loc'] else 'name at least one'}"
    if kind == "string_pattern_mismatch":
        words = next((text for key, text in PATTERNS.items() if key in item["loc"]), "is not an e-mail address")
        return f"{given} {words}"
    if kind in WORDS:
        return f"{WORDS[kind]}, not {given}"
    if kind == "value_error":
        return str(context["error"])
    message = str(item["msg"]).replace("Input should be", "has to be").replace("datetime.timedelta(0)", "0 s")
    if isinstance(item["input"], timedelta):
        return message
    return f"{message[:1].lower()}{message[1:]}, not {given}"


def known_keys(path: Path, value: Any = None) -> list[str]:
    """Return the keys that the model at ``path`` knows; ``value`` tells which action an entry names."""
    model: Any = ScenarioDoc
    for part in path:
        value = _child(value, part)
        if isinstance(part, int):
            if path[0] == "timeline" and model is None:
                model = model_of(value.get("action") if isinstance(value, dict) else None)
            continue
        if part == "timeline":
            model = None
            continue
        field = model.model_fields.get(part) if model is not None else None
        model = _model_in(field.annotation) if field is not None else None
    return [] if model is None else [field.alias or name for name, field in model.model_fields.items()]


def _child(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
