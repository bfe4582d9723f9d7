"""Pages of the site that are files at the top of the repository, and the links between all of them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from properdocs.structure.files import File

if TYPE_CHECKING:
    from properdocs.config.defaults import ProperDocsConfig
    from properdocs.structure.files import Files
    from properdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "THIRD-PARTY.md": "third-party.md",
    "LICENSE": "licence.md",
}
"""Files at the top, with the page that each becomes."""

LINK = re.compile(r"\[([^\]]*)\]\(([^)#:\s]+)((?:#[^)\s]*)?)\)")


VERSION = re.compile(r'__version__ = "(.+)"')


def on_config(config: ProperDocsConfig) -> ProperDocsConfig:
    """Tell the pages which version they are about, and which others stand beside them (tools/docs_versions.py)."""
    version = VERSION.search((ROOT / "mock_sma" / "version.py").read_text(encoding="utf-8"))
    config.extra["version"] = version[1] if version else ""
    config.extra["versions"] = os.environ.get("DOCS_VERSIONS", "").split()
    return config


def on_files(files: Files, config: ProperDocsConfig) -> Files:
    """Add the files from the top of the repository."""
    for name, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead the links of a page to pages of the site."""
    source = Path(page.file.abs_src_path or "").resolve().parent
    return LINK.sub(lambda link: mended(link, source), markdown)


def mended(link: re.Match[str], source: Path) -> str:
    """Return a link as the site has it: what is in the repository and no page is named, not linked."""
    text, target, anchor = link.groups()
    path = (source / target).resolve()
    if not path.is_relative_to(ROOT) or not path.exists():
        return link[0]  # the generator says that it leads nowhere
    name = path.relative_to(ROOT).as_posix()
    if name in PAGES:
        return f"[{text}]({PAGES[name]}{anchor})"
    inside = name.removeprefix("docs/")
    return f"[{text}]({inside}{anchor})" if inside != name else f"{text} (`{name}`)" if text != name else f"`{name}`"
