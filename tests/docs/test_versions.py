"""The documentation of every release beside that of the tree (tools/docs_versions.py)."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.docs.site import ROOT, TOP
from tools import docs_versions

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """
site_name: small
docs_dir: docs
use_directory_urls: false
hooks: [tools/docs_site/pages.py]
theme: {name: null, custom_dir: tools/docs_site/theme}
nav:
  - Start: [Overview: index.md, More: more.md]
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a repository as small as can be, with our pages' looks."""
    tree = tmp_path / "tree"
    shutil.copytree(ROOT / "tools" / "docs_site", tree / "tools" / "docs_site")
    for name in TOP:
        (tree / name).write_text(f"# {name}\n", encoding="utf-8")
    (tree / "docs").mkdir()
    (tree / "docs" / "more.md").write_text("# More\n", encoding="utf-8")
    (tree / "properdocs.yml").write_text(SETTINGS, encoding="utf-8")
    git(tree, "init", "--quiet")
    release(tree, "0.9.0")
    release(tree, "0.10.0")
    commit(tree, "0.11.0")
    return tree


def commit(tree: Path, version: str) -> None:
    (tree / "mock_sma").mkdir(exist_ok=True)
    (tree / "mock_sma" / "version.py").write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    git(tree, "add", ".")
    git(tree, "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "--quiet", "-m", version)


def release(tree: Path, version: str) -> None:
    commit(tree, version)
    git(tree, "tag", f"v{version}")
    git(tree, "tag", f"keep-{version}")


def git(tree: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=tree, check=True)  # noqa: S607


@pytest.mark.slow
def test_each_release_has_a_site_of_its_own_that_leads_to_the_others(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = ["next", "0.10.0", "0.9.0"]
    assert docs_versions.build(tree, out) == names
    pages = {name: (out / name / "index.html").read_text(encoding="utf-8") for name in names}
    for name, version in zip(names, ("0.11.0", *names[1:]), strict=True):
        assert f">{version}</summary>" in pages[name]
    for page in pages.values():
        assert [name for name in names if f'href="./../{name}/index.html"' not in page] == []
    assert 'url=0.10.0/index.html"' in (out / "index.html").read_text(encoding="utf-8")
