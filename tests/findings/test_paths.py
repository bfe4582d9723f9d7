"""Which paths SMA is known not to have (404), and which may be hers though the emulator has them not (501)."""

from __future__ import annotations

import pytest

from mock_sma.sandbox.hosts import SMA_HOSTS, Api
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, content, make, tokens

KNOWN_NOT_TO_EXIST = [
    "/v1/plants/13/measurements/sets/EnergyBalance",
    "/v1/devices/16/measurements/sets/EnergyAndPowerPv",
    "/v1/devices/16/measurements/sets/EnergyAndPowerPv/",
    "/v2/plants/13/measurements/sets/EnergyBalance",
    "/v1/plants/13/measurements",
    "/v1/plants/13/measurements/sets/EnergyBalance/Day/2025-06-14",
    "/v1/plants/13/tariff",
    "/v1/plants/13/devices/16",
    "/v1/plants/13/parameters/1",
    "/v1/devices",
    "/v1/devices/16/location",
    "/v1/devices/16/measurements/EnergyAndPowerPv/Day",
    "/v2/devices/16",
    "/v1/anything",
    "/V3/plants",
]
SIBLINGS = {
    "/v1/devices/16/parameters": "neither its swagger document as quoted nor any client program names them",
    "/v1/plants/13/parameters": "whether SMA's Monitoring API has parameters is not known",
    "/v2/plants/13/Parameters": "whether SMA's Monitoring API has parameters is not known",
    "/live/v1/plants/13/measurements/sets/EnergyBalance": "/v1/plants/{plantId}/configuration",
    "/live/index.html": "for Classic plants",
    "/gridcontrol/v1/plants/eligibilityCheck": "POST /v1/plants/eligibilityCheck",
    "/geoforecast/v1/plants": "only the name is known",
    "/smarthome/v1/plants": "only the name is known",
    "/basicreporting/v1/plants/13/devices": "measurements/sets/PvGeneration/{period}",
}


@pytest.mark.parametrize("mount", ["", "/monitoring"])
@pytest.mark.parametrize("path", KNOWN_NOT_TO_EXIST)
def test_a_path_that_is_known_not_to_exist_is_404_with_and_without_a_token(path: str, mount: str) -> None:
    world = make()
    for more in ({}, {"bearer": tokens(world)["access_token"]}):
        reply = ask(world, "GET", mount + path, **more)
        assert (reply.status, reply.body) == (404, b'{"message":"Not Found","code":"404"}')
    assert "the nearest are" in world.requests[-1].why


@pytest.mark.parametrize(("path", "known"), SIBLINGS.items())
def test_a_sibling_api_is_501_and_the_text_names_what_is_known_of_it(path: str, known: str) -> None:
    reply = ask(make(), "GET", path)
    body = content(reply)
    assert (reply.status, body["code"]) == (501, "501")
    assert body["message"].startswith(f"mock-sma does not emulate {path}: ")
    assert known in body["message"]


def test_the_hosts_of_siblings_say_the_same_on_every_path() -> None:
    for host, word in (("live.smaapis.de", "Live API"), ("basicreporting.smaapis.de", "BasicReporting API")):
        reply = ask(make(), "GET", "/v1/foo", host=host)
        assert (reply.status, word in content(reply)["message"]) == (501, True)


MONITORING = {"monitoring.smaapis.de": "", **dict.fromkeys(("smaapis.de", "async-auth.smaapis.de"), "/monitoring")}
CONSENT = {"sandbox.smaapis.de", "async-auth.smaapis.de", "smaapis.de"}


@pytest.mark.parametrize("host", SMA_HOSTS)
def test_each_host_serves_consent_or_does_not(host: str) -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    asked = ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer, host=host)
    assert (asked.status == 201) is (host in CONSENT)
    read = ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer, host=host)
    assert (read.status == 200) is (host in CONSENT)


def test_the_programs_of_2022_find_consent_and_plants_on_one_host() -> None:
    world = make()
    bearer, host = tokens(world)["access_token"], "smaapis.de"
    assert (
        content(ask(world, "POST", BC + "/", json={"loginHint": OWNER}, bearer=bearer, host=host))["state"] == "Pending"
    )
    change = ask(world, "PUT", f"{BC}/{OWNER}/state/", json={"status": "accepted"}, bearer=bearer, host=host)
    assert content(change)["state"] == "Accepted"
    assert len(content(ask(world, "GET", "/monitoring/v1/plants/", bearer=bearer, host=host))["plants"]) == 9
    assert ask(world, "GET", "/v1/plants", bearer=bearer, host=host).status == 404
    assert ask(world, "POST", "/oauth2/token", form={}, host=host).body == b""


def test_a_mail_that_was_asked_for_there_leads_back_there() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    headers = {"host": "smaapis.de"}
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer, host="smaapis.de", headers=headers)
    (mail,) = world.mailbox
    link = mail.link.removeprefix("http://smaapis.de")
    assert ask(world, "GET", link, host="smaapis.de").status in (200, 303)


@pytest.mark.parametrize(("host", "mount"), MONITORING.items())
def test_the_monitoring_api_is_on_three_hosts_of_production(host: str, mount: str) -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    assert ask(world, "GET", mount + "/v1/plants", bearer=bearer, host=host).status == 200
    other = "/monitoring/v1/plants" if not mount else "/v1/plants"
    assert ask(world, "GET", other, bearer=bearer, host=host).status == 404
    assert (Api.MONITORING, mount) in SMA_HOSTS[host].mounts
