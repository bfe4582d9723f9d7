"""A server as a user runs it: a process that prints its ready line, ended by its id."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = (sys.executable, "-m", "mock_sma")
PATIENCE = float(os.environ.get("MOCK_SMA_TEST_PATIENCE", "30"))
"""How long an answer may take [s]; longer for long runs beside other work."""

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, for clients of plain HTTP: to read the system's authorities takes longer than to ask."""


def environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without settings of a mock-sma that somebody has exported."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MOCK_SMA_")}
    return own | {"PYTHONUNBUFFERED": "1"} | extra


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=environment(**env),
    )


def shell(script: str, **env: str) -> str:
    """Run a script of bash, which ends at its first failure, and return what it prints."""
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -eu\n{script}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(no_proxy="*", **env),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serve(*arguments: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run a server on a free port; gives the process and what its ready line says."""
    command = [*COMMAND, "serve", "--port", "0", "--json", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**env)
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, f"the server ended: {process.stderr.read() if process.stderr else ''}"
            yield process, json.loads(line)
        finally:
            process.terminate()


def get(url: str, **more: Any) -> httpx.Response:
    """Ask a server of this machine."""
    return httpx.get(url, trust_env=False, verify=PLAIN, timeout=PATIENCE, **more)


def token(url: str, secret: str = "demo_secret") -> httpx.Response:
    """Ask for a token."""
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": secret}
    return httpx.post(f"{url}/oauth2/token", data=form, trust_env=False, verify=PLAIN, timeout=PATIENCE)
