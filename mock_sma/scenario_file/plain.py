"""Typed values as plain dictionaries, lists and scalars: what is as the language has it by itself is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from mock_sma.domain.device import Array, Battery, Device
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.faults import FaultRule
from mock_sma.domain.moment import moment_text, span_text
from mock_sma.domain.people import PlantUser
from mock_sma.domain.plant import Address, Earlier, Load, Normals, Plant
from mock_sma.domain.recording import Recording
from mock_sma.domain.scenario import AutoAnswer
from mock_sma.leaves import later
from mock_sma.scenario_file import plant_document as doc
from mock_sma.scenario_file.build_events import ATTRIBUTES
from mock_sma.scenario_file.data_document import words_of
from mock_sma.scenario_file.repetition import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.scenario_file.model import Model

document_of = later("fault_rules.document", "document_of")

PARTS: dict[type, type[Model]] = {
    Plant: doc.PlantDoc,
    Address: doc.AddressDoc,
    Earlier: doc.EarlierDoc,
    Load: doc.LoadDoc,
    Normals: doc.NormalsDoc,
    PlantUser: doc.PlantUserDoc,
    PlantEvent: doc.EventDoc,
    Device: doc.DeviceDoc,
    Array: doc.ArrayDoc,
    Battery: doc.BatteryDoc,
}
"""The models of a plant and of its parts."""


class PlainValues:
    """Makes plain values of typed ones.

    Args:
        models: the models of the types whose keys are those of a model.
        forms: the forms of other types.
        whole: leave nothing out.
    """

    def __init__(
        self,
        models: Mapping[type, type[Model]] = PARTS,
        forms: Mapping[type, Callable[[Any], Any]] | None = None,
        *,
        whole: bool = False,
    ) -> None:
        self.models = models
        self._keys: dict[type, list[tuple[str, str, Any]]] = {}
        self._forms: dict[type, Callable[[Any], Any]] = {
            **dict.fromkeys(models, self.fields),
            FaultRule: document_of,
            Recording: keys_of_data,
            **(forms or {}),
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
                attribute = ATTRIBUTES.get(name, name) if kind is PlantEvent else name
                if hasattr(value, attribute) or (kind is PlantEvent and name in KEYS):
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
            return span_text(value)
        if isinstance(value, dict):
            return {name: self.plain(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(item) for item in value]
        return value


def keys_of_data(recording: Recording) -> dict[str, Any]:
    """Return the keys by which rows can be read again: those of a file, or the rows themselves."""
    keys: dict[str, Any] = dict(recording.source)
    if "file" not in keys:
        return keys_with_rows(recording)
    days = {"days": keys["days"].split("/")} if "days" in keys else {}
    return keys | days | _totals(recording)


def keys_with_rows(recording: Recording) -> dict[str, Any]:
    """Return the keys of rows that are to be read without their file."""
    from mock_sma.recorded.options import INTERVALS  # noqa: PLC0415 - where there are rows
    from mock_sma.recorded.writing import text_of  # noqa: PLC0415

    keys: dict[str, Any] = {"rows": text_of(recording), "set": recording.set_name}
    known = dict(recording.source)
    if "days" in known:
        keys["days"] = known["days"].split("/")
    if "until" in known:
        keys["until"] = known["until"]
    word = next((word for word, period in INTERVALS.items() if period == recording.period), None)
    return keys | _totals(recording) | ({} if word is None else {"interval": word})


def _totals(recording: Recording) -> dict[str, Any]:
    if not recording.totals:
        return {}
    return {
        "totals": [
            {"span": words_of(total.span), "values": dict(total.values)}
            | ({} if total.until is None else {"until": datetime.fromtimestamp(total.until, UTC).isoformat()})
            for total in recording.totals
        ]
    }


def _given(value: Any, name: str, attribute: str) -> Any:
    if isinstance(value, PlantEvent) and name in KEYS:
        return getattr(value.repeat, name, None)
    given = getattr(value, attribute)
    if isinstance(value, Device) and name == "id":
        return given or None  # it is to get the next free one
    if isinstance(value, AutoAnswer) and name == "answer":
        return given or "never"
    return dict(given) if name == "previous_ids" else given
