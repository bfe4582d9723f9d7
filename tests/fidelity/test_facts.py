"""What captures, clients and SMA's pages say, fact by fact: claims, sets, hosts, known and unknown paths.

The names of tests are the findings; docs/decisions.md has the reasons.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.facts import OWNER
from tests.sandbox_helpers import APP, ask, content, make, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

ACCESS = (
    "exp iat jti iss sub typ azp session_state acr scope sid uid clientId clientHost preferred_username clientAddress"
)
REFRESH = "exp iat jti iss aud sub typ azp session_state scope sid"
ISSUER = "https://sandbox-auth.smaapis.de/auth/realms/SMA"
DEVICE = "deviceId name timezone type product productId serial vendor generatorPower generatorPowerDc isActive"
BATTERY = "batteryCapacity ipAddress firmwareVersion communicationProtocol startUpUtc isResetted"
BALANCE = (
    "time pvGeneration directConsumption totalConsumption batteryCharging batteryDischarging batteryStateOfCharge "
    "dieselGeneration combinedHeatAndPowerGeneration hydroGeneration gridFeedIn gridConsumption totalGeneration "
    "selfConsumption autarkyRate selfConsumptionRate selfSupply"
)
TYPES = {"Solar Inverters", "Battery Inverter", "Sensor technology", "Monitoring and control"}
PLANT_SETS = ("EnergyAndPowerPv", "EnergyAndPowerInOut", "EnergyAndPowerBattery", "EnergyMix", "PowerAc", "Sensor")


@pytest.fixture(scope="module")
def world() -> Sandbox:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    return world


@pytest.fixture(scope="module")
def bearer(world: Sandbox) -> str:
    token: str = tokens(world)["access_token"]
    return token


def read(world: Sandbox, bearer: str, path: str) -> dict[str, Any]:
    reply = ask(world, "GET", f"/monitoring/v1/{path}", bearer=bearer)
    assert reply.status == 200, (path, reply.body)
    return content(reply)


def parts(token: str) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    first, second = (urlsafe_b64decode(part + "==") for part in token.split(".")[:2])
    return first, json.loads(first), json.loads(second)


def test_claims_of_a_clients_access_token_are_the_captured_ones_in_order(world: Sandbox) -> None:
    raw, header, claims = parts(tokens(world)["access_token"])
    assert raw.startswith(b'{"alg":"RS256","typ" : "JWT","kid" : "')
    assert (len(header["kid"]), header["kid"][:14]) == (43, "mock-sma-fake-")
    assert list(claims) == ACCESS.split()
    assert UUID(claims["sub"]).version
    assert (claims["typ"], claims["acr"], claims["iss"]) == ("Bearer", "1", ISSUER)
    assert (claims["azp"], claims["clientId"]) == ("demo_api", "demo_api")
    assert claims["uid"].isdigit()
    assert claims["clientAddress"] == claims["clientHost"]
    assert claims["exp"] - claims["iat"] == 300
    assert re.fullmatch(r"demo_api_[0-9a-f]{8}@.+", claims["preferred_username"])


def test_claims_of_a_clients_refresh_token_are_the_captured_ones_in_order(world: Sandbox) -> None:
    body = tokens(world)
    _, header, claims = parts(body["refresh_token"])
    assert header["alg"] == "HS256"
    assert UUID(header["kid"]).version
    assert list(claims) == REFRESH.split()
    assert (claims["typ"], claims["aud"], claims["iss"]) == ("Refresh", ISSUER, ISSUER)
    assert claims["exp"] - claims["iat"] == 1800
    assert (body["expires_in"], body["refresh_expires_in"], body["not-before-policy"]) == (300, 1800, 0)


def test_sets_of_a_sandbox_plant_are_two_and_every_other_known_one_is_empty(world: Sandbox, bearer: str) -> None:
    assert read(world, bearer, "plants/13/measurements/sets")["sets"] == ["EnergyBalance", "GridSettings"]
    for name in PLANT_SETS:
        body = read(world, bearer, f"plants/13/measurements/sets/{name}/Day?Date=2025-06-14")
        assert (list(body), body["set"]) == (["plant", "setType", "resolution", "set"], []), name


def test_members_of_a_plants_two_sets_stand_in_the_captured_order(world: Sandbox, bearer: str) -> None:
    path = "plants/13/measurements/sets/{}/Day?Date=2025-06-14&WithTotal=true"
    balance = read(world, bearer, path.format("EnergyBalance"))
    assert list(balance["set"][48]) == [name for name in BALANCE.split() if name in balance["set"][48]]
    assert "time" not in balance["total"]
    settings = read(world, bearer, path.format("GridSettings"))["set"]
    assert {tuple(row) for row in settings} == {("time", "setPointFeedInPower", "setPointReactivePower")}


@pytest.mark.slow
def test_combined_heat_and_hydro_stand_behind_diesel() -> None:
    document = content(ask(make(), "GET", "/monitoring/swagger/v1/swagger.json"))
    rows = document["components"]["schemas"]["PlantMeasurementBody"]["properties"]["set"]["items"]["$ref"]
    members = list(document["components"]["schemas"][rows.rpartition("/")[2]]["properties"])
    assert [name for name in members if name in BALANCE.split()] == BALANCE.split()


def test_devices_name_dc_power_where_they_name_ac_power_in_lists_and_details(world: Sandbox, bearer: str) -> None:
    for plant in ("13", "101"):
        listed = read(world, bearer, f"plants/{plant}/devices")["devices"]
        assert {device["type"] for device in listed} <= TYPES
        for device in listed:
            details = read(world, bearer, f"devices/{device['deviceId']}")["details"]
            has_power = "generatorPower" in device
            assert ("generatorPowerDc" in device, "generatorPowerDc" in details) == (has_power, has_power)
            if has_power:
                assert device["type"] == "Solar Inverters"
                assert [name for name in device if name in DEVICE.split()] == DEVICE.split()
        assert "serial" not in listed[0]  # the satellite's


def test_details_of_the_sandboxs_battery_have_their_members_in_order(world: Sandbox, bearer: str) -> None:
    details = list(read(world, bearer, "devices/19")["details"])
    assert [name for name in details if name in BATTERY.split()][-5:] == BATTERY.split()[1:]
    assert details.index("isActive") < details.index("ipAddress")


def test_the_sandboxs_plants_have_an_address_with_country_and_city(world: Sandbox, bearer: str) -> None:
    for plant in read(world, bearer, "plants?WithLocation=true")["plants"]:
        address = plant["location"]["address"]
        assert {"country", "city"} <= set(address)
        assert list(plant)[:3] == ["plantId", "name", "timezone"]


@pytest.mark.parametrize(
    "path",
    [
        "plants/13/measurements/sets/EnergyBalance",
        "plants/13/measurements/sets/EnergyBalance/",
        "plants/13/measurements",
        "plants/13/measurements/sets/NoSuchSet/Day?Date=2025-06-14",
        "plants/13/measurements/sets/EnergyBalance/Decade?Date=2025-06-14",
        "plants/13/tariffs",
        "plants/13/devices/16",
        "devices/16/measurements/sets/PowerAc",
        "devices/16/installation",
        "devices",
    ],
)
def test_paths_that_the_routes_do_not_have_are_404(world: Sandbox, bearer: str, path: str) -> None:
    for root in ("/monitoring/v1/", "/v1/"):
        reply = ask(world, "GET", root + path, bearer=bearer)
        assert (reply.status, content(reply)) == (404, {"message": "Not Found", "code": "404"})


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/gridcontrol/v1/plants/eligibilityCheck", b"GridControl"),
        ("/live/v1/plants/13/configuration", b"Live"),
        ("/geoforecast/v1/plants", b"GeoForecast"),
        ("/smarthome/v1/plants", b"SmartHome"),
        ("/monitoring/v1/plants/13/parameters", b"parameters"),
        ("/v1/devices/16/parameters", b"parameters"),
    ],
)
def test_sibling_apis_and_parameters_are_501_and_say_what_is_known(world: Sandbox, path: str, known: bytes) -> None:
    reply = ask(world, "GET", path)
    assert reply.status == 501
    assert known.lower() in reply.body.lower()


HOSTS = [
    # host, method, path, status without a token
    ("sandbox-auth.smaapis.de", "GET", "/oauth2/auth", 400),
    ("auth.smaapis.de", "GET", "/oauth2/auth", 400),
    ("sandbox-auth.smaapis.de", "POST", "/oauth2/token", 400),
    ("auth.smaapis.de", "POST", "/oauth2/token", 400),
    ("auth.smaapis.de", "POST", "/oauth2/logout", 400),
    ("sandbox-auth.smaapis.de", "POST", "/oauth2/logout", 400),
    ("sandbox.smaapis.de", "POST", "/oauth2/v2/bc-authorize", 401),
    ("async-auth.smaapis.de", "POST", "/oauth2/v2/bc-authorize", 401),
    ("smaapis.de", "POST", "/oauth2/v2/bc-authorize", 401),
    ("smaapis.de", "GET", "/oauth2/v2/bc-authorize/owner@example.org", 401),
    ("sandbox.smaapis.de", "PUT", "/oauth2/v2/bc-authorize/owner%40example.org/status", 401),
    ("sandbox.smaapis.de", "PUT", "/oauth2/v2/bc-authorize/owner%40example.org/state/", 401),
    ("async-auth.smaapis.de", "POST", "/oauth2/v2/bc-authorize/", 401),
    ("sandbox.smaapis.de", "GET", "/monitoring/v1/plants/", 401),
    ("monitoring.smaapis.de", "GET", "/v1/plants", 401),
    ("monitoring.smaapis.de", "GET", "/v2/plants/13/measurements/sets/EnergyBalance/day?date=2025-06-14", 401),
    ("smaapis.de", "GET", "/monitoring/v1/plants", 401),
    ("async-auth.smaapis.de", "GET", "/monitoring/v1/plants", 401),
    ("sandbox.smaapis.de", "GET", "/basicreporting/v1/plants", 401),
    ("basicreporting.smaapis.de", "GET", "/v1/plants", 401),
    ("sandbox.smaapis.de", "GET", "/monitoring/index.html", 200),
    ("sandbox.smaapis.de", "GET", "/monitoring/swagger/v1/swagger.json", 200),
    ("sandbox.smaapis.de", "GET", "/basicreporting/index.html", 200),
    ("sandbox.smaapis.de", "POST", "/oauth2/token/", 400),
    ("sandbox.smaapis.de", "GET", "/oauth2/auth", 400),
    ("sandbox-auth.smaapis.de", "POST", "/oauth2/v2/bc-authorize", 404),
    ("monitoring.smaapis.de", "POST", "/oauth2/v2/bc-authorize", 504),
    ("auth.smaapis.de", "GET", "/.well-known/openid-configuration", 404),
    ("sandbox.smaapis.de", "POST", "/oauth2/bc-authorize", 404),
    ("sandbox.smaapis.de", "POST", "/oauth2/v1/bc-authorize", 404),
    ("auth.smaapis.de", "GET", "/oauth2/authorize", 404),
    ("live.smaapis.de", "GET", "/v1/plants/13/configuration", 501),
]


@pytest.mark.parametrize(("host", "method", "path", "status"), HOSTS)
def test_each_host_serves_its_role(world: Sandbox, host: str, method: str, path: str, status: int) -> None:
    body: dict[str, Any] = {}
    if method != "GET":
        is_form = "token" in path or "logout" in path
        body = {"form": {"x": "y"}} if is_form else {"json": {"loginHint": "owner@example.org", "state": "accepted"}}
    assert ask(world, method, path, host=host, **body).status == status


def test_one_client_has_one_flow_and_a_code_client_is_told_so_in_smas_words(world: Sandbox) -> None:
    form = {"grant_type": "client_credentials", **APP}
    reply = ask(world, "POST", "/oauth2/token", form=form)
    assert (reply.status, b"Client not enabled to retrieve service account" in reply.body) == (401, True)


def test_basic_reporting_has_one_set_whose_week_is_hourly_in_whole_watts(world: Sandbox, bearer: str) -> None:
    root = "/basicreporting/v1/plants/13/measurements/sets/PvGeneration"
    week = content(ask(world, "GET", f"{root}/Week?Date=2025-06-02", bearer=bearer))
    assert week["resolution"] == "OneHour"
    assert {tuple(row) for row in week["set"]} == {("time", "pvGeneration")}
    assert all(row["pvGeneration"].is_integer() and row["time"].endswith(":00:00") for row in week["set"])
