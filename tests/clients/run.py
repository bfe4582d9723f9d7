"""Make clients from the OpenAPI document, and run each against a server that is started here and ended here.

``run.py`` runs those that are made in seconds, ``run.py java go`` others (``tools/every_client`` runs all). Each
asks for a token, the owner's consent, plants, a Day, is refused once (401), is slowed down once (429), and reads an
answer with a member and a word that the document does not know. What it has read is compared with the plain answers.

Needs ``npm ci`` in this directory, the generators of ``requirements.txt``, and for PHP and Ruby Debian's packages
php-cli, php-guzzlehttp-guzzle, ruby-faraday and ruby-marcel. ``tools/every_client`` names what Java and Go need.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.server_process import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
OWNER = "apiTestUser@apiSandbox.com"
NOW = "2025-06-15T12:00:00+02:00"
STATUS = {"plantId": "13", "name": "New", "timezone": "Europe/Berlin", "status": "Hibernating", "novelty": {"a": [1]}}
FAULTS = (
    {"match": {"path": "/monitoring/v1/plants/*/devices"}, "effect": {"quota_exhausted": True}},
    {"match": {"path": "/monitoring/v1/plants/*/status"}, "effect": {"status": 200, "body": STATUS}},
)


def call(*command: object, **more: Any) -> str:
    """Run a program and return what it prints."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}")
    return done.stdout


class Maker:
    """Makes clients of a document in a directory of its own.

    Args:
        tools: where the generators' commands are.
    """

    def __init__(self, document: Path, directory: Path, tools: Path) -> None:
        self.document, self.directory, self.tools = document, directory, tools

    def typescript(self) -> list[object]:
        """openapi-typescript, with openapi-fetch."""
        bin_ = HERE / "node_modules" / ".bin"
        call(bin_ / "openapi-typescript", self.document, "-o", self.directory / "schema.d.ts")
        shutil.copy(HERE / "client.ts", self.directory)
        (self.directory / "package.json").write_text('{"type": "module"}')
        (self.directory / "node_modules").symlink_to(HERE / "node_modules")
        call(bin_ / "tsc", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
             "--types", "node", "client.ts", cwd=self.directory)  # fmt: skip
        return ["node", self.directory / "client.js"]

    def python(self) -> list[object]:
        """openapi-python-client."""
        call(self.tools / "openapi-python-client", "generate", "--path", self.document, "--meta", "none",
             "--output-path", self.directory / "sma")  # fmt: skip
        return [self.tools / "python", HERE / "client.py"]

    def pydantic(self) -> list[object]:
        """datamodel-code-generator."""
        call(self.tools / "datamodel-codegen", "--input", self.document, "--input-file-type", "openapi",
             "--output", self.directory / "models.py", "--output-model-type", "pydantic_v2.BaseModel")  # fmt: skip
        return [self.tools / "python", HERE / "client_pydantic.py"]

    def php(self) -> list[object]:
        """openapi-generator, with Guzzle."""
        self._generate("php")
        return ["php", "-d", "error_reporting=E_ALL & ~E_DEPRECATED", HERE / "client.php"]

    def ruby(self) -> list[object]:
        """openapi-generator, with Faraday."""
        self._generate("ruby", "--additional-properties=library=faraday")
        return ["ruby", HERE / "client.rb"]

    def java(self) -> list[object]:
        """openapi-generator, with java.net.http and Jackson, which the generator's own jar holds."""
        more = "openApiNullable=false,annotationLibrary=none,documentationProvider=none"
        self._generate("java", "--library=native", f"--additional-properties={more}")
        package = next(self.tools.parent.rglob("openapi-generator.jar"))
        jars = [package, *(f"/usr/share/java/{name}.jar" for name in JARS)]
        path = os.pathsep.join([*map(str, jars), str(self.directory)])
        sources = sorted(self.directory.joinpath("src", "main").rglob("*.java"))
        call(
            "javac", "-nowarn", "-encoding", "UTF-8", "-cp", path, "-d", self.directory, HERE / "Client.java", *sources
        )
        return ["java", "-cp", path, "Client"]

    def go(self) -> list[object]:
        """openapi-generator, with net/http; golang.org/x/oauth2 is Debian's."""
        home = self.directory / "go"
        package = home / "src" / "sma"
        more = f"--additional-properties=packageName=sma,{SURVIVING}"
        options = ("-i", self.document, "-g", "go", "-o", package, more)
        call(self.tools / "openapi-generator-cli", "generate", *options)
        # Without modules: the one library that is needed lies where Debian keeps sources.
        go = {"GO111MODULE": "off", "GOPATH": f"{home}:/usr/share/gocode", "GOCACHE": str(self.directory / "cache")}
        call("go", "build", "-o", self.directory / "client", HERE / "client.go", env=os.environ | go)
        return [self.directory / "client"]

    def _generate(self, language: str, *more: str) -> None:
        options = ("-i", self.document, "-g", language, "-o", self.directory)
        call(self.tools / "openapi-generator-cli", "generate", *options, *more)


MAKERS: Mapping[str, Callable[[Maker], list[object]]] = {
    "typescript": Maker.typescript,
    "python": Maker.python,
    "pydantic": Maker.pydantic,
    "php": Maker.php,
    "ruby": Maker.ruby,
    "java": Maker.java,
    "go": Maker.go,
}
SLOW = ("java", "go")
"""Made by hand: compiling them takes longer than all else together."""

SURVIVING = "disallowAdditionalPropertiesIfNotPresent=false"
"""Without it a client in Go refuses an answer with a member that is new."""

JARS = ("jsr305", "geronimo-annotation-1.3-spec", "httpmime")
"""Debian's libraries that a Java client needs beside the generator's jar."""


def expected(http: httpx.Client) -> dict[str, Any]:
    """Return what a client should have read, from plain answers; the owner has consented meanwhile."""
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
    token = http.post("/oauth2/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    plants = http.get("/monitoring/v1/plants", headers=headers).json()["plants"]
    plant = f"/monitoring/v1/plants/{plants[0]['plantId']}"
    day = http.get(f"{plant}/measurements/sets/EnergyBalance/Day?Date=2025-06-14", headers=headers).json()
    limited = http.get(f"{plant}/devices", headers=headers)
    return {
        "unauthorized": 401,
        "consent": ["Pending", "Accepted"],
        "plants": len(plants),
        "set": [day["setType"], day["resolution"]],
        "rows": len(day["set"]),
        "noon": day["set"][48]["pvGeneration"],
        "limited": [429, int(limited.headers["Retry-After"])],
        "new word": "Hibernating",
    }


def check(name: str, document: Path, tools: Path) -> None:
    """Make a client, run it against a new server, and compare what it has read.

    Raises:
        SystemExit: it could not be made or run, or has read something else.
    """
    with tempfile.TemporaryDirectory() as directory, serve("--now", NOW, "--rate", "0") as (_, ready):
        command = MAKERS[name](Maker(document, Path(directory), tools))
        with httpx.Client(base_url=ready["url"], trust_env=False, timeout=30) as http:
            for rule in FAULTS:
                http.post("/_mock/faults", json=rule).raise_for_status()
            env = os.environ | {"SMA_URL": ready["url"], "OWNER": OWNER, "GENERATED": directory, "no_proxy": "*"}
            read = json.loads(call(*command, env=env | {"PYTHONPATH": directory}).splitlines()[-1])
            if read != (wanted := expected(http)):
                raise SystemExit(f"{name}: {read}\nshould be {wanted}")
    print(f"{name}: {read['plants']} plants, {read['rows']} rows, 401, 429 after {read['limited'][1]} s, a new word")


def main() -> None:
    """Run the clients that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "clients", nargs="*", metavar="CLIENT", help=f"of {', '.join(MAKERS)}; all but {SLOW} by default"
    )
    parser.add_argument("--tools", type=Path, default=Path(sys.executable).parent, help="directory of the generators")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory) / "openapi.json"
        call(sys.executable, "-m", "mock_sma", "openapi", "--out", document)
        for name in options.clients or [name for name in MAKERS if name not in SLOW]:
            check(name, document, options.tools.absolute())


if __name__ == "__main__":
    main()
