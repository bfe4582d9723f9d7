"""Templates of plants: short words for usual plants, and a file's own."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.domain.reading import nearest

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source


APPEND = "append"
"""Key whose lists are put behind those of the base or the template."""


BUILT_IN: dict[str, dict[str, Any]] = orjson.loads(FilePath(__file__).with_name("templates.json").read_bytes())
"""Built-in templates by name."""


def templates_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the built-in templates and the document's own."""
    own = document.get("templates")
    return {**BUILT_IN, **(own if isinstance(own, dict) else {})}


def apply_templates(source: Source, document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with each plant's template worked in; a plant's own keys win."""
    known = templates_of(document)
    result = dict(document)
    plants, timeline = document.get("plants"), document.get("timeline")
    if isinstance(plants, list):
        result["plants"] = [_plant(source, known, ("plants", index), plant) for index, plant in enumerate(plants)]
    if isinstance(timeline, list):
        result["timeline"] = [
            {**entry, "plant": _plant(source, known, ("timeline", index, "plant"), entry["plant"])}
            if isinstance(entry, dict) and "plant" in entry
            else entry
            for index, entry in enumerate(timeline)
        ]
    return result


def _plant(source: Source, known: dict[str, Any], path: Path, plant: Any) -> Any:
    if not isinstance(plant, dict):
        return plant
    return appended(source, _templated(source, known, path, plant), path)


def _templated(source: Source, known: dict[str, Any], path: Path, plant: dict[str, Any]) -> dict[str, Any]:
    if "template" not in plant:
        return plant
    name = plant["template"]
    rest = {key: value for key, value in plant.items() if key != "template"}
    template = known.get(name) if isinstance(name, str) else None
    if not isinstance(template, dict):
        source.add((*path, "template"), f"unknown template {name!r}{nearest(str(name), list(known))}")
        return rest
    if name in BUILT_IN and template is BUILT_IN[name] and "devices" not in rest and _is_south(rest.get("latitude")):
        template = {**template, "devices": [_turned(device) for device in template["devices"]]}
    return {**template, **rest}


def _is_south(latitude: Any) -> bool:
    return isinstance(latitude, int | float) and latitude < 0


def _turned(device: dict[str, Any]) -> dict[str, Any]:
    """Return a device whose modules face the equator from the other side of it: north for south."""
    if "arrays" not in device:
        return device
    return {
        **device,
        "arrays": [{**array, "azimuth": (540.0 - array["azimuth"]) % 360.0} for array in device["arrays"]],
    }


def appended(source: Source, value: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the mapping at ``path`` with what stands in its ``append`` behind its own lists."""
    added = value.get(APPEND)
    if not isinstance(added, dict):
        return value
    result = {name: item for name, item in value.items() if name != APPEND}
    for name, items in added.items():
        own = result.get(name, [])
        if not isinstance(items, list) or not isinstance(own, list | tuple):
            return value  # of another form: the models say what is wrong
        result[name] = [*own, *items]
        if name not in value:
            source.stood[(*path, name)] = (*path, APPEND, name)
        for index in range(len(items)):
            source.stood[(*path, name, len(own) + index)] = (*path, APPEND, name, index)
    return result
