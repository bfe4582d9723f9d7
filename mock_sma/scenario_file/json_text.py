"""Reading JSON as strictly as YAML: no key twice, no NaN, not too deep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mock_sma.errors import Problem
from mock_sma.leaves import later
from mock_sma.scenario_file.yaml_text import MAX_DEPTH

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Source

JsonPlaces = later("mistakes.json_places", "JsonPlaces")


def read_json(source: Source, text: str) -> None:
    """Put the value of a JSON text into a source; mistakes too."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            twice.append(next(name for index, (name, _) in enumerate(items) if name in dict(items[:index])))
        return result

    def no_constant(name: str) -> None:
        raise json.JSONDecodeError(f"{name} is not JSON", text, text.index(name))

    try:
        source.value = json.loads(text, object_pairs_hook=pairs, parse_constant=no_constant)
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
        source.look_up = lambda: JsonPlaces(text, source.file).places
        if twice:
            for path in JsonPlaces(text, source.file).twice:
                source.add(path, f"the key {path[-1]!r} appears twice")


def _check_depth(source: Source, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        source.add((), f"the document is nested deeper than {MAX_DEPTH} levels")
        source.check()
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _check_depth(source, child, depth + 1)
