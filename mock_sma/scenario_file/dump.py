"""From a Scenario back to a document that recreates it: defaults are left out, templates are spelt out."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, TypeAdapter

from mock_sma.domain.device import Array, Battery, Device
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.people import Client, PlantUser, User
from mock_sma.domain.plant import Address, Load, Plant
from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Quota, Scenario, Switches, TimelineEntry
from mock_sma.errors import UsageError
from mock_sma.scenario_file import document as doc
from mock_sma.scenario_file import plant_document as plants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.scenario_file.model import Model

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _models() -> dict[type, type[Model]]:
    return {
        Scenario: doc.ScenarioDoc,
        Client: doc.ClientDoc,
        User: doc.UserDoc,
        InitialConsent: doc.ConsentDoc,
        AutoAnswer: doc.AutoAnswerDoc,
        Quota: doc.QuotaDoc,
        Switches: doc.SwitchesDoc,
        Plant: plants.PlantDoc,
        Address: plants.AddressDoc,
        Load: plants.LoadDoc,
        PlantUser: plants.PlantUserDoc,
        PlantEvent: plants.EventDoc,
        Device: plants.DeviceDoc,
        Array: plants.ArrayDoc,
        Battery: plants.BatteryDoc,
    }


def dump_scenario(scenario: Scenario, format: str = "yaml") -> Any:  # noqa: A002 - the word
    """Return the document of a scenario; loading it gives an equal scenario.

    Args:
        scenario: any scenario, from a file or made in Python.
        format: ``yaml`` or ``json`` for text, ``document`` for plain dictionaries and lists.

    Raises:
        UsageError: another format.
    """
    document = {"version": doc.VERSION, **_Dump(_models()).fields(scenario)}
    document["name"] = scenario.name
    document["clients"] = document.get("clients", [])
    if format == "document":
        return document
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if format == "yaml":
        return yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100)
    raise UsageError(f"no format {format!r}; choose yaml, json or document")


class _Dump:
    def __init__(self, models: Mapping[type, type[Model]]) -> None:
        self.models = models

    def fields(self, value: Any) -> dict[str, Any]:
        """Return the keys of ``value`` that differ from what the language gives by itself."""
        result = {}
        for name, field in self.models[type(value)].model_fields.items():
            if not hasattr(value, _attribute(value, name)):
                continue
            plain = self.plain(_given(value, name))
            if field.is_required() or plain != self.plain(field.get_default(call_default_factory=True)):
                result[name] = plain
        return result

    def plain(self, value: Any) -> Any:  # noqa: PLR0911 - a table
        """Return ``value`` as JSON has it."""
        if isinstance(value, TimelineEntry):
            return self.happening(value)
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json", exclude_defaults=True)
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, date):  # and datetime
            return value.isoformat()
        if isinstance(value, timedelta):
            return TypeAdapter(timedelta).dump_python(value, mode="json")
        if isinstance(value, dict):
            return {name: self.plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item) for item in value]
        return self.fields(value) if is_dataclass(value) else value

    def happening(self, entry: TimelineEntry) -> dict[str, Any]:
        """Return a timeline entry with its arguments beside its action."""
        when = {"at": entry.at, "after": entry.after, "action": entry.action}
        what = {**entry.arguments, "duration": entry.duration}
        if entry.plant is not None:
            what["plant"] = entry.plant
        return {name: self.plain(item) for name, item in {**when, **what}.items() if item is not None}


def _attribute(value: Any, name: str) -> str:
    return "device_id" if isinstance(value, PlantEvent) and name == "device" else name


def _given(value: Any, name: str) -> Any:
    given = getattr(value, _attribute(value, name))
    if isinstance(value, AutoAnswer) and name == "answer":
        return given or "never"
    return dict(given) if name == "previous_ids" else given
