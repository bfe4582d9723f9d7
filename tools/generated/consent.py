"""The diagrams and tables of ``docs/consent.md``, made from the table of transitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mock_sma.domain.transitions import OPENINGS, TRANSITIONS

if TYPE_CHECKING:
    from mock_sma.domain.transitions import Transition

SHORT = {
    "REGISTERED": "registered",
    "OWNS": "owns a plant",
    "COVERED": "all plants covered",
    "NOT_COVERED": "a plant is new",
}


def label(row: Transition) -> str:
    """Return what stands at an arrow."""
    needs = ", ".join(SHORT[need.name] for need in row.needs)
    extra = ", a new record" if row.new and row.source is not None else ""
    return f"{row.event}{f' [{needs}]' if needs else ''}{extra} ({row.rule})"


def diagram() -> str:
    """Return the states of a request as a diagram in Mermaid's notation."""
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    lines += [f"    {row.source or '[*]'} --> {row.target}: {label(row)}" for row in TRANSITIONS]
    return "\n".join([*lines, "```"])


def table() -> str:
    """Return what may happen to a request as a table."""
    head = "| state | what happens | if | then | record | rule |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {row.source or 'none'} | {row.event} | {'; '.join(row.needs) or '-'} | {row.target} "
        f"| {'a new one' if row.new else 'the same'} | {row.rule} |"
        for row in TRANSITIONS
    )


def openings() -> str:
    """Return what a consent opens as a diagram in Mermaid's notation."""
    lines = [
        "```mermaid",
        "flowchart LR",
        "    covered{does a consent in force cover the plant?}",
        "    covered -->|yes| yes{does its owner carry the flag now?}",
        "    covered -->|no| no{does its owner carry the flag now?}",
    ]
    for row in OPENINGS:
        answer = "yes" if row.owned else "no"
        lines.append(f"    {'yes' if row.covered else 'no'} -->|{answer} #40;{row.rule}#41;| {row.access}")
    return "\n".join([*lines, "```"])


def parts() -> dict[str, str]:
    """Return the generated parts by their names in the document."""
    return {
        "requests": f"{diagram()}\n\n{table()}",
        "plants": openings(),
    }


def filled(text: str) -> str:
    """Return the document with its generated parts made anew."""
    for part, content in parts().items():
        begin, end = f"<!-- generated: {part} -->", f"<!-- end: {part} -->"
        text = re.sub(f"{begin}.*?{end}", lambda _, c=content, b=begin, e=end: f"{b}\n{c}\n{e}", text, flags=re.DOTALL)  # type: ignore[misc]
    return text
