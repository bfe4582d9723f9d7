"""From a Scenario back to a document that recreates it: defaults are left out, templates are spelt out."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, TypeAdapter

from mock_sma.domain.device import Array, Battery, Device
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.fault_document import document_of
from mock_sma.domain.faults import FaultRule
from mock_sma.domain.moment import moment_text
from mock_sma.domain.people import Client, PlantUser, User
from mock_sma.domain.plant import Address, Load, Normals, Plant
from mock_sma.domain.quota import Quota
from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Scenario, Switches
from mock_sma.domain.timeline import TimelineEntry, word_of
from mock_sma.errors import UsageError
from mock_sma.scenario_file import document as doc
from mock_sma.scenario_file import plant_document as plants
from mock_sma.scenario_file.actions import keys_of
from mock_sma.scenario_file.parameters import escaped
from mock_sma.scenario_file.repetition import keys_of_repeat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        Normals: plants.NormalsDoc,
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
    document = escaped(document)
    if format == "document":
        return document
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if format == "yaml":
        return yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100)
    raise UsageError(f"no format {format!r}; choose yaml, json or document")


def dump_plant(plant: Plant) -> dict[str, Any]:
    """Return the document of a plant with every key, those included that are as the language has them by itself."""
    return _Dump(_models(), whole=True).fields(plant)


class _Dump:
    def __init__(self, models: Mapping[type, type[Model]], *, whole: bool = False) -> None:
        self.models = models
        self._keys: dict[type, list[tuple[str, str, Any]]] = {}
        self._forms: dict[type, Callable[[Any], Any]] = {
            **dict.fromkeys(models, self.fields),
            TimelineEntry: self.happening,
            FaultRule: document_of,
        }
        self.whole = whole

    def fields(self, value: Any) -> dict[str, Any]:
        """Return the keys of ``value`` that differ from what the language gives by itself."""
        result = {}
        for name, attribute, default in self._keys_of(value):
            plain = self.plain(_given(value, name, attribute))
            if self.whole or plain != default:
                result[name] = plain
        return result

    def _keys_of(self, value: Any) -> list[tuple[str, str, Any]]:
        """Return key, attribute and default (none: a value that nothing equals) of what a value's model has."""
        kind = type(value)
        keys = self._keys.get(kind)
        if keys is None:
            keys = self._keys[kind] = []
            for name, field in self.models[kind].model_fields.items():
                attribute = "device_id" if kind is PlantEvent and name == "device" else name
                if hasattr(value, attribute):
                    default = self.plain(field.get_default(call_default_factory=True))
                    keys.append((name, attribute, object() if field.is_required() else default))
        return keys

    def plain(self, value: Any) -> Any:  # noqa: PLR0911 - a table
        """Return ``value`` as JSON has it."""
        if value is None or type(value) in (str, int, float, bool):
            return value
        form = self._forms.get(type(value))
        if form is not None:
            return form(value)
        if isinstance(value, BaseModel):
            return value.model_dump(mode="json", exclude_defaults=True)
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, timedelta):
            return TypeAdapter(timedelta).dump_python(value, mode="json")
        if isinstance(value, dict):
            return {name: self.plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item) for item in value]
        return value

    def happening(self, entry: TimelineEntry) -> dict[str, Any]:
        """Return a timeline entry with what its action is about beside the action's name."""
        when = {"at": entry.at, "after": entry.after, "action": word_of(entry.action)}
        whole = when | keys_of(entry.action) | keys_of_repeat(entry.repeat)
        return {name: self.plain(item) for name, item in whole.items() if item is not None}


def _given(value: Any, name: str, attribute: str) -> Any:
    given = getattr(value, attribute)
    if isinstance(value, AutoAnswer) and name == "answer":
        return given or "never"
    return dict(given) if name == "previous_ids" else given
