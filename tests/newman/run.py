"""Run Postman collections with newman against a server that is started here and ended here.

``run.py`` runs the project's own collection, with ``--url URL`` on a server that runs already;
``run.py COLLECTION`` one made for SMA's sandbox, unmodified on disk:
a copy is pointed at the server, its folders are run, and the flow's second run must answer as SMA's sandbox does.
Needs ``npm ci`` in this directory before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
NEWMAN = HERE / "node_modules" / ".bin" / "newman"
OWN = HERE / "custom-flow.postman_collection.json"
HOSTS = ("https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de")
FLOW = "CustomFlow - Demo"
FOLDERS = (FLOW, "MonitoringApi", "BasicReportingApi")
VARIABLES = {
    "cred_id": "demo_api",
    "cred_secret": "demo_secret",
    "client_id": "demo_api",
    "client_secret": "demo_secret",
    "yearmonth": "2025-05",
    "fromDate": "2025-06-01",
    "year": "2025",
}
NOW = "2026-03-01T12:00:00+01:00"


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a free port, give its address and end it by its id."""
    command = [sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json", "--now", NOW]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def newman(collection: Path, *options: str, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Run a collection and return its executions; every failed assertion is printed."""
    report = collection.with_suffix(".report.json")
    command = [str(NEWMAN), "run", str(collection), "--reporters", "cli,json", "--reporter-json-export", str(report)]
    command += ["--color", "off", "--disable-unicode", "--timeout-request", "10000", *options]
    for name, value in variables.items():
        command += ["--env-var", f"{name}={value}"]
    proxies = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(command, check=False, timeout=300, env=proxies)
    executions: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["run"]["executions"]
    if done.returncode:
        raise SystemExit(f"newman: {collection.name} failed")
    return executions


def answers(executions: list[dict[str, Any]]) -> list[tuple[str, str, int, str]]:
    """Return name, method, status and body of every request."""
    found = []
    for execution in executions:
        response = execution.get("response") or {}
        body = bytes(response.get("stream", {}).get("data", [])).decode()
        found.append((execution["item"]["name"], execution["request"]["method"], response.get("code", 0), body))
    return found


def own(directory: Path, url: str | None) -> None:
    """Run the project's own collection on the server at ``url``, or on a fresh one."""
    copy = directory / OWN.name
    copy.write_text(OWN.read_text(encoding="utf-8"), encoding="utf-8")
    with nullcontext(url) if url else server() as address:
        newman(copy, variables={"server": address})


def foreign(directory: Path, original: Path) -> None:
    """Run a sandbox collection twice: as a first user, then again over the consent that now stands."""
    text = original.read_text(encoding="utf-8")
    with server() as url:
        for host in HOSTS:
            if host not in text:
                raise SystemExit(f"{original.name} does not call {host}: not the collection this was written for")
        copy = directory / "collection.json"
        copy.write_text(pointed(json.loads(text), url), encoding="utf-8")
        folders = [part for folder in FOLDERS for part in ("--folder", folder)]
        refused = [row[:3] for row in answers(newman(copy, *folders, variables=VARIABLES)) if not 200 <= row[2] < 400]
        if refused:
            raise SystemExit(f"first run: refused {refused}")
        second_run(answers(newman(copy, "--folder", FLOW, variables=VARIABLES)))


def pointed(collection: dict[str, Any], url: str) -> str:
    """Return the collection with its hosts replaced in every request."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict) and "raw" in value and "host" in value:
            value = value["raw"]  # newman takes the parts over the text
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, str):
            for host in HOSTS:
                value = value.replace(host, url)
        return value

    return json.dumps(walk(collection))


def second_run(rows: list[tuple[str, str, int, str]]) -> None:
    """Hold the second run to the sandbox: asking again answers Accepted, accepting again 404."""
    (asked,) = [row for row in rows if row[1] == "POST" and "loginHint" in row[3]]
    if asked[2] != 201 or json.loads(asked[3])["state"] != "Accepted":
        raise SystemExit(f"second run: expected 201 Accepted, got {asked[2]} {asked[3]}")
    (accepted,) = [row for row in rows if row[1] == "PUT"]
    if accepted[2] != 404:
        raise SystemExit(f"second run: expected 404 to the PUT, got {accepted[2]} {accepted[3]}")
    others = [row[:3] for row in rows if row[1] != "PUT" and not 200 <= row[2] < 400]
    if others:
        raise SystemExit(f"second run: refused {others}")


def main(arguments: list[str]) -> None:
    """Run the project's own collection, or the one given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("collection", nargs="?", type=Path)
    parser.add_argument("--url")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        if options.collection:
            foreign(Path(name), options.collection)
        else:
            own(Path(name), options.url)


if __name__ == "__main__":
    main(sys.argv[1:])
