"""The GitHub Action and the GitLab component: their own steps are run, with what a runner would set faked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.server_process import environment, get

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
HEAD, COMPONENT = yaml.safe_load_all((ROOT / "templates" / "mock-sma.yml").read_text(encoding="utf-8"))
NOW = "2025-06-15T12:00:00+02:00"
READS = "curl -sS https://sandbox.smaapis.de/monitoring/v1/plants"


class Runner:
    """Runs steps of the action as a runner of GitHub does."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder = folder
        self.inputs = {name: item["default"] for name, item in ACTION["inputs"].items()} | inputs
        self.env: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        # What the step "Install" leaves; pip takes too long to be run for each test.
        (folder / "mock-sma" / "bin").mkdir(parents=True)
        (folder / "mock-sma" / "bin" / "mock-sma").symlink_to(Path(sys.executable).with_name("mock-sma"))

    def run(self, name: str, *, fails: bool = False) -> str:
        step = STEPS[name]
        files = {key: self.folder / key for key in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        given = {key: self.expanded(value) for key, value in step.get("env", {}).items()}
        own = {key: str(file) for key, file in files.items()} | {"RUNNER_TEMP": str(self.folder)}
        # bash as the runner calls it for `shell: bash`.
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(**self.env, **given, **own),
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        self.env |= pairs(files["GITHUB_ENV"])
        self.outputs |= pairs(files["GITHUB_OUTPUT"])
        return done.stdout

    def expanded(self, value: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: self.inputs[found[1]], value)

    def close(self) -> None:
        """End what the step "Start" has left, as a runner does at a job's end."""
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            words = command.read_bytes().split(b"\0") if command.exists() else []
            if str(self.folder / "mock-sma" / "bin" / "mock-sma").encode() in words:
                os.kill(int(command.parent.name), signal.SIGTERM)


def pairs(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    made = Runner(tmp_path, now=NOW, run=READS)
    yield made
    made.close()


def test_the_action_is_whole() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS.values():
        assert step.get("shell") == "bash" or re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
        # What somebody else may have written goes through the environment, never into a script.
        assert "${{" not in step.get("run", "")
    named = {key for step in STEPS.values() for key in re.findall(r"inputs\.([\w-]+)", str(step))}
    assert named == set(ACTION["inputs"])
    given = re.findall(r"steps\.start\.outputs\.([\w-]+)", str(ACTION["outputs"]))
    assert sorted(given) == sorted(ACTION["outputs"])


@pytest.mark.slow
def test_a_job_that_fails_keeps_report_capsule_and_annotations(runner: Runner) -> None:
    runner.run("Start mock-sma")
    url = runner.env["MOCK_SMA_URL"]
    assert runner.outputs["url"] == runner.outputs["proxy"] == url
    assert (runner.outputs["client-id"], runner.outputs["client-secret"]) == ("demo_api", "demo_secret")
    assert set(runner.outputs) == set(ACTION["outputs"])
    assert Path(runner.env["MOCK_SMA_CA"]).read_text(encoding="utf-8").startswith("-----BEGIN CERTIFICATE")
    assert get(f"{url}/_mock/clock").json()["now"].startswith("2025-06-15T12:00:00")
    assert '"Unauthorized"' in runner.run("Run") or get(f"{url}/_mock/requests").json()[0]["status"] == 401
    runner.inputs["run"] = f"{READS} -f"
    runner.run("Run", fails=True)
    assert get(f"{url}/_mock/requests").json()[0]["host"] == "sandbox.smaapis.de"
    told = runner.run("Keep what happened")
    folder = Path(runner.outputs["folder"])
    assert {file.name for file in folder.iterdir()} == {
        "report.txt", "capsule.json", "findings.sarif", "findings.xml", "annotations.txt", "server.log",
    }  # fmt: skip
    assert "the request has no bearer token" in (folder / "report.txt").read_text(encoding="utf-8")
    assert told == (folder / "annotations.txt").read_text(encoding="utf-8")
    assert "mock-sma replay capsule.json" in (runner.folder / "GITHUB_STEP_SUMMARY").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_server_that_cannot_start_is_an_annotation(runner: Runner) -> None:
    runner.inputs["scenario"] = "gap-weak"
    told = runner.run("Start mock-sma", fails=True)
    assert told.startswith("::error title=mock-sma did not start::mock-sma: no scenario 'gap-weak'; did you mean")
    assert "nothing to report" in runner.run("Keep what happened")


@pytest.mark.slow
def test_an_image_is_run_with_the_repository_inside(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for docker, which starts the server here: no engine is at hand."""
    (runner.folder / "docker").write_text(DOCKER.replace("HOME", str(runner.folder / "mock-sma")), encoding="utf-8")
    (runner.folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{runner.folder}:{os.environ['PATH']}")
    runner.inputs["image"] = "registry.example/mock-sma:1"
    runner.run("Start mock-sma")
    assert get(f"{runner.env['MOCK_SMA_URL']}/_mock/health").json()["status"] == "ok"
    assert Path(runner.env["MOCK_SMA_CA"]).read_text(encoding="utf-8").startswith("-----BEGIN CERTIFICATE")
    words = (runner.folder / "mock-sma" / "words").read_text(encoding="utf-8")
    assert "--publish 127.0.0.1::8080 --volume" in words
    assert "registry.example/mock-sma:1 serve --json --proxy --scenario sandbox" in words


DOCKER = r"""#!/bin/bash
case $1 in
  run)
    echo "$*" >HOME/words
    while [ "$1" != serve ]; do shift; done
    nohup HOME/bin/mock-sma "$@" --port 0 >HOME/out 2>HOME/err </dev/null &
    echo $! ;;
  logs) cat HOME/out; cat HOME/err >&2 ;;
  inspect) kill -0 "${@: -1}" && echo true ;;
  port) sed 's/.*"url": "http:\/\/\([^"]*\)".*/\1/' HOME/out ;;
  cp) cp "${2#*:}" "$3" ;;
esac
"""


def job(folder: Path, script: str, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the component's job with a script, in one shell, as a runner of GitLab does."""
    values = {name: item["default"] for name, item in HEAD["spec"]["inputs"].items()} | inputs
    ((name, found),) = COMPONENT.items()
    assert name == "$[[ inputs.job ]]"
    text = {key: values[re.findall(r"inputs\.(\w+)", value)[0]] for key, value in found["variables"].items()}
    program = folder / ".mock-sma" / "bin"
    program.mkdir(parents=True)
    for name in ("mock-sma", "python"):
        (program / name).symlink_to(Path(sys.executable).with_name(name))
    return subprocess.run(
        ["/bin/sh", "-ec", "\n".join([*found["before_script"], script])],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(CI_PROJECT_DIR=str(folder), **text),
    )


@pytest.mark.slow
def test_a_job_of_gitlab_gets_a_server_and_keeps_what_happened(tmp_path: Path) -> None:
    done = job(tmp_path, 'curl -sSf --noproxy "*" "$MOCK_SMA_URL/v1/plants"', now=NOW)
    assert done.returncode == 22, done.stderr  # curl's, for a refusal
    assert "the request has no bearer token" in done.stdout
    ((_, found),) = COMPONENT.items()
    folder = tmp_path / found["artifacts"]["paths"][0]
    assert {file.name for file in folder.iterdir()} == {"report.txt", "capsule.json", "findings.xml"}
    assert (tmp_path / found["artifacts"]["reports"]["junit"]).is_file()


@pytest.mark.slow
def test_a_job_of_gitlab_that_passes_leaves_nothing(tmp_path: Path) -> None:
    done = job(tmp_path, 'test "$MOCK_SMA_CLIENT_ID" = demo_api; test -f "$MOCK_SMA_CA"', scenario="no-consent")
    assert done.returncode == 0, done.stderr
    assert "mock-sma no-consent on http://127.0.0.1:" in done.stdout
    assert not (tmp_path / "mock-sma-report").exists()


@pytest.mark.slow
def test_a_job_of_gitlab_whose_server_cannot_start_says_why(tmp_path: Path) -> None:
    done = job(tmp_path, "true", scenario="gap-weak")
    assert done.returncode == 1
    assert "no scenario 'gap-weak'" in done.stdout
