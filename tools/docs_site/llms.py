"""``llms.txt``: the site's pages for language models, by section, and each page as Markdown beside it (llmstxt.org)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from properdocs.config.defaults import ProperDocsConfig
    from properdocs.structure.nav import Navigation
    from properdocs.structure.pages import Page

ABOUT = (
    "A local emulator of SMA's solar Monitoring API with its OAuth2 tokens and the owner's consent, for tests. "
    "Independent of SMA. Agents begin with the page on agents and editors."
)
FIRST = re.compile(r"^(?![#|`<!\-\[>])\S.*?(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")

_pages: dict[str, str] = {}
_lines: list[str] = []


def on_nav(nav: Navigation, **_: Any) -> None:
    """Remember the order of pages."""
    _lines[:] = []
    for section in nav.items:
        _lines.append(f"\n## {section.title}\n")
        _lines.extend(page.file.src_uri for page in section.children or ())


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Keep a page's Markdown, once its links lead to pages of the site."""
    _pages[page.file.src_uri] = page.markdown or ""
    return html


def on_post_build(config: ProperDocsConfig) -> None:
    """Write all."""
    folder = Path(config.site_dir)
    lines = [f"# {config.site_name}\n", f"> {ABOUT}"]
    for line in _lines:
        text = _pages.get(line)
        if text is None:
            lines.append(line)
            continue
        (folder / line).write_text(text, encoding="utf-8")
        lines.append(f"- [{title(text)}]({line}): {summary(text)}")
    (folder / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def title(text: str) -> str:
    """Return the first heading of a page."""
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else "mock-sma"


def summary(text: str) -> str:
    """Return the first sentence of a page, without its links."""
    found = FIRST.search(text)
    plain = LINK.sub(r"\1", " ".join(found[0].split())) if found else ""
    return re.split(r"(?<=[.:])\s", plain)[0]
