"""Plants, devices, measurements, logs, hosts."""

from __future__ import annotations

from tests.facts import HOUSEHOLDER, OWNER
from tests.parity.stories import API, AUTH, V1, Ask, Do, Script, bearer, get, story

BALANCE = "measurements/sets/EnergyBalance"


@story()
def plants_with_all_that_can_be_added() -> Script:
    token = yield from bearer(OWNER)
    for query in (
        "",
        "?WithInstallation=true",
        "?WithLocation=true&WithStatus=True",
        "?withstatus=maybe",
        "?Filter=Plant2",
    ):
        yield get(f"{V1}/plants{query}", token)


@story()
def a_plant_its_devices_and_sets() -> Script:
    token = yield from bearer(OWNER)
    for tail in ("", "/devices", "/devices/lean", "/devices?WithDeactivatedDevices=true", "/measurements/sets"):
        yield get(f"{V1}/plants/24{tail}", token)
    for tail in ("", "/measurements/sets", "/status", "/capabilities"):
        yield get(f"{V1}/devices/27{tail}", token)


@story(extends="deactivated-device")
def r30_deactivated_devices_keep_their_history() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    plant = answer.json()["plants"][0]["plantId"]
    for query in ("", "?WithDeactivatedDevices=true"):
        yield get(f"{V1}/plants/{plant}/devices{query}", token)
    yield get(f"{V1}/plants/{plant}/{BALANCE}/Month?Date=2025-05", token)


@story()
def ids_that_do_not_exist_or_are_not_permitted() -> Script:
    token = yield from bearer()
    for tail in ("plants/13", "plants/4711", "plants/%20", "devices/16", "devices/x", f"plants/13/{BALANCE}/Recent"):
        yield get(f"{V1}/{tail}", token)


@story(switches={"forbidden_as": 404})
def what_is_not_permitted_is_not_found() -> Script:
    token = yield from bearer()
    yield get(f"{V1}/plants/13", token)


@story(extends="migration")
def a_migrated_plant_answers_308() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    for plant in answer.json()["plants"]:
        yield get(f"{V1}/plants/{plant['plantId']}?a=b", token)
    yield get(f"{V1}/plants/0fa3b7c2-1111-4222-8333-000000000001?x=1", token)


@story()
def the_second_version_and_other_spellings() -> Script:
    token = yield from bearer(OWNER)
    for path in ("/monitoring/v2/plants", "/MONITORING/V1/Plants/", "/monitoring/v1/plants/13/"):
        yield get(f"{API}{path}", token)
    yield get(f"{V1}/plants/13/Measurements/Sets/energybalance/DAY?date=2025-06-14", token)


@story()
def every_period() -> Script:
    token = yield from bearer(OWNER)
    for tail in (
        "Recent",
        "Day?Date=2025-06-15",
        "Week?Date=2025-06-09",
        "Month?Date=2025-06",
        "Year?Date=2025",
        "Total",
    ):
        yield get(f"{V1}/plants/13/{BALANCE}/{tail}", token)


@story()
def dates_that_are_none() -> Script:
    token = yield from bearer(OWNER)
    for tail in ("Day", "Day?Date=tomorrow", "Month?Date=2025-06-15", "Year?Date=25", "Day?Date=2025-02-30", "Hour"):
        yield get(f"{V1}/plants/13/{BALANCE}/{tail}", token)
    yield get(f"{V1}/plants/13/measurements/sets/NoSuchSet/Day?Date=2025-06-15", token)


@story()
def totals_and_energies() -> Script:
    token = yield from bearer(OWNER)
    for query in ("WithTotal=true", "ReturnEnergyValues=true", "WithTotal=true&ReturnEnergyValues=true", "WithTotal=x"):
        yield get(f"{V1}/plants/13/{BALANCE}/Day?Date=2025-06-14&{query}", token)


@story(extends="ennexos")
def every_set_of_every_device() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants/2100/devices", token)
    assert answer is not None
    for device in answer.json()["devices"]:
        sets = yield get(f"{V1}/devices/{device['deviceId']}/measurements/sets", token)
        assert sets is not None
        for name in sets.json()["sets"]:
            yield get(f"{V1}/devices/{device['deviceId']}/measurements/sets/{name}/Day?Date=2025-06-14", token)


@story(extends="gap-week")
def r29_a_week_that_ends_in_silence() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    plant = answer.json()["plants"][0]["plantId"]
    yield get(f"{V1}/plants/{plant}/{BALANCE}/Week?Date=2025-03-03", token)
    yield get(f"{V1}/plants/{plant}/{BALANCE}/Day?Date=2025-03-09", token)


@story(extends="dst-autumn")
def the_hour_that_comes_twice() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    plant = answer.json()["plants"][0]["plantId"]
    yield get(f"{V1}/plants/{plant}/{BALANCE}/Day?Date=2025-10-26", token)


@story(extends="processing-delay")
def r25_data_appear_when_they_are_processed() -> Script:
    for minutes in (0, 15, 15, 120):
        yield Do("advance", minutes * 60)
        token = yield from bearer()
        answer = yield get(f"{V1}/plants", token)
        assert answer is not None
        for plant in answer.json()["plants"]:
            yield get(f"{V1}/plants/{plant['plantId']}/measurements/sets/EnergyAndPowerPv/Recent", token)


@story(extends="pv-only")
def r24_no_energy_balance_without_a_meter() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    plant = answer.json()["plants"][0]["plantId"]
    yield get(f"{V1}/plants/{plant}/measurements/sets", token)
    yield get(f"{V1}/plants/{plant}/{BALANCE}/Day?Date=2025-06-14", token)


@story(extends="classic")
def r31_logs_of_a_classic_plant() -> Script:
    token = yield from bearer()
    answer = yield get(f"{V1}/plants", token)
    assert answer is not None
    plant = answer.json()["plants"][0]["plantId"]
    for query in ("", "?From=2025-01-01&To=2025-06-15", "?Level=Error", "?Level=Loud", "?From=x"):
        yield get(f"{V1}/plants/{plant}/logs{query}", token)


@story(extends="ennexos")
def logs_in_two_languages() -> Script:
    token = yield from bearer()
    for language in ("de", "en-GB,en;q=0.9", "fr"):
        yield get(f"{V1}/plants/2100/logs", token, headers={"accept-language": language})


@story(extends="portfolio", consents=[])
def several_owners_each_with_a_consent_of_their_own() -> Script:
    token = yield from bearer()
    yield get(f"{V1}/plants", token)


@story()
def basic_reporting() -> Script:
    token = yield from bearer(OWNER)
    base = f"{API}/basicreporting/v1/plants"
    for url in (base, f"{base}/13", f"{base}/13/measurements/sets/PvGeneration/Year?Date=2024"):
        yield get(url, token)
    yield get(f"{base}/13/{BALANCE}/Year?Date=2024", token)
    yield get("http://basicreporting.smaapis.de/v1/plants", token)


@story(extends="ennexos")
def production_hosts() -> Script:
    token = yield from bearer()
    for url in (
        "http://monitoring.smaapis.de/v1/plants",
        "http://monitoring.smaapis.de/oauth2/token",
        "http://smaapis.de/monitoring/v1/plants",
        "http://async-auth.smaapis.de/monitoring/v1/plants",
        f"http://async-auth.smaapis.de/oauth2/v2/bc-authorize/{HOUSEHOLDER}",
        "http://live.smaapis.de/v1/plants",
    ):
        yield get(url, token)


@story()
def paths_and_methods_that_do_not_exist() -> Script:
    token = yield from bearer()
    yield get(f"{API}/monitoring/v9/no/such?path=1", token)
    yield get(f"{AUTH}/nowhere")
    for method in ("DELETE", "PATCH", "HEAD", "OPTIONS"):
        yield Ask(method, f"{V1}/plants", {"headers": {"authorization": f"Bearer {token}"}})
    yield get(f"{API}/monitoring/swagger/v1/swagger.json")


@story()
def the_world_is_put_back() -> Script:
    token = yield from bearer(OWNER)
    yield Do("advance", 86_400)
    yield Do("reset")
    yield get(f"{V1}/plants", token)
    token = yield from bearer()
    yield get(f"{V1}/plants", token)
