"""Templates in other sizes and directions, each checked once however many plants are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.scenario_file.plant_document import DeviceDoc, LoadDoc

if TYPE_CHECKING:
    from collections.abc import Mapping

POWERS = ("generator_power", "generator_power_dc", "rated_power", "annual_energy")
OF_BATTERIES = ("capacity", "max_charge", "max_discharge")

AWAY = 45.0
"""From the pole: modules that face it see no sun [°]."""


class Variants:
    """The devices and loads of templates, as models that plants share.

    Args:
        templates: keys of plants by name.
    """

    def __init__(self, templates: Mapping[str, Any]) -> None:
        self._templates = templates
        self._made: dict[tuple[str, float, float, bool], dict[str, Any]] = {}

    def of(self, name: str, size: float, turn: float, *, is_south: bool) -> dict[str, Any]:
        """Return the keys ``devices`` and ``load`` of a template, as far as it has them.

        Args:
            size: factor of all powers and energies.
            turn: of all modules, clockwise [°].
            is_south: modules face the equator from the south.
        """
        key = (name, size, turn, is_south)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._variant(*key)
        return found

    def _variant(self, name: str, size: float, turn: float, is_south: bool) -> dict[str, Any]:
        template = self._templates[name]
        result: dict[str, Any] = {}
        try:
            if "devices" in template:
                devices = [_device(device, size, turn, is_south=is_south) for device in template["devices"]]
                result["devices"] = [DeviceDoc.model_validate(device) for device in devices]
            if "load" in template:
                result["load"] = LoadDoc.model_validate(_scaled(template["load"], ("annual_energy",), size))
        except (ValidationError, TypeError):
            return {}  # a mistake of the template is told where the plants are checked
        return result


def _device(device: dict[str, Any], size: float, turn: float, *, is_south: bool) -> dict[str, Any]:
    result = _scaled(device, POWERS, size)
    if isinstance(device.get("battery"), dict):
        result["battery"] = _scaled(device["battery"], OF_BATTERIES, size)
    if isinstance(device.get("arrays"), list):
        result["arrays"] = [_array(array, size, turn, is_south=is_south) for array in device["arrays"]]
    return result


def _array(array: dict[str, Any], size: float, turn: float, *, is_south: bool) -> dict[str, Any]:
    azimuth = array.get("azimuth", 180.0)
    faced = (540.0 - azimuth) % 360.0 if is_south else azimuth
    turned, pole = (faced + turn) % 360.0, 180.0 if is_south else 0.0
    # Nobody turns modules their back to the sun: then it is the other way.
    if abs((turned - pole + 180.0) % 360.0 - 180.0) < AWAY:
        turned = (faced - turn) % 360.0
    return {**_scaled(array, ("peak_power",), size), "azimuth": turned}


def _scaled(values: dict[str, Any], names: tuple[str, ...], size: float) -> dict[str, Any]:
    if size == 1.0:
        return dict(values)
    return {
        name: round(value * size, 1) if name in names and isinstance(value, int | float) else value
        for name, value in values.items()
    }
