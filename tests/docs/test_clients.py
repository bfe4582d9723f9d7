"""docs/clients.md names the clients that are made, in the versions that make them."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\w+).*? \| (.+?) \| ([\d., GoJava]+) \| (in CI|by hand)", PAGE, re.MULTILINE)


def test_every_version_is_the_one_that_is_installed() -> None:
    required = (ROOT / "tests" / "clients" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {name.removesuffix("-cli"): version for name, _, version in (line.partition("==") for line in required)}
    dependencies = json.loads((ROOT / "tests" / "clients" / "package.json").read_text())["devDependencies"]
    wanted |= {name: dependencies[name] for name in ("openapi-typescript", "openapi-fetch")}
    named = {}
    for _, generator, version, _ in ROWS:
        names = re.findall(r"\b(openapi-[a-z-]+|datamodel-[a-z-]+)", generator)
        named |= dict(zip(names, version.split(", "), strict=False))
    assert named == wanted


def test_ci_runs_those_that_it_says() -> None:
    source = (ROOT / "tests" / "clients" / "run.py").read_text(encoding="utf-8")
    slow = re.search(r"SLOW = \((.*)\)", source)
    assert slow is not None
    by_hand = {language.lower() for language, _, _, how in ROWS if how == "by hand"}
    assert by_hand == set(re.findall(r"\w+", slow[1]))
    assert len(ROWS) == len(re.findall(r'^    "\w+": Maker\.', source, re.MULTILINE))
