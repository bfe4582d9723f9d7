"""A plant of a running world changed as a document, with all the rules of a scenario (R01, R03, R19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.domain.instruments import meters_grid
from mock_sma.domain.json_patch import merged
from mock_sma.domain.recording import Recording
from mock_sma.errors import Problem, ScenarioError
from mock_sma.frozen import frozen
from mock_sma.leaves import later
from mock_sma.scenario_file.build_plant import PlantBuilder
from mock_sma.scenario_file.persons import check_people
from mock_sma.scenario_file.plain import PlainValues
from mock_sma.scenario_file.plant_document import PlantDoc
from mock_sma.scenario_file.source import Source
from mock_sma.scenario_file.templates import apply_templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant

complain = later("mistakes.complaints", "complain")

WHERE = ("plants", 0)
WHOLE = "plants[0]"
DERIVED = ("backend",)
"""Keys that are shown and follow from others."""


def plant_model(plant: Plant) -> dict[str, Any]:
    """Return a plant as the language spells it, nothing left out, with the backend that its id tells (R19)."""
    values = PlainValues(forms={Recording: _summary}, whole=True)
    return {"id": plant.id, "backend": plant.backend.value} | values.fields(plant)


def _summary(recording: Recording) -> dict[str, Any]:
    """Return what there is of recorded rows, without the rows."""
    first, last = (datetime.fromtimestamp(at, UTC).isoformat() for at in (recording.begin, recording.end))
    keys = dict(recording.source) | {"set": recording.set_name}
    return keys | {"first": first, "last": last, "step": recording.step, "rows": len(recording)}


@frozen
class PlantPatch:
    """A merge patch of a plant's model (RFC 7396), as a :class:`~mock_sma.domain.changes.PlantChange`.

    Attributes:
        document: keys of :func:`plant_model`; null takes a key away, lists are replaced as a whole.
    """

    document: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the keys that are changed."""
        return tuple(self.document)

    def on(self, plant: Plant, people: Iterable[str], now: datetime) -> Plant:
        """Return the plant with the patch over its model; see :func:`patched_plant`."""
        return patched_plant(plant, self.document, people, now)


@frozen
class DevicePatch:
    """A merge patch of a device's model, as a :class:`~mock_sma.domain.changes.PlantChange`.

    Attributes:
        device_id: the id of a device of the plant.
        document: keys of a device; null takes a key away, lists are replaced as a whole.
    """

    device_id: str
    document: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the keys that are changed."""
        return tuple(self.document)

    def on(self, plant: Plant, people: Iterable[str], now: datetime) -> Plant:
        """Return the plant with the patch over its device's model.

        Raises:
            ScenarioError: the outcome breaks a rule, or has mistakes of form; paths are the device's.
        """
        devices = plant_model(plant)["devices"]
        index = next(place for place, item in enumerate(plant.devices) if item.id.lower() == self.device_id.lower())
        if str(self.document.get("id", self.device_id)).lower() != self.device_id.lower():
            raise ScenarioError([Problem("the id stays; replace_device puts another one in its place", "id", "R19")])
        devices[index] = merged(devices[index], dict(self.document))
        try:
            return patched_plant(plant, {"devices": devices}, people, now)
        except ScenarioError as error:
            raise ScenarioError([_below(item, f"devices[{index}]") for item in error.problems]) from None


def patched_plant(plant: Plant, patch: Mapping[str, Any], people: Iterable[str], now: datetime) -> Plant:
    """Return a plant with a merge patch over its model (RFC 7396).

    A device that is switched off ends now where the patch does not say when, and a new one begins now.

    Args:
        patch: keys of :func:`plant_model`; null takes a key away, lists are replaced as a whole.
        people: e-mails that a plant's users may have.

    Raises:
        ScenarioError: the outcome breaks a rule, or has mistakes of form.
    """
    if patch.get("id", plant.id) != plant.id:
        raise ScenarioError([Problem('the id stays; POST {"kind": "migration", "to": "…"} to …/events', "id", "R19")])
    model = merged(plant_model(plant), dict(patch))
    for name in DERIVED:
        model.pop(name, None)
    if "measures_grid" not in patch and plant.measures_grid == meters_grid(plant.gateway, plant.devices):
        del model["measures_grid"]  # it follows from the instruments, and goes on doing so
    kept = _without_rows(model, plant, patch)
    try:
        changed = _built(model, people)
    except ScenarioError as error:
        raise ScenarioError([_below(item, WHOLE) for item in error.problems]) from None
    before = {device.id: device for device in plant.devices}
    devices = tuple(
        replace(_timed(device, before.get(device.id), now), data=kept.get(device.id, device.data))
        for device in changed.devices
    )
    return replace(changed, devices=devices, data=changed.data if "data" in patch else plant.data)


def _without_rows(model: dict[str, Any], plant: Plant, patch: Mapping[str, Any]) -> dict[str, tuple[Recording, ...]]:
    """Take recorded rows that stay out of a model, and return those of the devices by id: they are not read anew."""
    if "data" not in patch:
        model.pop("data", None)
    before = {
        item["id"]: (item["data"], own.data)
        for item, own in zip(plant_model(plant)["devices"], plant.devices, strict=True)
    }
    kept: dict[str, tuple[Recording, ...]] = {}
    for item in model["devices"] if isinstance(model.get("devices"), list) else ():
        shown, data = before.get(item.get("id"), (None, ())) if isinstance(item, dict) else (None, ())
        if data and item.get("data") == shown:
            kept[item["id"]] = data
            del item["data"]
    return kept


def _built(model: dict[str, Any], people: Iterable[str]) -> Plant:
    source = Source(None, {"plants": [model]}, folders=())
    value = apply_templates(source, source.value)
    source.check()
    try:
        doc = PlantDoc.model_validate(value["plants"][0])
    except ValidationError as error:
        complain(source, error, value, WHERE)
        source.check()
        raise AssertionError from error
    plant = PlantBuilder(source).plant(WHERE, doc)
    check_people(source, WHERE, doc, {email.casefold(): email for email in people})
    source.check()
    return plant


def _timed(device: Device, before: Device | None, now: datetime) -> Device:
    if before is None and device.activated_at is None:
        device = replace(device, activated_at=now, start_up=device.start_up or now.date())
    if not device.is_active and device.deactivated_at is None:
        return replace(device, deactivated_at=now)
    if device.is_active and before is not None and not before.is_active:
        return replace(device, deactivated_at=None)
    return device


def _below(problem: Problem, whole: str) -> Problem:
    """Return a problem as it is told of a part, without the path of the whole."""
    path = problem.path.removeprefix(whole).removeprefix(".")
    return replace(problem, path=path, file=None, line=None, column=None)
