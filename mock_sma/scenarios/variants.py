"""Templates in other sizes and directions, each checked once however many plants are made of it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.domain.device import numbered
from mock_sma.domain.plant import Address, Backend, Plant
from mock_sma.scenario_file.build_events import check_places
from mock_sma.scenario_file.model import Model
from mock_sma.scenario_file.plant_document import DeviceDoc, LoadDoc, PlantDoc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.scenario_file.build_plant import PlantBuilder
    from mock_sma.scenario_file.source import Path

POWERS = ("generator_power", "generator_power_dc", "rated_power", "annual_energy")
OF_BATTERIES = ("capacity", "max_charge", "max_discharge")

AWAY = 45.0
"""From the pole: modules that face it see no sun [°]."""


class VariantDoc(PlantDoc):
    """A plant that shares with all of its variant what :meth:`VariantBuilder.plant` does not ask it for."""

    variant: int


class Variants:
    """Plants made of templates, which share all that is the same.

    Args:
        templates: keys of plants by name.
    """

    def __init__(self, templates: Mapping[str, Any]) -> None:
        self._templates = templates
        self._made: dict[tuple[str, float, float, bool], VariantDoc | None] = {}

    def plant(self, name: str, size: float, turn: float, /, *, is_south: bool, **own: Any) -> PlantDoc | dict[str, Any]:
        """Return a plant of a template; where the template is one for files only, or has a mistake, as a document.

        Args:
            size: factor of all powers and energies.
            turn: of all modules, clockwise [°].
            is_south: modules face the equator from the south.
            own: values of a plant's keys that go over the template's, of the types that they have in the end.
        """
        key = (name, size, turn, is_south)
        if key not in self._made:
            self._made[key] = self._pattern(*key)
        pattern = self._made[key]
        if pattern is None:
            return {"template": name, **{word: _plain(value) for word, value in own.items()}}
        # Checked values, of which thousands cost more to check again than all the rest.
        return pattern.model_copy(update=own)

    def _pattern(self, name: str, size: float, turn: float, is_south: bool) -> VariantDoc | None:
        template = self._templates[name]
        result: dict[str, Any] = {"id": "1", "name": "-", **template}
        try:
            if "devices" in template:
                devices = [_device(device, size, turn, is_south=is_south) for device in template["devices"]]
                result["devices"] = [DeviceDoc.model_validate(device) for device in devices]
            if "load" in template:
                result["load"] = LoadDoc.model_validate(_scaled(template["load"], ("annual_energy",), size))
            found = PlantDoc.model_validate(result)
        except (ValidationError, TypeError):
            return None  # a mistake of the template is told where the plants are checked
        if {"append", "template"} & found.model_fields_set:
            return None
        return VariantDoc.model_construct(found.model_fields_set, variant=len(self._made), **vars(found))


class VariantBuilder:
    """Builds what the plants of a variant share once.

    Args:
        builder: of whole plants; it keeps the ids that are taken.
    """

    def __init__(self, builder: PlantBuilder) -> None:
        self._whole = builder
        self._shared: dict[tuple[int, Backend], dict[str, Any]] = {}

    def plant(self, path: Path, doc: PlantDoc) -> Plant:
        """Return the plant of the document at ``path``; mistakes go into the builder's source."""
        if not isinstance(doc, VariantDoc):
            return self._whole.plant(path, doc)
        key = doc.variant, Backend.ENNEXOS if doc.id.isdigit() else Backend.CLASSIC
        if (shared := self._shared.get(key)) is not None:
            return self._one_more(path, doc, key[1], shared)
        plant, told = self._whole.plant(path, doc), bool(self._whole.source.problems)
        if not told and not _has_own(doc):
            self._shared[key] = {item.name: getattr(plant, item.name) for item in fields(Plant)}
        return plant

    def _one_more(self, path: Path, doc: VariantDoc, backend: Backend, shared: dict[str, Any]) -> Plant:
        whole = self._whole
        whole.claim((*path, "id"), doc.id)
        devices = []
        for index, device in enumerate(shared["devices"]):
            device_id = whole.free_id(doc.id, index, backend)
            whole.claim((*path, "devices", index, "id"), device_id)
            devices.append(numbered(device, device_id))
        own = {
            "id": doc.id,
            "name": doc.name,
            "timezone": doc.timezone,
            "latitude": doc.latitude,
            "longitude": doc.longitude,
            "commissioned": doc.commissioned,
            "address": Address(**vars(doc.address)) if doc.address else None,
            "devices": tuple(devices),
            "users": whole.plant_users(path, doc, backend),
            "events": whole.events(path, doc),
        }
        plant = Plant(**{**shared, **own})
        check_places(whole.source, path, plant)
        return plant


def _has_own(doc: PlantDoc) -> bool:
    """Tell whether a document has what depends on the plant's id."""
    return bool(doc.data or doc.earlier or doc.previous_ids or any(item.id or item.data for item in doc.devices))


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.model_dump(exclude_unset=True, mode="json")
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


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
