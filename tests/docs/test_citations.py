"""Nothing refers to a paper that does not ship with the project, and what is referred to is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from mock_sma.fidelity import load_ledger

pytestmark = pytest.mark.slow  # reads the whole repository
ROOT = Path(__file__).parents[2]
TOP = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "THIRD-PARTY.md", "Makefile", "pyproject.toml")
FOLDERS = ("mock_sma", "docs", "tests", "tools", "benchmarks", "examples", "scenarios")
KINDS = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".txt", ".svg"}
OTHERS = ("node_modules", "swagger_ui", "vendor", "package-lock.json", Path(__file__).name)
"""Files of other people, and this one, which spells what it looks for."""

ELSEWHERE = re.compile(
    r"""\b(?:contract|design):\ +[A-Z]{3}                          # the form of a citation
      | \b(?:MONITORING|AUTH|SIMULATION|STYLE|FAQ|RULES)\ R?\d     # a numbered part of a paper
      | \b(?:DECISIONS|INTERFACE|ARCHITECTURE)\b                   # a paper by its name
      | \b(?:MONITORING|AUTH|SIMULATION|STYLE|FAQ|RULES)\.(?:md|txt)\b
      | \bcontract's\b
      | \b(?:issues?|PRs?)\ \#?\d+\b                              # an entry of a tracker
      | \.\./shared\b""",
    re.VERBOSE,
)
TELLING = ("contract", "design:", "MONITORING", "AUTH", "SIMULATION", "STYLE", "FAQ", "RULES")
TELLING += ("DECISIONS", "INTERFACE", "ARCHITECTURE", "issue", "PR", "../shared")
"""A text with none of these need not be searched, which is ten times as fast."""

SECTION = re.compile(r"docs/([\w-]+\.md)(?:,\ ([A-Z][\w' ]+?)(?=[);.:,\"\n]|$))?")


@cache
def texts() -> list[tuple[str, str]]:
    """Return all text files that are the project's own, with what is in them."""
    paths = [ROOT / name for name in TOP]
    for folder in FOLDERS:
        paths += [path for path in (ROOT / folder).rglob("*") if path.suffix in KINDS and path.is_file()]
    own = [path for path in sorted(paths) if not any(other in path.parts for other in OTHERS)]
    return [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in own]


def found(pattern: re.Pattern[str], searched: list[tuple[str, str]]) -> list[str]:
    """Return where a pattern matches, as ``file:line: match``."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
        for name, text in searched
        for match in pattern.finditer(text)
    ]


def test_nothing_cites_a_paper_that_is_not_in_the_repository() -> None:
    assert len(texts()) > 500
    assert found(ELSEWHERE, [(name, text) for name, text in texts() if any(word in text for word in TELLING)]) == []


@pytest.mark.parametrize(
    "citation",
    [
        '"""Devices (contract: MONITORING 1, 2.4)."""',
        "(design: SIMULATION 8)",
        "the window [s] (AUTH 6.3)",
        "as DECISIONS says",
        "(INTERFACE, Control API)",
        "see ARCHITECTURE",
        "see issue 12",
        "in issue #7",
        "mended with PR 15",
        "../shared/design",
        "the contract's words",
        "AUTH.md says",
    ],
)
def test_such_a_citation_is_found(citation: str) -> None:
    assert found(ELSEWHERE, [("a.py", citation)]) != []
    assert any(word in citation for word in TELLING)


def test_other_uses_of_the_same_words_are_left_alone() -> None:
    text = 'Api.MONITORING, RULES = 1; "AUTH": color: #123; [link](#2); &#39; R07; docs/decisions.md'
    assert found(ELSEWHERE, [("a.py", text)]) == []


def headings(page: str) -> set[str]:
    """Return the headings of a page in docs/."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"^#{2,4} (.+)$", text, re.MULTILINE))


def test_pages_and_sections_that_are_cited_exist() -> None:
    missing = []
    cited = 0
    for name, text in texts():
        if not name.endswith(".py"):
            continue
        for page, section in SECTION.findall(text):
            cited += 1
            if not (ROOT / "docs" / page).is_file() or (section and section not in headings(page)):
                missing.append(f"{name}: docs/{page}, {section}")
    assert missing == []
    assert cited > 40


def test_rules_that_are_cited_exist() -> None:
    rules = {row.name for row in load_ledger().select("rule")}
    python = [(name, text) for name, text in texts() if name.endswith((".py", ".md"))]
    cited = {match.rsplit(" ", 1)[1] for match in found(re.compile(r"(?<![\w-])R\d\d\b(?!\d)"), python)}
    assert cited - rules == set()
    assert len(cited) > 25
