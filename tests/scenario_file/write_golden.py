"""Write the golden error texts beside the broken scenarios: ``python -m tests.scenario_file.write_golden``.

Read the difference before committing it: these are the texts users see.
"""

from __future__ import annotations

from pathlib import Path

from mock_sma.errors import ScenarioError
from mock_sma.scenario_file import parse_scenario

BROKEN = Path(__file__).parent / "broken"


def complaint(file: Path) -> str:
    """Return the error text of a broken scenario; empty when it loads."""
    try:
        parse_scenario(file.read_bytes(), format=file.suffix[1:], file=file.name)
    except ScenarioError as error:
        return f"{error}\n"
    return ""


def broken_files() -> list[Path]:
    """Return the corpus."""
    return sorted(file for file in BROKEN.iterdir() if file.suffix in (".yaml", ".json"))


if __name__ == "__main__":
    for item in broken_files():
        item.with_name(item.name + ".txt").write_text(complaint(item), encoding="utf-8")
