"""Every recipe of docs/testing.md, and the README's test, run as they stand, without any route to another machine."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import mock_sma.testing as package
from mock_sma.testing.plugin import INI
from tests import no_route
from tests.server_process import environment

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:python|yaml)\n# (\S+)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
SETTINGS = "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"


def run(folder: Path) -> str:
    (folder / "pytest.ini").write_text(SETTINGS)
    blocked = [
        word
        for name in ("cacheprovider", "schemathesis", "xdist", "randomly", "pytest_cov", "faker")
        for word in ("-p", f"no:{name}")
    ]
    command = [sys.executable, "-m", "pytest", "-q", *blocked]
    done = no_route.run(command, folder / "counted.json", cwd=folder, timeout=180, env=environment(no_proxy="*"))
    assert done.returncode == 0, done.stdout
    return done.stdout


def readme() -> list[tuple[str, str]]:
    """Return the README's blocks that hold tests, as files."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    tests = [body for body in blocks if "def test_" in body]
    return [(f"test_of_the_readme_{number}.py", body) for number, body in enumerate(tests)]


@pytest.mark.slow
def test_every_recipe_passes(tmp_path: Path) -> None:
    for name, body in [*BLOCKS, *readme()]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(body, encoding="utf-8")
    expected = sum(body.count("def test_") for _, body in [*BLOCKS, *readme()])
    assert expected >= 30
    passed = re.search(r"(\d+) passed", run(tmp_path))
    assert passed is not None
    assert int(passed[1]) >= expected


def test_every_block_of_python_is_a_file_of_the_suite() -> None:
    assert TEXT.count("```python\n") + TEXT.count("```yaml\n") == len(BLOCKS)
    assert len({name for name, _ in BLOCKS}) == len(BLOCKS)


def test_every_ini_key_and_every_name_of_the_package_is_told() -> None:
    missing = [name for name in [*INI, "sma_pass_through"] if f"`{name}`" not in TEXT]
    assert missing == []
    untold = {name for name in package.__all__ if name not in TEXT} - {"Asked", "SmaRouter"}
    assert untold == set()
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing  # type: ignore[attr-defined]


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if not link.startswith("http")]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
