"""Building the image with what is there: docker, buildah or podman."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent.parent
TAG = "mock-sma:test"
BASE = os.environ.get("PYTHON_IMAGE", "docker.io/library/python:3.13-slim")
UNITS = {"KB": 1e-3, "MB": 1.0, "GB": 1e3}


def output(*command: str, timeout: float = 60) -> str:
    """Run a command to its good end and return what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {(done.stdout + done.stderr)[-3000:]}"
    return done.stdout


def works(*command: str) -> bool:
    """Tell whether a command is there and succeeds."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def engine() -> list[str]:
    """Return the command of the engine that is here.

    Raises:
        AssertionError: none is.
    """
    if works("docker", "info"):
        return ["docker"]
    # buildah first: where no container may be made, it builds and podman does not, though that is there.
    for name in ("buildah", "podman"):
        if works(name, "--storage-driver", "vfs", "info"):
            return [name, "--storage-driver", "vfs"]
    raise AssertionError("docker, buildah or podman is needed to build the image: apt-get install buildah")


@dataclass(frozen=True)
class Image:
    """A built image.

    Attributes:
        engine: command of the engine.
        config: Entrypoint, Cmd, Env, User, WorkingDir, Labels, …
        above_base: its size less its base's [MB].
        tree: its files, where the engine only builds.
    """

    engine: list[str]
    config: Mapping[str, Any]
    above_base: float
    tree: Path | None

    @property
    def user(self) -> tuple[int, int]:
        """User and group it runs as."""
        user, _, group = str(self.config["User"]).partition(":")
        return int(user), int(group)


@contextmanager
def built() -> Iterator[Image]:
    """Build the image from the checkout and give it."""
    command = engine()
    builds = command[0] == "buildah"
    options = ["--build-arg", f"PYTHON_IMAGE={BASE}", "--network", "host", "--tag", TAG]
    if builds:
        options += ["--format", "docker", "--isolation", "chroot", "--volume", "/etc/ssl/certs:/etc/ssl/certs:ro"]
    if command[0] != "docker" and works(*command, "inspect", "--type", "image", BASE):
        options.append("--pull-never" if builds else "--pull=never")
    output(*command, "bud" if builds else "build", *options, str(ROOT), timeout=900)
    sizes = [_megabytes(command, tag) for tag in (TAG, BASE)]
    if not builds:
        found = json.loads(output(*command, "image", "inspect", TAG))
        yield Image(command, found[0]["Config"], sizes[0] - sizes[1], None)
        return
    config = json.loads(output(*command, "inspect", "--type", "image", TAG))["Docker"]["config"]
    container = output(*command, "from", "--pull-never", TAG).strip()
    try:
        tree = Path(output(*command, "mount", container).strip())
        yield Image(command, config, sizes[0] - sizes[1], tree)
    finally:
        output(*command, "rm", container)


def _megabytes(command: list[str], tag: str) -> float:
    """Return an image's size, all layers unpacked [MB]."""
    if command[0] != "buildah":
        return float(json.loads(output(*command, "image", "inspect", tag))[0]["Size"]) / 1e6
    text = json.loads(output(*command, "images", "--json", tag))[0]["size"]
    number, unit = re.fullmatch(r"([\d.]+) (\w+)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]
