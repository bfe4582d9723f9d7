"""Build the documentation as a site: docs/ and the files for readers of the repository, links between them mended.

usage: docs_site.py [OUT]   (build/site by itself); exit status 1 where a link leads nowhere
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "THIRD-PARTY.md": "third-party.md",
    "LICENSE": "licence.md",
}
"""Files at the top, with the page that each becomes."""

LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)\s]*)?\))")


def main() -> int:
    """Gather the pages and run mkdocs in its strict mode."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site").absolute()
    pages = ROOT / "build" / "docs"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(ROOT / "docs", pages)
    for name, page in PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        (pages / page).write_text(LINK.sub(lambda m: m[1] + from_top(m[2]) + m[3], text), encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        depth = "../" * len(page.relative_to(ROOT / "docs").parent.parts)
        text = page.read_text(encoding="utf-8")
        mended = LINK.sub(lambda m, depth=depth: m[1] + from_docs(m[2], depth) + m[3], text)
        (pages / page.relative_to(ROOT / "docs")).write_text(mended, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(out)]
    return subprocess.run([*command, "--config-file", str(ROOT / "mkdocs.yml")], check=False).returncode


def from_top(target: str) -> str:
    """Return a link of a file at the top as its page has it."""
    return target.removeprefix("docs/") if target.startswith("docs/") else PAGES.get(target, target)


def from_docs(target: str, depth: str) -> str:
    """Return a link of a page in docs/ that leads to a file at the top; others stay."""
    bare = target
    while bare.startswith("../"):
        bare = bare[3:]
    return depth + PAGES[bare] if target.startswith("../") and bare in PAGES else target


if __name__ == "__main__":
    sys.exit(main())
