"""What the console ships: small, licensed, without inline script or style, and loaded late."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mock_sma.api.console

HERE = Path(mock_sma.api.console.__file__).parent
FILES = [file for folder in ("static", "templates") for file in (HERE / folder).rglob("*") if file.is_file()]
TOOL = Path(__file__).parents[3] / "tools" / "console_editor"
MOST = 400_000
"""Size of all files together [bytes], Swagger UI's apart."""


def test_all_files_together_are_small() -> None:
    assert len(FILES) > 20
    assert sum(file.stat().st_size for file in FILES) < MOST


@pytest.mark.slow
def test_the_editor_is_built_of_the_packages_that_the_lock_file_names() -> None:
    lock = json.loads((TOOL / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = (HERE / "static/vendor/codemirror.LICENSE.txt").read_text(encoding="utf-8")
    named = re.findall(r"^(\S+) (\d+\.\d+\.\d+)$", licences, re.MULTILINE)
    assert {"@codemirror/view", "@codemirror/state", "style-mod"} <= {name for name, _ in named}
    assert named == [(name, lock[f"node_modules/{name}"]["version"]) for name, _ in named]
    assert licences.count("Permission is hereby granted") == len(named)
    text = gzip.decompress((HERE / "static/vendor/codemirror.js.gz").read_bytes()).decode()
    assert not re.search(r"\beval\(|new Function\(|https?://(?!www\.w3\.org/)", text)


def test_files_of_others_are_named_with_version_and_licence() -> None:
    notice = (HERE / "NOTICE").read_text(encoding="utf-8")
    for file in (HERE / "static" / "vendor").iterdir():
        assert file.name in notice
    version = re.search(r"uPlot \((v[0-9.]+)\)", (HERE / "static/vendor/uPlot.iife.min.js").read_text(encoding="utf-8"))
    assert version is not None
    assert f"uPlot {version[1][1:]}," in notice


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix == ".html"], ids=lambda file: file.name)
def test_templates_hold_no_inline_script_style_or_foreign_address(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|https?://|\|\s*safe", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert " src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.suffix == ".js" and "vendor" not in file.parts], ids=lambda file: file.name
)
def test_scripts_put_texts_into_the_page_as_texts(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|https?://", text)


@pytest.mark.slow
def test_nothing_of_the_console_is_loaded_before_somebody_looks_at_it() -> None:
    code = "import sys, mock_sma.api.guarded; print([name for name in sys.modules if 'api.console.' in name])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.strip() == "['mock_sma.api.console.mount']"
