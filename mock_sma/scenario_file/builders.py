"""Scenarios in Python: plants from the same templates, checked by the same rules as a file.

>>> from mock_sma.domain.people import User
>>> from mock_sma.domain.scenario import Scenario
>>> world = checked(Scenario(
...     name="two houses",
...     users=(User(email="owner@example.org"),),
...     plants=(
...         household("2100", "Sonnenhof", owner="owner@example.org"),
...         pv_only("2200", "Scheune", owner="owner@example.org", latitude=48.1),
...     ),
... ))
>>> [plant.name for plant in world.plants]
['Sonnenhof', 'Scheune']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.scenario_file.build import Builder
from mock_sma.scenario_file.dump import dump_scenario
from mock_sma.scenario_file.load import load_scenario
from mock_sma.scenario_file.read import read_mapping
from mock_sma.scenario_file.validate import document_of

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.domain.timeline import TimelineEntry


def plant(plant_id: str, name: str, *, template: str | None = None, owner: str | None = None, **keys: Any) -> Plant:
    """Return a plant.

    Args:
        plant_id: digits for ennexOS, a GUID for Classic (R19).
        name: shown in the portal.
        template: a built-in one; None: only what ``keys`` say.
        owner: e-mail of a standard user with the owner flag.
        **keys: any key of a plant in the language; they win over the template's.

    Raises:
        ScenarioError: with every mistake, at paths such as ``plants[0].resolution``.
    """
    document = {"id": plant_id, "name": name, "template": template, "owner": owner, **keys}
    document = {key: value for key, value in document.items() if value is not None}
    emails = {user["email"] for user in keys.get("users", ())} | ({owner} if owner is not None else set())
    users = [{"email": email} for email in sorted(emails)]
    return load_scenario({"users": users, "plants": [document]}).plants[0]


def household(plant_id: str, name: str, *, owner: str | None = None, **keys: Any) -> Plant:
    """Return a house with 10 kWp; see :func:`plant`."""
    return plant(plant_id, name, template="household", owner=owner, **keys)


def household_battery(plant_id: str, name: str, *, owner: str | None = None, **keys: Any) -> Plant:
    """Return a house with 10 kWp and a battery of 10 kWh; see :func:`plant`."""
    return plant(plant_id, name, template="household-battery", owner=owner, **keys)


def household_battery_ev(plant_id: str, name: str, *, owner: str | None = None, **keys: Any) -> Plant:
    """Return a house with 9.6 kWp, a battery and an EV charger; see :func:`plant`."""
    return plant(plant_id, name, template="household-battery-ev", owner=owner, **keys)


def commercial_roof(plant_id: str, name: str, *, owner: str | None = None, **keys: Any) -> Plant:
    """Return a flat roof of 104 kWp with a business below; see :func:`plant`."""
    return plant(plant_id, name, template="commercial-roof", owner=owner, **keys)


def pv_only(plant_id: str, name: str, *, owner: str | None = None, **keys: Any) -> Plant:
    """Return 5.2 kWp without a grid meter (R24); see :func:`plant`."""
    return plant(plant_id, name, template="pv-only", owner=owner, **keys)


def happening(action: str, **keys: Any) -> TimelineEntry:
    """Return a timeline entry; ``keys`` are those of the action, with ``at`` or ``after``.

    Whom and what it names is checked by :func:`checked`, together with the rest of the world.
    """
    source = read_mapping({"timeline": [{"action": action, **keys}]})
    document = document_of(source)
    entry = Builder(source, document).happening(0, document.timeline[0])
    source.check()
    assert entry is not None
    return entry


def checked(scenario: Scenario) -> Scenario:
    """Return the scenario as its file would load, with warnings.

    Raises:
        ScenarioError: with every rule that it breaks.
    """
    return load_scenario(dump_scenario(scenario, "document"))
