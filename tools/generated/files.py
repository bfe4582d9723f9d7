"""All generated files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mock_sma.fidelity.ledger import load_ledger
from mock_sma.scenarios.schema import schema_text
from tools.generated import complaints, consent, coverage, examples, fidelity, findings, golden, prepared, reference
from tools.generated.file import ROOT, TextFile

if TYPE_CHECKING:
    from pathlib import Path


class GeneratedFile(Protocol):
    """What all kinds have."""

    @property
    def name(self) -> str:
        """Path in the repository."""

    def is_current(self, root: Path = ROOT) -> bool:
        """Tell whether it says what it should."""

    def write(self, root: Path = ROOT) -> None:
        """Write it."""


def text_files() -> list[TextFile]:
    """Return the files of text."""
    return [
        TextFile("scenarios/schema/scenario.schema.json", lambda _: schema_text()),
        TextFile("mock_sma/scenarios/prepared.json", lambda _: prepared.text()),
        TextFile("docs/scenarios.md", reference.renewed),
        TextFile("docs/fidelity.md", lambda _: fidelity.page(load_ledger())),
        TextFile("docs/consent.md", consent.filled),
        TextFile("docs/coverage.md", lambda _: coverage.page()),
        TextFile("docs/findings.md", lambda _: findings.page()),
        TextFile("mock_sma/openapi/examples.json", lambda _: examples.text()),
        TextFile("tests/simulation/golden.json", lambda _: golden.text()),
        *(TextFile(f"{complaints.FOLDER}/{name}.txt", make) for name, make in complaints.makers()),
    ]


def all_files() -> list[GeneratedFile]:
    """Return all of them."""
    from tools.generated.plots import PLOTS  # noqa: PLC0415 - only who draws needs matplotlib

    return [*text_files(), *PLOTS]
