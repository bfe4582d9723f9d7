"""What an installed mock-sma has to do, with nothing of the checkout: run by .ci/run in clean environments.

usage: PYTHON .ci/smoke.py, where PYTHON is the environment's; run it away from the checkout.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from importlib import metadata, resources
from pathlib import Path

import mock_sma
from mock_sma import Sandbox, load_scenario
from mock_sma.scenarios import shipped

NOON = "2025-06-15T12:00:00+02:00"
OWNER = "apiTestUser@apiSandbox.com"
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
COMMAND = [sys.executable, "-m", "mock_sma"]
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def call(url: str, body: bytes | None = None, **headers: str) -> bytes:
    """Send a request and return the body of its answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with OPEN(urllib.request.Request(url, body, named), timeout=20) as answer:
        return bytes(answer.read())


def check_contents() -> None:
    """Check that the package brings its scenarios, schema, pages and licences."""
    package = Path(str(resources.files(mock_sma)))
    assert "site-packages" in package.parts, f"the checkout runs, not the installed package: {package}"
    assert len(shipped()) >= 30
    for name in (
        "_scenarios/schema/scenario.schema.json",
        "fidelity/ledger.toml",
        "api/console/static/console.js",
        "py.typed",
    ):
        assert (package / name).is_file(), name
    for shipped_asset in (
        "api/console/static/vendor/uPlot.LICENSE.txt",
        "openapi/swagger_ui/LICENSE",
    ):
        assert (package / shipped_asset).is_file(), shipped_asset
    licences = {Path(str(file)).name for file in metadata.files("mock-sma") or () if "licenses" in str(file)}
    assert {"LICENSE", "THIRD-PARTY.md"} <= licences, licences


def check_server() -> None:
    """Check the whole way over HTTP: token, consent, plants, measurements, console, documents, metrics."""
    command = [*COMMAND, "serve", "--port", "0", "--json", "--now", NOON, "--rate", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            check_answers(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
        assert process.wait(timeout=20) == 0
    world = Sandbox(load_scenario("sandbox"), now=NOON)
    assert world.seed


def check_answers(url: str) -> None:
    """Check what a server answers."""
    token = json.loads(call(f"{url}/oauth2/token", FORM))["access_token"]
    call(f"{url}/_mock/consents/{OWNER}/accept", b"{}", content_type="application/json")
    assert json.loads(call(f"{url}/monitoring/v1/plants", authorization=f"Bearer {token}"))["plants"]
    assert len(json.loads(call(url + DAY, authorization=f"Bearer {token}"))["set"]) > 90
    for path in ("/_mock/console/", "/_mock/metrics", "/_mock/capsule", "/monitoring/index.html", "/_mock/fidelity"):
        assert call(url + path), path


def check_commands() -> None:
    """Check the commands that need no server."""
    for command in (["--version"], ["scenarios"], ["openapi"]):
        done = subprocess.run([*COMMAND, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "mine.yaml")
        for command in (["init", file], ["check", file]):
            assert subprocess.run([*COMMAND, *command], capture_output=True, check=False).returncode == 0, command


if __name__ == "__main__":
    check_contents()
    check_server()
    check_commands()
    print(f"mock-sma {mock_sma.__version__} works on Python {sys.version.split()[0]}")
