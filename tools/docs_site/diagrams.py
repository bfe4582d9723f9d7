"""Mermaid diagrams as SVG in the page itself, drawn when the site is built: a reader needs no script and no other host.

A drawing is kept in build/diagrams, named by what it was drawn from.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

CACHE = Path(__file__).parents[2] / "build" / "diagrams"
FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WIDTH = re.compile(r"max-width: ([\d.]+)px;")
LEAST = 0.75
"""The smallest scale of a drawing."""

BLOCK = re.compile(r'<pre class="mermaid">(.*?)</pre>', re.DOTALL)

COLOURS = {
    "#eef1f6": "--node",
    "#5f7fb9": "--node-line",
    "#17202f": "--text",
    "#556073": "--muted",
    "#fffffe": "--surface",
    "#f4f6fa": "--sunken",
    "#d8dee8": "--line",
    "#fdf1d7": "--note",
    "#333": "--text",
    "#000000": "--text",
    "#666": "--muted",
    "#999": "--muted",
    "#eaeaea": "--node",
}
"""Colours that a drawing has, with the variable of theme.css that takes the place of each: pages are light or dark."""

OPTIONS: dict[str, Any] = {
    "theme": "base",
    "fontFamily": "system-ui, sans-serif",
    "themeVariables": {
        "fontSize": "14px",
        "primaryColor": "#eef1f6",
        "primaryBorderColor": "#5f7fb9",
        "primaryTextColor": "#17202f",
        "textColor": "#17202f",
        "lineColor": "#556073",
        "edgeLabelBackground": "#fffffe",
        "clusterBkg": "#f4f6fa",
        "clusterBorder": "#d8dee8",
        "titleColor": "#17202f",
        "noteBkgColor": "#fdf1d7",
        "noteTextColor": "#17202f",
        "signalColor": "#556073",
        "signalTextColor": "#17202f",
        "loopTextColor": "#17202f",
        "labelBoxBkgColor": "#f4f6fa",
        "labelBoxBorderColor": "#d8dee8",
    },
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Keep the text of diagrams as it is; the search reads it."""
    return FENCE.sub(lambda block: f'<pre class="mermaid">{html.escape(block[1])}</pre>', markdown)


def on_post_page(output: str, **_: Any) -> str:
    """Draw the diagrams of a page.

    Raises:
        RuntimeError: Mermaid does not understand one.
    """
    return BLOCK.sub(lambda block: figure(html.unescape(block[1])), output)


def figure(source: str) -> str:
    """Return a diagram as a figure."""
    key = hashlib.sha256(json.dumps([source, OPTIONS, version("mermaidx")]).encode()).hexdigest()[:12]
    kept = CACHE / f"{key}.svg"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(drawn(source), encoding="utf-8")
    svg = kept.read_text(encoding="utf-8").replace("my-svg", f"diagram-{key}")
    for colour, variable in COLOURS.items():
        svg = re.sub(rf"{colour}\b", f"var({variable})", svg)
    return f'<figure class="diagram" tabindex="0">{WIDTH.sub(least_width, svg, count=1)}</figure>'


def least_width(width: re.Match[str]) -> str:
    """Return a drawing's widths: its text stays readable on a narrow page, where it is scrolled."""
    return f"{width[0]} min-width: {LEAST * float(width[1]):.0f}px;"


def drawn(source: str) -> str:
    """Return what Mermaid draws."""
    from mermaidx import render  # noqa: PLC0415 - its engine takes a while to load, and is not needed for what is kept

    return render(source, config=OPTIONS).svg()
