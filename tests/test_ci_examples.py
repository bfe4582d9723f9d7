"""The examples for pipelines: well-formed, with settings and host names that exist, and their commands run."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.settings import Settings
from tests.server_process import NOON, environment, serve

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "ci"
HOSTS = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
(IN_DOCS,) = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", HOSTS, re.DOTALL))


def document(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


COMPOSE = document("compose.yaml")
GITHUB = document("examples/ci/github-actions.yml")["jobs"]["test"]
GITLAB = document("examples/ci/gitlab-ci.yml")["integration"]
SETTINGS = [
    COMPOSE["services"]["mock-sma"]["environment"],
    IN_DOCS["services"]["mock-sma"]["environment"],
    GITHUB["services"]["mock-sma"]["env"],
    GITLAB["services"][0]["variables"],
]


def settings_of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    known = {f"MOCK_SMA_{name.rstrip('_').upper()}" for name in Settings.model_fields}
    assert set(environment) <= known
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return Settings()


@pytest.mark.parametrize("given", SETTINGS)
def test_their_settings_exist_and_are_valid(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(given, monkeypatch).model_fields_set == {
        name.removeprefix("MOCK_SMA_").lower() for name in given
    }


def test_the_aliases_in_the_docs_are_smas_names() -> None:
    aliases = IN_DOCS["services"]["mock-sma"]["networks"]["default"]["aliases"]
    assert set(aliases) <= set(SMA_HOSTS)
    assert {"sandbox.smaapis.de", "sandbox-auth.smaapis.de"} <= set(aliases)
    assert [name for name in SMA_HOSTS if name not in HOSTS] == []


def test_compose_publishes_to_this_machine_only() -> None:
    service = COMPOSE["services"]["mock-sma"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["read_only"] is True
    assert IN_DOCS["networks"]["default"]["internal"] is True


@pytest.mark.parametrize("script", [GITHUB["steps"][1]["run"], GITLAB["script"][0]])
def test_their_commands_give_the_consent(script: str) -> None:
    with serve("--now", NOON, "--rate", "0") as (_, ready):
        done = subprocess.run(
            ["/bin/bash", "-c", "set -eu\n" + script],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment(SMA_URL=ready["url"], no_proxy="*"),
        )
        assert done.returncode == 0, done.stderr
        plants_of_the_testcontainers_example(ready["url"])


def plants_of_the_testcontainers_example(url: str) -> None:
    example().test_an_owner_who_accepts_opens_her_plants(url)


def example() -> Any:
    spec = importlib.util.spec_from_file_location("example", EXAMPLES / "test_with_testcontainers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_testcontainers_example_describes_a_server_that_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    described = example().container()
    assert settings_of(described.env, monkeypatch).rate == 0.0
    assert described.image == "mock-sma"
    assert 8080 in described.ports
