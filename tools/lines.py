"""Writes into docs/architecture.md how many lines of Python each package has, and had in 0.1.

usage: python -m tools.lines    (for a release; no test holds the numbers to the code: every change would break it)
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
FIRST = "eafef7c"
"""The commit of 0.1."""
BEGIN, END = "<!-- lines of each package -->", "<!-- end of the lines -->"
CORE = ("domain", "simulation", "sandbox", "scenario_file")
"""What reads a scenario and answers an ordinary request; all else stands beside it, above it or is its ground."""


def now() -> Counter[str]:
    """Return the lines of each package, as they are in the folder."""
    files = (ROOT / "mock_sma").rglob("*.py")
    return counted({file.relative_to(ROOT / "mock_sma").as_posix(): file.read_text(encoding="utf-8") for file in files})


def before() -> Counter[str]:
    """Return the lines that each package had in 0.1."""
    names = git("ls-tree", "-r", "--name-only", FIRST, "mock_sma").splitlines()
    kept = [name for name in names if name.endswith(".py")]
    return counted({name.removeprefix("mock_sma/"): git("show", f"{FIRST}:{name}") for name in kept})


def counted(texts: dict[str, str]) -> Counter[str]:
    """Return the lines by package; a module at the top is a package of its own, but for the package's face."""
    found: Counter[str] = Counter()
    for name, text in texts.items():
        first = PurePosixPath(name).parts[0].removesuffix(".py")
        found["(top)" if first.startswith("__") or first == "version" else first] += len(text.splitlines())
    return found


def git(*words: str) -> str:
    """Return what Git prints."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607


def table(then: Counter[str], present: Counter[str]) -> str:
    """Return the rows: the core first, then all else by size, and sums."""
    others = sorted((set(then) | set(present)) - set(CORE), key=lambda name: -present[name])
    core = sorted(CORE, key=lambda name: -present[name])
    groups = (("the core", core), ("all else", others))
    rows = []
    for title, names in groups:
        rows += [row(f"`{name}`", then[name], present[name]) for name in names]
        rows.append(row(f"**{title}**", sum(then[name] for name in names), sum(present[name] for name in names)))
    rows.append(row("**together**", then.total(), present.total()))
    return "\n".join(["| package | 0.1 | now | |", "|---|---:|---:|---:|", *rows])


def row(name: str, then: int, present: int) -> str:
    """Return a row, with the change in percent where there was something before."""
    change = f"{(present / then - 1) * 100:+.0f} %" if then else "new"
    return f"| {name} | {then or '-'} | {present} | {change} |"


def main() -> None:
    """Write the table."""
    text = PAGE.read_text(encoding="utf-8")
    filled = f"{BEGIN}\n{table(before(), now())}\n{END}"
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: filled, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
