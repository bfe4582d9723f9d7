"""Write the diagrams and tables of docs/consent.md: ``python -m tests.domain.write_consent_diagram``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import TRANSITIONS, PlantAccess

if TYPE_CHECKING:
    from mock_sma.domain.transitions import Transition

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "consent.md"
SHORT = {
    "REGISTERED": "registered",
    "OWNS": "owns a plant",
    "COVERED": "all plants covered",
    "NOT_COVERED": "a plant is new",
}


def requests() -> list[Transition]:
    """Return the rows about requests."""
    return [row for row in TRANSITIONS if isinstance(row.target, ConsentState)]


def plants() -> list[Transition]:
    """Return the rows about plants."""
    return [row for row in TRANSITIONS if isinstance(row.target, PlantAccess)]


def label(row: Transition) -> str:
    """Return what stands at an arrow."""
    needs = ", ".join(SHORT[need.name] for need in row.needs)
    extra = ", a new record" if row.new and row.source is not None else ""
    return f"{row.event}{f' [{needs}]' if needs else ''}{extra} ({row.rule})"


def diagram(rows: list[Transition]) -> str:
    """Return a state diagram in Mermaid's notation."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    if all(row.source is not None for row in rows):
        lines.append(f"    [*] --> {name(rows[0].source)}")
    lines += [f"    {name(row.source)} --> {name(row.target)}: {label(row)}" for row in rows]
    return "\n".join([*lines, "```"])


def name(state: object) -> str:
    """Return a state's name in a diagram."""
    return "[*]" if state is None else str(state).capitalize()


def table(rows: list[Transition]) -> str:
    """Return the rows as a table."""
    head = "| state | what happens | if | then | record | rule |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {row.source or 'none'} | {row.event} | {'; '.join(row.needs) or '-'} | {row.target} "
        f"| {'a new one' if row.new else 'the same'} | {row.rule} |"
        for row in rows
    )


def parts() -> dict[str, str]:
    """Return the generated parts by their names in the document."""
    return {
        "requests": f"{diagram(requests())}\n\n{table(requests())}",
        "plants": diagram(plants()),
    }


def filled(text: str) -> str:
    """Return the document with its generated parts made anew."""
    for part, content in parts().items():
        begin, end = f"<!-- generated: {part} -->", f"<!-- end: {part} -->"
        text = re.sub(f"{begin}.*?{end}", lambda _, c=content, b=begin, e=end: f"{b}\n{c}\n{e}", text, flags=re.DOTALL)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(filled(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
