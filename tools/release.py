"""Makes what a release consists of: packages, an SBOM, checksums, and a signature of these.

usage: python -m tools.release [--out DIR] [--key FILE]    (or: make release ARGS="--key ~/.ssh/id_ed25519")

Nothing is uploaded. Whoever builds the same commit gets the same bytes, and so the same checksums. The signature is one
of OpenSSH, which whoever uses Git has; docs/release.md says how it is checked.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SUMS = "SHA256SUMS"
NAMESPACE = "mock-sma-release"
"""What a signature is for: one that was made for something else is refused."""


class ReleaseError(Exception):
    """The release is not ready, with what to do."""


def main(words: list[str]) -> int:
    """Make a release and say what it consists of."""
    parser = argparse.ArgumentParser(prog="tools.release", description="Make the files of a release.")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "dist", help="folder for them (default: dist); emptied before"
    )
    parser.add_argument("--key", type=Path, help="private key of OpenSSH that signs the checksums")
    given = parser.parse_args(words)
    try:
        release(given.out, given.key)
    except ReleaseError as error:
        sys.stderr.write(f"release: {error}\n")
        return 1
    for file in sorted(given.out.iterdir()):
        print(f"{file.stat().st_size:>9} {file.name}")  # noqa: T201 - what it is for
    return 0


def release(out: Path, key: Path | None) -> None:
    """Make all files.

    Raises:
        ReleaseError: versions differ, or a tool fails.
    """
    version = agreed(ROOT)
    if key is not None and not key.is_file():
        raise ReleaseError(f"--key: there is no file {key}")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    build(out)
    sbom(out / f"mock_sma-{version}.cdx.json")
    checksums(out)
    if key is not None:
        sign(out / SUMS, key)


def agreed(root: Path) -> str:
    """Return the version, which all files agree on.

    Raises:
        ReleaseError: they do not.
    """
    version: str = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    places = {
        "mock_sma/version.py": f'__version__ = "{version}"\n',
        "Dockerfile": f"ARG VERSION={version}\n",
        "CHANGELOG.md": f"\n## [{version}]",
        "README.md": f"Version {version}, ",
        "examples/ci/github-actions.yml": f"/mock-sma:{version}\n",
        "examples/ci/gitlab-ci.yml": f"/mock-sma:{version}\n",
        "docs/upgrading.md": "\n## From 0.1",
    }
    for name, text in places.items():
        if text not in (root / name).read_text(encoding="utf-8"):
            raise ReleaseError(f"pyproject.toml has version {version}, but {name} has no {text.strip()!r}")
    return version


def build(out: Path) -> None:
    """Build the source distribution, and from it the wheel."""
    run(tool("uv"), "build", "--quiet", "--out-dir", str(out.resolve()), str(ROOT))
    (out / ".gitignore").unlink(missing_ok=True)


def sbom(file: Path) -> None:
    """Write the packages of the image, with their hashes, as a CycloneDX document."""
    words = ["--pyproject", "pyproject.toml", "--mc-type", "application", "--output-reproducible", "--of", "JSON"]
    cyclonedx = [tool("uv"), "tool", "run", "--quiet", "--from", "cyclonedx-bom>=7", "cyclonedx-py"]
    run(*cyclonedx, "requirements", "requirements/runtime.txt", *words, "-o", str(file.resolve()))


def checksums(folder: Path) -> None:
    """Write the SHA-256 of each file, as sha256sum does."""
    files = sorted(file for file in folder.iterdir() if not file.name.startswith(SUMS))
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def sign(file: Path, key: Path) -> None:
    """Write a signature beside a file."""
    file.with_name(f"{file.name}.sig").unlink(missing_ok=True)
    run("ssh-keygen", "-q", "-Y", "sign", "-f", str(key.resolve()), "-n", NAMESPACE, str(file.resolve()))


def tool(name: str) -> str:
    """Return a program of the environment that this one runs in."""
    return str(Path(sys.executable).with_name(name))


def run(*command: str) -> str:
    """Run a program in the repository and return what it prints.

    Raises:
        ReleaseError: it fails, or is not there.
    """
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ReleaseError(f"{command[0]} is not here; make setup installs what a release needs") from None
    if done.returncode:
        last = re.sub(r"\s+", " ", done.stderr.strip())[-500:]
        raise ReleaseError(f"{Path(command[0]).name} {command[1]}: {last}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
