"""From a source to a checked document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from mock_sma.leaves import later
from mock_sma.scenario_file.document import VERSION, ScenarioDoc
from mock_sma.scenario_file.templates import apply_templates

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Source

salvaged = later("mistakes.salvage", "salvaged")
Salvage = later("mistakes.salvage", "Salvage")

complain = later("mistakes.complaints", "complain")


def read_document(source: Source) -> tuple[ScenarioDoc | None, Any]:
    """Return the checked document of a source whose ``extends`` and ``generate`` have been worked in.

    Where it has mistakes of form, they go into the source; the document is then what is left without them
    (None: nothing that can be read), and the salvage tells what that is.
    """
    value = apply_templates(source, source.value)
    try:
        document = ScenarioDoc.model_validate(value)
    except ValidationError as error:
        complain(source, error, value)
        left: tuple[ScenarioDoc | None, Any] = salvaged(value, error)
        return left
    return document, Salvage(value, ()) if source.problems else None


def document_of(source: Source) -> ScenarioDoc:
    """Return the checked document of a source.

    Raises:
        ScenarioError: with every problem of form found.
    """
    document, _ = read_document(source)
    source.check()
    assert document is not None
    return document


def check_version(source: Source) -> None:
    """Refuse what is no mapping, and a version newer than this one.

    Raises:
        ScenarioError: it is one of these.
    """
    value = source.value
    if not isinstance(value, dict):
        source.add((), "a scenario is a mapping of keys such as version, users and plants")
        source.check()
    version = value.get("version", VERSION)
    if isinstance(version, int) and version > VERSION:
        message = f"version {version} is newer than this mock-sma reads ({VERSION}); update mock-sma"
        source.add(("version",), message)
        source.check()
