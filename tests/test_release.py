"""The release tool: versions that agree, checksums that sha256sum takes, and a signature that ssh-keygen verifies."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools.release import NAMESPACE, ROOT, SUMS, ReleaseError, agreed, checksums, main, sign

if TYPE_CHECKING:
    from pathlib import Path

VERSIONED = (
    "pyproject.toml",
    "mock_sma/version.py",
    "Dockerfile",
    "CHANGELOG.md",
    "README.md",
    "examples/ci/github-actions.yml",
    "examples/ci/gitlab-ci.yml",
    "docs/upgrading.md",
)
PAGE = (ROOT / "docs" / "release.md").read_text(encoding="utf-8")


def keygen(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [shutil.which("ssh-keygen") or "ssh-keygen", *words]
    return subprocess.run(command, capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in VERSIONED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.slow
def test_all_files_have_the_same_version(copy: Path) -> None:
    version = agreed(copy)
    assert version.count(".") == 2
    for name in VERSIONED[1:]:
        file = copy / name
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace(version, "9.9.9").replace("## From 0.1", "## Elsewhere"), encoding="utf-8")
        with pytest.raises(ReleaseError, match=name):
            agreed(copy)
        file.write_text(before, encoding="utf-8")


@pytest.mark.slow
def test_checksums_are_those_of_sha256sum_and_their_signature_can_be_checked(tmp_path: Path) -> None:
    folder, key = tmp_path / "dist", tmp_path / "key"
    folder.mkdir()
    (folder / "a.whl").write_bytes(b"wheel")
    (folder / "b.json").write_bytes(b"{}")
    checksums(folder)
    checksums(folder)  # the sums are not among what is summed
    sums = (folder / SUMS).read_text(encoding="utf-8")
    assert [line.split("  ")[1] for line in sums.splitlines()] == ["a.whl", "b.json"]
    assert subprocess.run(["/usr/bin/sha256sum", "--check", "--quiet", SUMS], cwd=folder, check=False).returncode == 0
    assert keygen("-q", "-t", "ed25519", "-N", "", "-f", str(key)).returncode == 0
    sign(folder / SUMS, key)
    (tmp_path / "allowed_signers").write_text(f"mock-sma {key.with_suffix('.pub').read_text()}", encoding="utf-8")
    check = ["-Y", "verify", "-f", str(tmp_path / "allowed_signers"), "-I", "mock-sma", "-n", NAMESPACE]
    check += ["-s", str(folder / f"{SUMS}.sig")]
    assert keygen(*check, input=sums.encode()).returncode == 0
    assert keygen(*check, input=sums.replace("a", "b").encode()).returncode != 0


def test_a_key_that_is_not_there_ends_it_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path / "dist"), "--key", str(tmp_path / "no")]) == 1
    assert "--key: there is no file" in capsys.readouterr().err
    assert not (tmp_path / "dist").exists()


def test_the_page_says_how_to_check_as_the_tool_signs() -> None:
    assert f"-n {NAMESPACE} -s {SUMS}.sig < {SUMS}" in PAGE
