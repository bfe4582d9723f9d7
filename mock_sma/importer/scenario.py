"""A scenario of traffic, with the files of its rows and what had to be assumed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV
from mock_sma.domain.scenario import ConsentState, Profile
from mock_sma.errors import ArchiveError
from mock_sma.importer.fitting import fitted_load
from mock_sma.importer.plants import PlantEntry
from mock_sma.importer.rows import files_of

if TYPE_CHECKING:
    from mock_sma.importer.collected import Collected, RecordedThing
    from mock_sma.importer.names import Names

OWNER = "owner@example.org"
CLIENT = "demo_api"
SECRET = "demo_secret"  # noqa: S105 - fake, as in all shipped scenarios
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


@dataclass(slots=True)
class ImportedScenario:
    """What an import makes.

    Attributes:
        document: the scenario.
        files: texts of the files of rows, by name.
        notes: what is recorded, fitted and simulated, in sentences.
    """

    document: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def scenario_of_traffic(found: Collected, names: Names, name: str) -> ImportedScenario:
    """Return the scenario of what traffic tells.

    Args:
        names: replaces names, people and serial numbers.
        name: of the scenario; the files of rows begin with it.

    Raises:
        ArchiveError: there is no plant in it.
    """
    if not found.plants:
        raise ArchiveError("the traffic has no plant: it needs an answer of /v1/plants, or of a plant's own address")
    owners = [names.email(address) for address in found.consents] or [OWNER]
    made = ImportedScenario({})
    plants = [_plant(plant_id, plant, owners[0], names, name, made) for plant_id, plant in found.plants.items()]
    if not found.consents:
        made.notes.append(f"who consented is not in the traffic; {OWNER} owns all plants and has")
    made.document = {
        "version": 1,
        "name": name,
        "profile": _profile(found).value,
        **({} if found.latest is None else {"now": found.latest.astimezone(UTC).isoformat()}),
        "clients": [{"id": CLIENT, "secret": SECRET}],
        "users": [{"email": owner, "password": "secret", "country": "DE"} for owner in owners],
        "plants": plants,
        "consents": _consents(found, owners),
    }
    return made


def _plant(
    plant_id: str, plant: RecordedThing, owner: str, names: Names, name: str, made: ImportedScenario
) -> dict[str, Any]:
    built = PlantEntry(plant_id, plant, names)
    entry = {key: value for key, value in built.entry.items() if value is not None}
    load = fitted_load(plant)
    if load is not None:
        entry["load"] = {"annual_energy": load}
        built.notes.append(
            f"days that are not recorded consume as much as the recorded ones, {load / 1e6:.1f} MWh a year"
        )
    entry["owner"] = owner
    for target, thing in [(entry, plant), *zip(entry["devices"], plant.devices.values(), strict=True)]:
        stem = f"{name}-{_UNSAFE.sub('', str(target['id']))}"
        data = []
        for file, text, item in files_of(stem, thing):
            made.files[file] = text
            data.append(item)
        if data:
            target["data"] = data
    days = sum(len(rows.days) for thing in (plant, *plant.devices.values()) for rows in thing.rows.values())
    made.notes += [f"plant {entry['id']}: {note}" for note in built.notes]
    made.notes.append(f"plant {entry['id']}: {days} days of sets are recorded, all others are simulated")
    return entry


def _profile(found: Collected) -> Profile:
    serves_pv = any(ENERGY_AND_POWER_PV.name in {*(item.sets or ()), *item.rows} for item in found.plants.values())
    return Profile.SANDBOX if found.is_sandbox and not serves_pv else Profile.PRODUCTION_2020


def _consents(found: Collected, owners: list[str]) -> list[dict[str, Any]]:
    known = {state.value.lower() for state in ConsentState}
    states = list(found.consents.values()) or ["accepted"]
    # Whoever's plants were answered had consented.
    states[0] = "accepted"
    return [
        {"client_id": CLIENT, "email": owner, "state": state.lower()}
        for owner, state in zip(owners, states, strict=True)
        if state.lower() in known
    ]


def head_of(notes: list[str], made_of: str) -> str:
    """Return the comment at the head of an imported scenario."""
    lines = [f"Imported from {made_of}; what is recorded and what is not:", *notes]
    return "".join(f"# {line}\n" for line in lines)
