"""A plant of a running world as a document, and back with all the rules of a scenario (R01, R03, R19)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mock_sma.domain.instruments import meters_grid
from mock_sma.errors import Problem, ScenarioError
from mock_sma.scenario_file.document import VERSION
from mock_sma.scenario_file.dump import dump_plant
from mock_sma.scenario_file.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant

WHOLE = "plants[0]"
DERIVED = ("backend",)
"""Keys that are shown and follow from others."""


def plant_model(plant: Plant) -> dict[str, Any]:
    """Return a plant as the language spells it, nothing left out, with the backend that its id tells (R19)."""
    return {"id": plant.id, "backend": plant.backend.value} | dump_plant(plant)


@dataclass(frozen=True, slots=True)
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
    model = _merged(plant_model(plant), patch)
    for name in DERIVED:
        model.pop(name, None)
    if "measures_grid" not in patch and plant.measures_grid == meters_grid(plant.gateway, plant.devices):
        del model["measures_grid"]  # it follows from the instruments, and goes on doing so
    document = {
        "version": VERSION,
        "name": "patch",
        "users": [{"email": email, "country": "DE"} for email in people],
        "plants": [model],
    }
    try:
        changed = load_scenario(document).plants[0]
    except ScenarioError as error:
        raise ScenarioError([_own(item) for item in error.problems]) from None
    before = {device.id: device for device in plant.devices}
    devices = tuple(_timed(device, before.get(device.id), now) for device in changed.devices)
    return replace(changed, devices=devices)


def _timed(device: Device, before: Device | None, now: datetime) -> Device:
    if before is None and device.activated_at is None:
        device = replace(device, activated_at=now, start_up=device.start_up or now.date())
    if not device.is_active and device.deactivated_at is None:
        return replace(device, deactivated_at=now)
    if device.is_active and before is not None and not before.is_active:
        return replace(device, deactivated_at=None)
    return device


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), value)
    return result


def _own(problem: Problem) -> Problem:
    path = problem.path.removeprefix(WHOLE).removeprefix(".")
    return replace(problem, path=path, file=None, line=None, column=None)
