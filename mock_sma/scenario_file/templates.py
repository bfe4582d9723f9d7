"""Templates of plants: short words for usual plants, and a file's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.reading import nearest

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source


APPEND = "append"
"""Key whose lists are put behind those of the base or the template."""


def _inverter(name: str, product: str, product_id: int, rating: float, *arrays: dict[str, float]) -> dict[str, Any]:
    return {
        "kind": "solar-inverter",
        "name": name,
        "product": product,
        "product_id": product_id,
        "generator_power": rating,
        "generator_power_dc": sum(array["peak_power"] for array in arrays),
        "arrays": list(arrays),
    }


def _array(peak_power: float, azimuth: float, tilt: float) -> dict[str, float]:
    return {"peak_power": peak_power, "azimuth": azimuth, "tilt": tilt}


_METER = {"kind": "grid-meter", "name": "Energy Meter", "product": "Energy Meter", "product_id": 9307}
_SOUTH_ROOF = (_array(5_000.0, 180.0, 35.0), _array(5_000.0, 180.0, 35.0))
_EAST_WEST = (_array(4_800.0, 90.0, 30.0), _array(4_800.0, 270.0, 30.0))

BUILT_IN: dict[str, dict[str, Any]] = {
    "household": {
        "load": {"kind": "household", "annual_energy": 4_500_000.0},
        "devices": [_inverter("Inverter", "STP10.0-3AV-40", 9346, 10_000.0, *_SOUTH_ROOF), _METER],
    },
    "household-battery": {
        "load": {"kind": "household", "annual_energy": 4_500_000.0},
        "devices": [
            _inverter("Inverter", "STP10.0-3AV-40", 9346, 10_000.0, *_SOUTH_ROOF),
            {
                "kind": "battery-inverter",
                "name": "Battery",
                "product": "SBS6.0-10",
                "product_id": 9359,
                "battery": {"capacity": 10_000.0, "max_charge": 6_000.0, "max_discharge": 6_000.0},
            },
            _METER,
        ],
    },
    "household-battery-ev": {
        "load": {"kind": "household", "annual_energy": 4_500_000.0},
        "devices": [
            _inverter("Inverter", "STP10.0-3AV-40", 9346, 10_000.0, *_EAST_WEST),
            {
                "kind": "battery-inverter",
                "name": "Battery",
                "product": "SBS6.0-10",
                "product_id": 9359,
                "battery": {"capacity": 10_000.0, "max_charge": 6_000.0, "max_discharge": 6_000.0},
            },
            {
                "kind": "ev-charger",
                "name": "EV Charger",
                "product": "EVC22-3AC-10",
                "product_id": 9385,
                "annual_energy": 2_400_000.0,
                "rated_power": 11_000.0,
            },
            _METER,
        ],
    },
    "commercial-roof": {
        "load": {"kind": "commercial", "annual_energy": 90_000_000.0},
        "devices": [
            _inverter(
                "Inverter 1",
                "STP50-41",
                9431,
                50_000.0,
                _array(26_000.0, 90.0, 10.0),
                _array(26_000.0, 270.0, 10.0),
            ),
            _inverter(
                "Inverter 2",
                "STP50-41",
                9431,
                50_000.0,
                _array(26_000.0, 90.0, 10.0),
                _array(26_000.0, 270.0, 10.0),
            ),
            _METER,
        ],
    },
    "pv-only": {
        "measures_grid": False,
        "load": {"kind": "none"},
        "devices": [_inverter("Inverter", "SB5.0-1AV-41", 9402, 5_000.0, _array(5_200.0, 180.0, 30.0))],
    },
}
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
