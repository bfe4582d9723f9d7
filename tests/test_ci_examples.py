"""The examples for pipelines: well-formed, with settings and host names that exist, and their commands run."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.settings import SETTINGS, Settings, read_settings, variable
from tests.server_process import get, serve, shell, token

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "ci"
HOSTS = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8")
(IN_DOCS,) = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", HOSTS, re.DOTALL))


def document(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


COMPOSE = document("compose.yaml")
GITHUB = document("examples/ci/github-actions.yml")["jobs"]["test"]
GITLAB = document("examples/ci/gitlab-ci.yml")["integration"]
GIVEN = [
    COMPOSE["services"]["mock-sma"]["environment"],
    IN_DOCS["services"]["mock-sma"]["environment"],
    GITHUB["services"]["mock-sma"]["env"],
    GITLAB["services"][0]["variables"],
]


def settings_of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert set(environment) <= set(map(variable, SETTINGS))
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return read_settings({})


@pytest.mark.parametrize("given", GIVEN)
def test_their_settings_exist_and_are_valid(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(given, monkeypatch).given == {name.removeprefix("MOCK_SMA_").lower() for name in given}


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "given"),
    [
        (GITHUB["steps"][1]["run"], GITHUB["services"]["mock-sma"]["env"]),
        (GITLAB["script"][0], GITLAB["services"][0]["variables"]),
    ],
)
def test_their_commands_give_the_consent(script: str, given: dict[str, str]) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with serve(**given) as (_, ready):
        shell(script, SMA_URL=ready["url"], PATH=path)
        bearer = f"Bearer {token(ready['url']).json()['access_token']}"
        plants = get(f"{ready['url']}/monitoring/v1/plants", headers={"Authorization": bearer})
        assert plants.json()["plants"]


@pytest.mark.slow
def test_the_testcontainers_example_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with serve(**example().SETTINGS) as (_, ready):
        example().test_an_owner_who_accepts_opens_her_plants(ready["url"])


def example() -> Any:
    spec = importlib.util.spec_from_file_location("example", EXAMPLES / "test_with_testcontainers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_testcontainers_example_names_settings_and_calls_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    module = example()
    assert settings_of(module.SETTINGS, monkeypatch).rate == 0.0
    for call in ("with_envs", "with_exposed_ports", "waiting_for", "get_exposed_port", "get_container_host_ip"):
        assert hasattr(module.DockerContainer, call)
    assert module.HttpWaitStrategy(module.PORT, "/_mock/ready").for_status_code(200)
