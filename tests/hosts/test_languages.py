"""``mock-sma run`` for programs of many languages, as an ordinary user, by each way that docs/hosts.md names.

Where a language is not installed its test is left out; .ci/run installs them and says so by MOCK_SMA_LANGUAGES=all.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from tests.server_process import COMMAND, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.container, pytest.mark.slow]

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = Path(__file__).parent / "programs"
ALL = os.environ.get("MOCK_SMA_LANGUAGES") == "all"
NOBODY = 65_534
OKHTTP = Path("/usr/share/java/okhttp.jar")


@dataclass(frozen=True)
class Language:
    """A program, and what it takes to run it.

    Attributes:
        run: command; ``{0}`` stands for its file.
        prints: what it prints: a status for each of its clients.
        needs: a file that has to be there, or a command.
        build: command that is run first, without any leading.
        ways: by which it can be led.
        by_hand: whether .ci/run does without it, since it takes long to install.
    """

    file: str
    run: str
    prints: str
    needs: str
    build: str = ""
    ways: tuple[str, ...] = ("namespace", "proxy")
    by_hand: bool = False


LANGUAGES = {
    "Python: requests, aiohttp, urllib": Language("python.py", f"{sys.executable} {{0}}", "401 401 401", "python3"),
    "curl": Language("curl.sh", "sh {0}", "401", "curl"),
    "Node: fetch, https": Language("node.mjs", "node {0}", "401 401", "node"),
    "Node: axios, undici": Language(
        "npm.mjs", "node {0}", "401 401", "npm", "npm install --silent --no-audit --no-fund axios@1 undici@6"
    ),
    "Java: HttpClient, HttpURLConnection": Language("Client.java", "java {0}", "401 401", "javac"),
    "Java: OkHttp": Language("Ok.java", f"java -cp {OKHTTP}:{OKHTTP.with_name('okio.jar')} {{0}}", "401", str(OKHTTP)),
    "Go": Language("client.go", "./client", "401", "go", "go build -o client client.go"),
    "PHP: curl, streams": Language("client.php", "php {0}", "401 401", "php"),
    "Ruby: Net::HTTP, open-uri": Language("client.rb", "ruby {0}", "401 401", "ruby"),
    "Perl: LWP, HTTP::Tiny": Language("client.pl", "perl {0}", "401 401", "/usr/share/perl5/LWP/Protocol/https.pm"),
    "Elixir: httpc": Language("client.exs", "elixir {0}", "401", "elixir", ways=("namespace",), by_hand=True),
}
CASES = [pytest.param(name, way, id=f"{name}, {way}") for name, language in LANGUAGES.items() for way in language.ways]

OPEN = """
set -e
mount --make-rprivate /
closed=$1; kept=$2; shift 2
if [ -n "$closed" ]; then
  mkdir -p "$kept/place"
  mount --rbind "$closed" "$kept/place"
  mount -t tmpfs -o mode=755 open "$closed"
  while [ "$1" != -- ]; do mkdir -p "$1"; mount --rbind "$kept/place/${1#"$closed"/}" "$1"; shift; done
fi
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""
"""Shows an ordinary user what lies in the home of root: CLOSED FOLDER PATHS… -- COMMAND…"""


def closed_folder(path: Path) -> Path | None:
    """Return the folder on the way to a path that an ordinary user may not enter, or None."""
    on_the_way = [path, *path.parents]
    return next((item for item in reversed(on_the_way) if not item.stat().st_mode & stat.S_IXOTH), None)


def as_a_user(folder: Path, *command: str) -> list[str]:
    """Return a command as an ordinary user runs it: this one, or nobody where this one is root."""
    if os.geteuid() != 0:
        return list(command)
    needed = [Path(sys.base_prefix).resolve(), ROOT]
    closed = next((item for item in map(closed_folder, needed) if item is not None), None)
    shown = [str(item) for item in needed if closed is not None and closed in item.parents]
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--"]
    kept = folder.parent / "kept"
    kept.mkdir(exist_ok=True)
    return ["unshare", "--mount", "sh", "-c", OPEN, "open", str(closed or ""), str(kept), *shown, "--", *user, *command]


def is_here(language: Language) -> bool:
    return Path(language.needs).exists() or shutil.which(language.needs) is not None


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Give a folder of the user's, in reach of everybody, with the programs in it, built."""
    # Not one of pytest's own, which it closes to others at each start.
    with TemporaryDirectory() as name:
        yield made(Path(name))


def made(base: Path) -> Path:
    place = Path(shutil.copytree(PROGRAMS, base / "work"))
    base.chmod(0o755)
    for language in filter(is_here, LANGUAGES.values()):
        if language.build:
            env = environment(HOME=str(base), GOCACHE=str(base / "go"))
            subprocess.run(language.build.split(), cwd=place, check=True, timeout=300, env=env)
    if os.geteuid() == 0:
        for item in (place, *place.rglob("*")):
            os.chown(item, NOBODY, NOBODY)
    return place


@pytest.fixture(scope="module")
def printed(folder: Path) -> Callable[[str], dict[str, str]]:
    """Run all programs in one run of each way; gives what each has printed."""

    @cache
    def by(way: str) -> dict[str, str]:
        names = [name for name, language in LANGUAGES.items() if way in language.ways and is_here(language)]
        lines = [
            f"{LANGUAGES[name].run.format(LANGUAGES[name].file)} >{number}.out 2>{number}.err </dev/null"
            for number, name in enumerate(names)
        ]
        (folder / "all.sh").write_text("id -u\n" + "\n".join(lines), encoding="utf-8")
        command = as_a_user(folder, *COMMAND, "run", "--via", way, "--", "sh", "all.sh")
        env = environment(HOME=str(folder), PYTHONPATH=str(ROOT))
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False, env=env)
        assert done.stdout.strip() not in ("", "0"), done.stderr
        said = {}
        for number, name in enumerate(names):
            out, err = ((folder / f"{number}.{kind}").read_text(encoding="utf-8") for kind in ("out", "err"))
            said[name] = " ".join(out.split()) or err
        return said

    return by


@pytest.mark.parametrize(("name", "way"), CASES)
def test_a_program_reaches_the_world(printed: Callable[[str], dict[str, str]], name: str, way: str) -> None:
    language = LANGUAGES[name]
    if not is_here(language):
        assert not ALL or language.by_hand, f"{language.needs} is missing"
        pytest.skip(f"{language.needs} is not installed")
    assert printed(way)[name] == language.prints
