"""Each real host has its own layout, its own 404 and its own 504; the unknown is loud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.scenario import Switches
from mock_sma.sandbox.hosts import SMA_HOSTS
from tests.facts import NOW
from tests.sandbox_helpers import CLIENT, ask, make, tokens

PLANTS = "/v1/plants"
SERVED = {
    "monitoring.smaapis.de": [PLANTS, "/v2/plants"],
    "sandbox.smaapis.de": ["/monitoring/v1/plants", "/basicreporting/v1/plants"],
    "async-auth.smaapis.de": ["/monitoring/v1/plants"],
    "smaapis.de": ["/monitoring/v1/plants"],
    "basicreporting.smaapis.de": [PLANTS],
    "auth.smaapis.de": [],
    "sandbox-auth.smaapis.de": [],
    "live.smaapis.de": [],
}
EVERY_PATH = {path for paths in SERVED.values() for path in paths}


def test_the_table_names_every_host_that_is_known() -> None:
    assert set(SERVED) == set(SMA_HOSTS)


@pytest.mark.parametrize("host", SERVED)
def test_a_real_host_serves_its_own_layout_only(host: str) -> None:
    world = make()
    token = tokens(world)["access_token"]
    for path in EVERY_PATH:
        status = ask(world, "GET", path, bearer=token, host=host).status
        assert (status == 200) is (path in SERVED[host]), path
        loud = host in ("live.smaapis.de", "basicreporting.smaapis.de") or path.startswith("/basicreporting")
        quiet = 404 if host in ("auth.smaapis.de", "sandbox-auth.smaapis.de") or not loud else 501
        assert status in (200, quiet), path


@pytest.mark.parametrize("host", ["auth.smaapis.de", "sandbox-auth.smaapis.de"])
@pytest.mark.parametrize("path", ["/", "/.well-known/openid-configuration", "/oauth2/v2/bc-authorize/a", "/v1/plants"])
def test_auth_hosts_answer_unknown_paths_with_an_empty_404(host: str, path: str) -> None:
    reply = ask(make(), "GET", path, host=host)
    assert (reply.status, reply.body) == (404, b"")


def test_bc_authorize_on_the_monitoring_host_is_the_gateways_html_504() -> None:
    reply = ask(make(), "POST", "/oauth2/v2/bc-authorize", host="monitoring.smaapis.de", json={"loginHint": "a@b.c"})
    assert (reply.status, reply.header(b"content-type")) == (504, b"text/html; charset=utf-8")
    assert b"504 Gateway Time-out" in reply.body


def test_the_token_alias_of_the_sandbox_host_is_a_switch() -> None:
    form = {"grant_type": "client_credentials", **CLIENT}
    for alias, status in ((True, 200), (False, 401)):
        scenario = load_scenario("sandbox")
        world = Sandbox(replace(scenario, switches=Switches(sandbox_token_alias=alias)), now=NOW)
        reply = ask(world, "POST", "/oauth2/token", host="sandbox.smaapis.de", form=form)
        assert reply.status == status
        assert ask(world, "POST", "/oauth2/token", host="sandbox-auth.smaapis.de", form=form).status == 200
        assert ask(world, "POST", "/oauth2/token", form=form).status == 200
    assert reply.body == b'{"message":"Unauthorized","code":"401"}'
    assert "sandbox_token_alias" in world.requests[0].why


@pytest.mark.parametrize(
    "path",
    [
        "/v1/plants/13/parameters",
        "/v1/devices/16/parameters",
        "/monitoring/v1/devices/16/Parameters/",
        "/live/v1/plants/13/measurements/sets/EnergyBalance",
        "/live/index.html",
        "/gridcontrol/v1/plants/eligibilityCheck",
        "/geoforecast/v1/plants",
        "/smarthome/v1/plants",
        "/basicreporting/v1/plants/13/devices",
    ],
)
def test_a_path_of_a_sibling_api_is_a_loud_501_or_by_a_switch_a_404(path: str) -> None:
    loud = ask(make(), "GET", path)
    assert loud.status == 501
    assert b"mock-sma does not emulate" in loud.body
    quiet = Sandbox(replace(load_scenario("sandbox"), switches=Switches(unknown_as=404)))
    reply = ask(quiet, "GET", path)
    assert (reply.status, reply.body) == (404, b'{"message":"Not Found","code":"404"}')


def test_the_live_host_is_loud_on_every_path() -> None:
    for path in ("/", "/v1/plants/13/configuration", "/foo"):
        assert ask(make(), "GET", path, host="live.smaapis.de").status == 501


def test_a_path_that_sma_can_not_have_is_a_plain_404_and_a_wrong_method_405() -> None:
    world = make()
    assert ask(world, "GET", "/favicon.ico").status == 404
    assert ask(world, "GET", "/.well-known/openid-configuration").body == b""
    reply = ask(world, "DELETE", "/v1/plants")
    assert (reply.status, reply.header(b"allow")) == (405, b"GET")
    assert ask(world, "OPTIONS", "/v1/plants").header(b"access-control-allow-origin") is None
