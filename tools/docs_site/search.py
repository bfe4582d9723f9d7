"""The search's index as a script: a page that is opened from a folder may not fetch a file."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from properdocs.config.defaults import ProperDocsConfig


def on_post_build(config: ProperDocsConfig) -> None:
    """Write the index that the search plugin made, and lunr.js, which searches it."""
    folder = Path(config.site_dir) / "search"
    index = folder / "search_index.json"
    entries = json.loads(index.read_text(encoding="utf-8"))["docs"]
    text = json.dumps(searched(entries), ensure_ascii=False, separators=(",", ":"))
    (folder / "index.js").write_text(f"window.searchIndex = {text};\n", encoding="utf-8")
    index.unlink()
    lunr = resources.files("properdocs.contrib.search") / "templates" / "search" / "lunr.js"
    (folder / "lunr.js").write_bytes(lunr.read_bytes())


def searched(entries: list[dict[str, str]]) -> dict[str, object]:
    """Return the titles of pages by their addresses, and what is searched: sections, and pages that have none."""
    pages = {entry["location"]: entry["title"] for entry in entries if "#" not in entry["location"]}
    with_sections = {entry["location"].split("#")[0] for entry in entries if "#" in entry["location"]}
    return {"pages": pages, "entries": [entry for entry in entries if entry["location"] not in with_sections]}
