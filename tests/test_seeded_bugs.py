"""Bugs, each put into a copy of the example's collector: ``live`` finds each, and shrinks its story.

Each takes half a minute or more. By hand all of them: MOCK_SMA_BUGS=all pytest tests/test_seeded_bugs.py
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from mock_sma.scenarios import load_scenario
from mock_sma.testing.life import LifeFailure, live

if TYPE_CHECKING:
    from datetime import date

PACKAGE = Path(__file__).parent.parent / "examples" / "solar-reader" / "solar_reader"

OWNER = "o@example.org"
WORLD = load_scenario(
    {
        "profile": "production-2020",
        "users": [{"email": OWNER, "country": "DE"}],
        "plants": [
            {"id": "2100", "name": "A", "template": "household", "owner": OWNER},
            {"id": "11111111-aaaa-4bbb-8ccc-000000000001", "name": "B", "template": "household", "owner": OWNER},
        ],
        "consents": [{"email": OWNER}],
    }
)


class Bug(NamedTuple):
    """A text of a file of the example, what stands there in its place, and how it is found.

    Attributes:
        rule: which does not hold.
        words: that stand in what is told.
        happens: kinds of things that happen in the lives.
        chapters: of the least story, at most.
        poll: time between two rounds of the program [s]; None: as long as between two lists of plants.
    """

    file: str
    old: str
    new: str
    rule: str
    words: str
    happens: tuple[str, ...]
    days: int = 21
    chapters: int = 2
    poll: float | None = None


BUGS = {
    "late data are never read again": Bug(
        "collector.py", "BACK = 6", "BACK = 0", "energy", "arrive only at", ("late-data", "gap")
    ),
    "an error is waited for as if seconds were milliseconds": Bug(
        "collector.py",
        "time.sleep(min(self._pause * 2**number, LONGEST))",
        "time.sleep(10_000 * min(self._pause * 2**number, LONGEST))",
        "silence",
        "every second answer is 503",
        ("outage", "gap", "late-data"),
    ),
    "an owner who revoked is begged": Bug(
        "collector.py",
        "if answer.status == 404:",
        'if answer.status != 200 or answer.document["state"] != "Accepted":',
        "begging",
        "revokes the consent",
        ("consent", "gap"),
    ),
    "a refresh that is refused is tried for ever": Bug(
        "auth.py",
        "if answer is None or answer.status_code == 400:",
        "if answer is None:",
        "stuck",
        "no token is given out",
        ("token-outage", "gap"),
        poll=1_500,
    ),
    "an address that has moved is not followed": Bug(
        "collector.py",
        "if answer.status == 308:",
        "if answer.status == 3080:",
        "program",
        "moves to ennexOS",
        ("migration", "gap"),
        days=10,
        poll=1_500,
    ),
}


def broken(folder: Path, file: str, old: str, new: str) -> Any:
    """Import a copy of the example in which some text is another."""
    name = f"reader_{abs(hash((file, old)))}"
    shutil.copytree(PACKAGE, folder / name)
    for path in (folder / name).glob("*.py"):
        text = path.read_text()
        if path.name == file:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text.replace("solar_reader", name))
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


def failure_of(main: Any, **options: Any) -> str:
    """Return what is told of the first life that fails; a bug need not show in every one."""
    for seed in range(6):
        try:
            live(main, seed=seed, shrink=10, **options)
        except LifeFailure as failure:
            return str(failure)
    return "no life failed"


@pytest.mark.slow
@pytest.mark.parametrize(
    "bug", BUGS if os.environ.get("MOCK_SMA_BUGS") == "all" else ["an owner who revoked is begged"]
)
def test_a_seeded_bug_is_found_and_shrunk(tmp_path: Path, bug: str) -> None:
    seeded = BUGS[bug]
    reader = broken(tmp_path, seeded.file, seeded.old, seeded.new)
    stores: list[Any] = []

    def main(life: Any) -> None:
        stores.append(reader.Store())
        owners = [user.email for user in life.sandbox.scenario.users]
        reader.Collector("demo_api", "demo_secret", stores[-1], owners=owners, poll=seeded.poll).run()

    def kept(plant: str, day: date) -> dict[str, float]:
        found: dict[str, float] = stores[-1].energies(plant, day)
        return found

    options = {"store": kept, "failures": tmp_path / "failures", "happens": seeded.happens, "days": seeded.days}
    told = failure_of(main, scenario=WORLD, **options)
    for store in stores:
        store.close()
    story = told.partition("the least story")[2].partition("\n  scenario:")[0].partition(":00:")[2]
    assert told.startswith(f"{seeded.rule}: "), told
    assert seeded.words in told, told
    assert story.count("\n    ") <= seeded.chapters, told
    assert len(list((tmp_path / "failures").iterdir())) == 2
