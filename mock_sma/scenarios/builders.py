"""Scenarios in Python: the words of a file as functions, checked by the same rules.

A scenario made by :func:`scenario` equals the one of the file that says the same.

>>> world = scenario(
...     "two houses",
...     users=[user("owner@example.org", country="DE")],
...     plants=[
...         household("2100", "Sonnenhof", owner="owner@example.org"),
...         pv_only("2200", "Scheune", owner="owner@example.org", latitude=48.1),
...     ],
...     consents=[consent("owner@example.org")],
... )
>>> [plant.name for plant in world.plants]
['Sonnenhof', 'Scheune']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from mock_sma.fault_rules.document import rule_of
from mock_sma.scenario_file.build_events import event_of
from mock_sma.scenario_file.build_people import auto_answers_of, clients_of, consents_of, users_of
from mock_sma.scenario_file.build_plant import PlantBuilder
from mock_sma.scenario_file.read import read_mapping
from mock_sma.scenario_file.validate import document_of
from mock_sma.scenarios.dump import dump_scenario, plain
from mock_sma.scenarios.entries import read_entry
from mock_sma.scenarios.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mock_sma.domain.actions import Action
    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.people import Client, User
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Scenario
    from mock_sma.domain.timeline import TimelineEntry
    from mock_sma.scenario_file.document import ScenarioDoc
    from mock_sma.scenario_file.source import Source

Made = TypeVar("Made")


def scenario(name: str = "unnamed", **keys: Any) -> Scenario:
    """Return a scenario.

    Args:
        name: its name.
        **keys: any key of a scenario file; values as a file writes them, typed ones, or those of this module.

    Raises:
        ScenarioError: with every rule that it breaks.
    """
    return load_scenario({"name": name, **plain(keys)})


def user(email: str, **keys: Any) -> User:
    """Return an account; ``keys`` are those of ``users``."""
    source, doc = _checked("users", {"email": email, **keys})
    return _one(source, users_of(source, doc.users))


def client(client_id: str, secret: str, **keys: Any) -> Client:
    """Return a registered application; ``keys`` are those of ``clients``."""
    source, doc = _checked("clients", {"id": client_id, "secret": secret, **keys})
    return _one(source, clients_of(source, doc.clients))


def consent(email: str, **keys: Any) -> InitialConsent:
    """Return a consent that exists at the start, ``"*"`` for every owner; ``keys`` are those of ``consents``."""
    source, doc = _checked("consents", {"email": email, **keys})
    return _one(source, consents_of(source, doc.consents, ()))


def auto_answer(email: str, answer: str, **keys: Any) -> AutoAnswer:
    """Return how an owner answers by themselves; ``keys`` are those of ``auto_answers``."""
    source, doc = _checked("auto_answers", {"email": email, "answer": answer, **keys})
    return _one(source, auto_answers_of(doc.auto_answers))


def fault(effect: Mapping[str, Any], **keys: Any) -> FaultRule:
    """Return a fault rule; ``keys`` are those of ``faults``.

    >>> fault({"status": 503}, match={"path": "/v1/plants"}, times=2).effect.status
    503
    """
    return rule_of({"effect": effect, **keys})


def event(kind: str, start: datetime | str, **keys: Any) -> PlantEvent:
    """Return something that happens to a plant; ``keys`` are those of a plant's ``events``."""
    document = {"id": "1", "name": "-", "events": [{"kind": kind, "start": start, **keys}]}
    source, doc = _checked("plants", document)
    found = event_of(source, ("plants", 0, "events", 0), doc.plants[0].events[0])
    source.check()
    return found


def device(kind: str, name: str, **keys: Any) -> Device:
    """Return a device; ``keys`` are those of a plant's ``devices``. Without an id it gets the next free one."""
    source, doc = _checked("plants", {"id": "1", "name": "-", "devices": [{"kind": kind, "name": name, **keys}]})
    found = PlantBuilder(source).device(("plants", 0, "devices", 0), doc.plants[0].devices[0])
    source.check()
    return found


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
    # What is left out comes from the template; None among the keys is a value, as null is in a file.
    given = {key: value for key, value in (("template", template), ("owner", owner)) if value is not None}
    document = {"id": plant_id, "name": name, **given, **plain(keys)}
    emails = {person["email"] for person in document.get("users", ())} | ({owner} if owner is not None else set())
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
    return read_entry({"action": action, **plain(keys)})


def action(name: str, **keys: Any) -> Action:
    """Return an action for ``sandbox.happenings.carry_out``, which happens at once.

    >>> action("change_user", email="owner@example.org", change={"language": "en"}).change
    {'language': 'en'}
    """
    return read_entry({"action": name, **plain(keys)}, may_be_now=True).action


def checked(scenario: Scenario) -> Scenario:
    """Return the scenario as its file would load, with warnings.

    Raises:
        ScenarioError: with every rule that it breaks.
    """
    return load_scenario(dump_scenario(scenario, "document"))


def _checked(section: str, document: Mapping[str, Any]) -> tuple[Source, ScenarioDoc]:
    """Return the source and the checked document of one item of a section."""
    source = read_mapping({section: [plain(document)]})
    return source, document_of(source)


def _one(source: Source, made: tuple[Made, ...]) -> Made:
    source.check()
    return made[0]
