"""Reading JSON as strictly as YAML: no key twice, no NaN, not too deep."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from mock_sma.errors import Problem, ScenarioError
from mock_sma.scenario_file.source import Source
from mock_sma.scenario_file.yaml_text import MAX_DEPTH, read_yaml


def read_json(source: Source, text: str) -> None:
    """Put the value of a JSON text into a source; mistakes too."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, value in items:
            if name in result:
                source.add((), f"the key {name!r} stands there twice in one object")
            result[name] = value
        return result

    try:
        source.value = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        source.problems.append(
            Problem(f"this is not JSON: {error.msg}", "", None, source.file, error.lineno, error.colno)
        )
    except RecursionError:
        source.add((), f"the document is nested deeper than {MAX_DEPTH} levels")
    except ValueError as error:
        # Python's own words end with advice for programmers.
        source.add((), f"this JSON cannot be read: {str(error).partition(';')[0]}")
    else:
        _check_depth(source, source.value, 0)
        source.look_up = lambda: _twin(source, text).places
        if source.problems:
            source.problems = _twin(source, text).problems or source.problems


def _twin(source: Source, text: str) -> Source:
    """Return a second reading as YAML, which JSON nearly is: it knows the lines. Where it fails only they are lost."""
    twin = Source(source.file)
    with suppress(ScenarioError):
        read_yaml(twin, text)
        return twin
    return Source(source.file)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_depth(source: Source, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        source.add((), f"the document is nested deeper than {MAX_DEPTH} levels")
        source.check()
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _check_depth(source, child, depth + 1)
