"""Builds the documentation of every release and of the tree as it is, side by side.

usage: python -m tools.docs_versions [--out build/versions]    (make docs builds the tree's alone)

A release is a tag such as v1.2.0; its site is made of its own files, by the generator that is installed here.
``index.html`` leads to the newest release.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PRESENT = "next"
"""The name of the tree's own site: what the next release will say."""
RELEASE = re.compile(r"v(\d+)\.(\d+)\.(\d+)$")
FIRST_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>mock-sma</title>
<meta http-equiv="refresh" content="0; url={0}/index.html">
<a href="{0}/index.html">{0}</a>
"""


def releases(tree: Path) -> list[str]:
    """Return the tags of releases, the newest first."""
    tags = git(tree, "tag", "--list", "v*").splitlines()
    numbers = {tag: tuple(map(int, found.groups())) for tag in tags if (found := RELEASE.match(tag))}
    return sorted(numbers, key=lambda tag: numbers[tag], reverse=True)


def build(tree: Path, out: Path) -> list[str]:
    """Build all sites below ``out``; return their names, the present one first."""
    tags = releases(tree)
    names = [PRESENT, *(tag.removeprefix("v") for tag in tags)]
    out.mkdir(parents=True, exist_ok=True)
    site(tree, out / PRESENT, names)
    for tag in tags:
        with tempfile.TemporaryDirectory() as folder:
            packed = subprocess.run(["git", "archive", tag], cwd=tree, capture_output=True, check=True).stdout  # noqa: S607
            subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)  # noqa: S607
            site(Path(folder), out / tag.removeprefix("v"), names)
    (out / "index.html").write_text(FIRST_PAGE.format(names[min(1, len(tags))]), encoding="utf-8")
    return names


def site(tree: Path, out: Path, names: list[str]) -> None:
    """Build one site, whose pages lead to the others."""
    command = [sys.executable, "-m", "properdocs", "build", "--quiet", "--site-dir", str(out.resolve())]
    subprocess.run(command, cwd=tree, env=os.environ | {"DOCS_VERSIONS": " ".join(names)}, check=True)


def git(tree: Path, *words: str) -> str:
    """Return what Git prints."""
    return subprocess.run(["git", *words], cwd=tree, capture_output=True, text=True, check=True).stdout  # noqa: S607


def main() -> None:
    """Build, and say what."""
    parser = argparse.ArgumentParser(description="Builds the documentation of every release and of the tree as it is.")
    parser.add_argument("--out", type=Path, default=Path("build/versions"))
    out = parser.parse_args().out
    sys.stdout.write(f"{out}/index.html: {', '.join(build(Path(__file__).parent.parent, out))}\n")


if __name__ == "__main__":
    main()
