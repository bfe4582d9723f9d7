"""From a Scenario back to a document that recreates it: defaults are left out, templates are spelt out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from mock_sma.domain.people import Client, User
from mock_sma.domain.quota import Quota
from mock_sma.domain.recording import Recording
from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Scenario, Switches
from mock_sma.domain.timeline import TimelineEntry, word_of
from mock_sma.errors import UsageError
from mock_sma.scenario_file import document as doc
from mock_sma.scenario_file.actions import keys_of
from mock_sma.scenario_file.plain import PARTS, PlainValues, keys_with_rows
from mock_sma.scenario_file.repetition import keys_of_repeat
from mock_sma.scenarios.parameters import escaped

if TYPE_CHECKING:
    from collections.abc import Callable

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
        **PARTS,
    }


def dump_scenario(scenario: Scenario, format: str = "yaml", *, rows_inside: bool = False) -> Any:  # noqa: A002
    """Return the document of a scenario; loading it gives an equal scenario.

    Args:
        scenario: any scenario, from a file or made in Python.
        format: ``yaml`` or ``json`` for text, ``document`` for plain dictionaries and lists.
        rows_inside: put recorded rows into the document, so that it needs none of their files.

    Raises:
        UsageError: another format.
    """
    document = {"version": doc.VERSION, **_Dump(rows_inside=rows_inside).fields(scenario)}
    document["name"] = scenario.name
    document["clients"] = document.get("clients", [])
    document = escaped(document)
    if format == "document":
        return document
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if format == "yaml":
        return _yaml(document)
    raise UsageError(f"no format {format!r}; choose yaml, json or document")


def text_of_document(document: dict[str, Any]) -> str:
    """Return a document as YAML; what looks like a parameter in its texts stays as it is."""
    return _yaml(escaped(document))


def _yaml(document: Any) -> str:
    return str(yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=100))


def plain(value: Any) -> Any:
    """Return a value as a document has it, typed ones in it too."""
    return _Dump().plain(value)


class _Dump(PlainValues):
    """Makes plain values of whole scenarios."""

    def __init__(self, *, rows_inside: bool = False) -> None:
        forms: dict[type, Callable[[Any], Any]] = {TimelineEntry: self.happening}
        if rows_inside:
            forms[Recording] = keys_with_rows
        super().__init__(_models(), forms)

    def happening(self, entry: TimelineEntry) -> dict[str, Any]:
        """Return a timeline entry with what its action is about beside the action's name."""
        when = {"at": entry.at, "after": entry.after, "action": word_of(entry.action)}
        whole = when | keys_of(entry.action) | keys_of_repeat(entry.repeat)
        return {name: self.plain(item) for name, item in whole.items() if item is not None}
