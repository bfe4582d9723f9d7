"""Why an answer is what it is: named situations, each with its exact sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.instruments import device_sets
from mock_sma.domain.people import PlantUser
from mock_sma.domain.scenario import Quota, Switches
from mock_sma.sandbox.auth.codes import Code
from tests.sandbox_helpers import APP, BC, CLIENT, EMAIL, ask, make, token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.journal import Entry

PLANTS = "/monitoring/v1/plants"
OWNER = "owner@example.org"
CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


class Story:
    """A world and a client that asks it.

    Args:
        consent: whether the sandbox's owner has accepted.
    """

    def __init__(self, scenario: str = "sandbox", *, consent: bool = True, **options: Any) -> None:
        self.world = make(scenario, **options)
        if consent and scenario == "sandbox":
            self.world.consents.accept(EMAIL)
        self.bearer = tokens(self.world)["access_token"]

    def get(self, path: str, **more: Any) -> Entry:
        ask(self.world, "GET", path, **({"bearer": self.bearer} | more))
        return self.world.requests[-1]

    def sets(self, which: str, path: str) -> Entry:
        return self.get(f"/monitoring/v1/plants/{which}/measurements/sets/{path}")

    def change(self, plant_id: str, change: Callable[[Plant], Plant]) -> Story:
        self.world.estate.change(plant_id, change)
        return self

    def last(self, _: Reply | object = None) -> Entry:
        return self.world.requests[-1]


def no_token() -> Entry:
    return Story().get(PLANTS, bearer="")


def expired_token() -> Entry:
    story = Story()
    story.world.clock.advance(seconds=312)
    return story.get(PLANTS)


def valid_token() -> Entry:
    story = Story()
    story.world.clock.advance(seconds=12)
    return story.get(PLANTS)


def foreign_token() -> Entry:
    return Story().get(PLANTS, bearer=tokens(make(name="other"))["access_token"])


def nonsense_token() -> Entry:
    return Story().get(PLANTS, bearer="nonsense")


def token_before_reset() -> Entry:
    story = Story()
    story.world.reset()
    return story.get(PLANTS)


def unknown_client() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", client_id="demo", client_secret="x"))


def wrong_secret() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", client_id="demo_api", client_secret="x"))


def wrong_flow() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", **APP))


def used_refresh_token() -> Entry:
    story = Story()
    first = tokens(story.world)["refresh_token"]
    second = json.loads(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT).body)
    token(story.world, grant_type="refresh_token", refresh_token=second["refresh_token"], **CLIENT)
    return story.last(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT))


def expired_refresh_token() -> Entry:
    story = Story()
    first = tokens(story.world)["refresh_token"]
    story.world.clock.advance(seconds=1_805)
    return story.last(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT))


def redeemed(story: Story) -> Reply:
    code = Code(
        client_id="demo_app", user=EMAIL.lower(), scopes=("monitoringApi:read",), redirect_uri="x", challenge=None,
        expires=story.world.clock.time() + 60,
    )  # fmt: skip
    text = story.world.codes.issue(code)
    form = {"grant_type": "authorization_code", "code": text, "redirect_uri": "x"} | APP
    token(story.world, **form)
    return token(story.world, **form)


def code_used_twice() -> Entry:
    story = Story()
    return story.last(redeemed(story))


def never_asked() -> Entry:
    return Story(consent=False).get(PLANTS)


def pending() -> Entry:
    story = Story(consent=False)
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": EMAIL})
    return story.get(PLANTS)


def rejected() -> Entry:
    story = Story(consent=False)
    story.world.consents.reject(EMAIL)
    return story.get(PLANTS)


def revoked() -> Entry:
    story = Story()
    story.world.consents.revoke(EMAIL)
    return story.get(PLANTS)


def ran_out() -> Entry:
    story = Story(consent=False)
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": EMAIL})
    story.world.consents.expire(EMAIL)
    return story.get(PLANTS)


def unregistered() -> Entry:
    return Story("unregistered-owner").get(PLANTS)


def new_plant() -> Entry:
    return Story("new-plant-after-consent").get(PLANTS)


def lost_plant() -> Entry:
    story = Story("ownership-lost")
    story.world.clock.advance(hours=2)
    story.bearer = tokens(story.world)["access_token"]
    return story.get(PLANTS)


def nobodys_plant() -> Entry:
    return Story().change("13", lambda plant: replace(plant, users=())).get(PLANTS)


def never_owned_plant() -> Entry:
    story = Story(consent=False)
    story.change("13", lambda plant: replace(plant, users=()))
    story.world.consents.accept(EMAIL)
    return story.get(PLANTS + "/13")


def somebody_elses_plant() -> Entry:
    story = Story()
    story.change("13", lambda plant: replace(plant, users=(PlantUser(email="eve@example.org", owner=True),)))
    story.world.consents.revoke(EMAIL)
    story.world.consents.accept(EMAIL)
    code = Code(
        client_id="demo_app", user=EMAIL.lower(), scopes=("monitoringApi:read",), redirect_uri="x", challenge=None,
        expires=story.world.clock.time() + 60,
    )  # fmt: skip
    form = {"grant_type": "authorization_code", "code": story.world.codes.issue(code), "redirect_uri": "x"} | APP
    reply = token(story.world, **form)
    return story.get(PLANTS, bearer=json.loads(reply.body)["access_token"])


def forbidden_plant() -> Entry:
    return Story(consent=False).get(PLANTS + "/13")


def filtered() -> Entry:
    return Story().get(PLANTS + "?Filter=zzz")


def all_open() -> Entry:
    return Story().get(PLANTS)


def unknown_plant() -> Entry:
    return Story().get(PLANTS + "/14")


def migrated_plant() -> Entry:
    return Story("migration").get(f"{PLANTS}/{CLASSIC}")


def unknown_set() -> Entry:
    return Story().sets("13", "EnergyBalanc/Day?Date=2025-06-14")


def unknown_period() -> Entry:
    return Story().sets("13", "EnergyBalance/Decade?Date=2025-06-14")


def wrong_date() -> Entry:
    return Story().sets("13", "EnergyBalance/Month?Date=2025-06-14")


def no_grid_meter() -> Entry:
    return Story("pv-only").sets("2100", "EnergyBalance/Day?Date=2025-06-14")


def no_instruments() -> Entry:
    return Story().get("/monitoring/v1/devices/14/measurements/sets/EnergyAndPowerBattery/Day?Date=2025-06-14")


def future() -> Entry:
    return Story().sets("13", "EnergyBalance/Day?Date=2025-06-16")


def future_month() -> Entry:
    return Story().sets("13", "EnergyBalance/Month?Date=2025-12")


def future_year() -> Entry:
    return Story().sets("13", "EnergyBalance/Year?Date=9999")


def before_commissioning() -> Entry:
    return Story("gap-week").sets("2100", "EnergyBalance/Week?Date=2021-04-01")


def not_yet_visible() -> Entry:
    return Story("processing-delay", now="2025-06-15T01:00:00+02:00").sets(
        CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-15"
    )


def classic_two_hours() -> Entry:
    return Story("processing-delay").sets(CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-15")


def classic_professional() -> Entry:
    return Story("processing-delay").sets(CLASSIC[:-1] + "2", "EnergyAndPowerPv/Day?Date=2025-06-15")


def ennexos_on_the_fly() -> Entry:
    return Story("gap-week", now="2025-03-12T12:00:00+01:00").sets("2100", "EnergyBalance/Day?Date=2025-03-12")


def visible_until_yesterday() -> Entry:
    return Story("processing-delay", now="2025-06-15T00:30:00+02:00").sets(
        CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-14"
    )


def silent_week_end() -> Entry:
    return Story("gap-week", now=None).sets("2100", "EnergyBalance/Week?Date=2025-03-03")


def silent_day() -> Entry:
    return Story("gap-week", now=None).sets("2100", "EnergyBalance/Day?Date=2025-03-09")


def late_day() -> Entry:
    def late(plant: Plant) -> Plant:
        event = PlantEvent(
            kind=EventKind.LATE_DATA,
            start=datetime(2025, 6, 13, 22, tzinfo=UTC),
            end=datetime(2025, 6, 14, 22, tzinfo=UTC),
            arrives=datetime(2025, 6, 20, tzinfo=UTC),
        )
        return replace(plant, events=(event,))

    return Story().change("13", late).sets("13", "EnergyBalance/Day?Date=2025-06-14")


def silent_until_further_notice() -> Entry:
    event = PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 10, tzinfo=UTC))
    story = Story().change("13", lambda plant: replace(plant, events=(event,)))
    return story.sets("13", "EnergyBalance/Day?Date=2025-06-14")


def no_entries() -> Entry:
    return Story().get(PLANTS + "/13/logs")


def no_entries_of_level() -> Entry:
    return Story("classic").get(f"{PLANTS}/{CLASSIC}/logs?Level=Info&From=2030-01-01")


def all_deactivated() -> Entry:
    def off(plant: Plant) -> Plant:
        return replace(plant, devices=tuple(replace(device, is_active=False) for device in plant.devices))

    return Story().change("13", off).get(PLANTS + "/13/devices")


def no_devices() -> Entry:
    return Story().change("13", lambda plant: replace(plant, devices=())).get(PLANTS + "/13/devices/lean")


def no_sets() -> Entry:
    def bare(plant: Plant) -> Plant:
        return replace(plant, devices=(), measures_grid=False)

    return Story().change("13", bare).get(PLANTS + "/13/measurements/sets")


def quota_left() -> Entry:
    return Story("rate-limited").get(PLANTS)


def quota_spent() -> Entry:
    story = Story()
    story.world.quota.quota = Quota(requests=1)
    story.get(PLANTS)
    story.world.clock.advance(seconds=60)
    return story.get(PLANTS)


def fault() -> Entry:
    story = Story()
    story.world.faults.add({"effect": {"fault": "connection_reset", "delay": 2}})
    return story.get(PLANTS)


def unknown_path() -> Entry:
    return Story().get("/monitoring/v1/plant/13")


def wrong_method() -> Entry:
    story = Story()
    ask(story.world, "DELETE", PLANTS)
    return story.last()


def wrong_host() -> Entry:
    return Story().get("/oauth2/token", host="monitoring.smaapis.de")


def unknown_owner() -> Entry:
    story = Story()
    ask(story.world, "POST", BC, bearer=story.bearer, json={"loginHint": "who@example.org"})
    return story.last()


SITUATIONS: list[tuple[Callable[[], Entry], str]] = [
    (no_token, "the request has no bearer token"),
    (expired_token, "the token expired 12 s ago"),
    (valid_token, "the token of client 'demo_api' is valid for another 288 s"),
    (foreign_token, "the token is not valid: it belongs to another world or to an earlier server"),
    (nonsense_token, "the token is not valid: it is no JWT of this emulator"),
    (
        token_before_reset,
        "the token is not valid: its session is unknown: the world has been reset since, or has forgotten it",
    ),
    (unknown_client, "the client 'demo' is unknown; this world has demo_api, demo_app"),
    (wrong_secret, "the secret of client 'demo_api' is wrong"),
    (wrong_flow, "a client of the code flow gets no client token: one flow per client"),
    (used_refresh_token, "the refresh token was used before and its successor is in use"),
    (expired_refresh_token, "the refresh token expired 5 s ago"),
    (code_used_twice, "the code was redeemed before; its session ends now"),
    (never_asked, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {EMAIL} was never asked"),
    (pending, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {EMAIL} has not answered the request yet"),
    (rejected, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {EMAIL} declined the request"),
    (revoked, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: {EMAIL} has withdrawn the consent (R08)"),
    (ran_out, f"plants 13, 24, 35, 46, 57 and 4 more are hidden: the request to {EMAIL} ran out without an answer"),
    (unregistered, "plant 2100 is hidden: invited@example.org never completed registration (R04)"),
    (
        new_plant,
        f"plant 2200 is hidden: {OWNER} accepted before this was theirs; a new request covers it (R09)",
    ),
    (lost_plant, f"plant 2200 is hidden: {OWNER} accepted, but is no owner of it any more (R10)"),
    (nobodys_plant, f"plant 13 is hidden: {EMAIL} accepted, but is no owner of it any more (R10)"),
    (
        never_owned_plant,
        "no consent opens plant 13 to 'demo_api': nobody carries the owner flag, so nobody can open it",
    ),
    (
        somebody_elses_plant,
        f"plant 13 is hidden: the token is {EMAIL.lower()}'s, and the owner is eve@example.org",
    ),
    (forbidden_plant, f"no consent opens plant 13 to 'demo_api': {EMAIL} was never asked"),
    (filtered, "the list is empty: no name holds the Filter 'zzz'"),
    (all_open, "consents open 9 of 9 plants"),
    (unknown_plant, "there is no plant '14' in this world"),
    (migrated_plant, f"the plant '{CLASSIC}' migrated to '2100'"),
    (wrong_date, "The Date '2025-06-14' does not fit the period Month: YYYY-MM is expected"),
    (
        no_grid_meter,
        (
            "the set is empty: EnergyBalance wants gridConsumption and gridFeedIn measured, "
            "and plant 2100 does not measure them (R24)"
        ),
    ),
    (
        no_instruments,
        "the set is empty: device 14 has no instruments for EnergyAndPowerBattery; it offers no set at all (R33)",
    ),
    (future, "the set is empty: 2025-06-16 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (future_month, "the set is empty: 2025-12 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (future_year, "the set is empty: 9999 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (
        before_commissioning,
        "the set is empty: the week from 2021-04-01 is before 2021-05-01, when the plant was commissioned",
    ),
    (not_yet_visible, "the set is empty: no row of 2025-06-15 has been uploaded and processed yet"),
    (classic_two_hours, "the newest row is 09:45; Classic processing takes 120 min"),
    (
        classic_professional,
        "the newest row is 11:30; Classic processing takes 15 min with the Professional Package",
    ),
    (ennexos_on_the_fly, "the newest row is 11:55; ennexOS uploads every 5 min and processes on the fly"),
    (visible_until_yesterday, "the newest row is 2025-06-14 22:15; Classic processing takes 120 min"),
    (
        silent_week_end,
        "the plant was silent from 2025-03-08 00:00 to 2025-03-10 00:00 (R28): rows are missing",
    ),
    (silent_day, "the set is empty: the plant was silent from 2025-03-08 00:00 to 2025-03-10 00:00 (R28)"),
    (silent_until_further_notice, "the set is empty: the plant was silent from 2025-06-10 02:00 on (R28)"),
    (
        late_day,
        (
            "the set is empty: the rows of the plant from 2025-06-14 00:00 to 2025-06-15 00:00 are late; "
            "they arrive at 2025-06-20 02:00"
        ),
    ),
    (
        no_entries,
        "the list is empty: nothing that makes an entry has happened to plant 13, or it is not processed yet",
    ),
    (
        no_entries_of_level,
        f"the list is empty: none of 5 entries of plant {CLASSIC} is of the time and level asked for",
    ),
    (
        all_deactivated,
        "the list is empty: all 10 devices of plant 13 are deactivated; WithDeactivatedDevices=true shows them (R30)",
    ),
    (no_devices, "the list is empty: plant 13 has no devices"),
    (no_sets, "the list is empty: plant 13 has no instruments for any set (R33)"),
    (quota_left, "request 1 of the 1500 that the quota allows in 300 s"),
    (quota_spent, "the quota of 1 requests is spent; it is renewed in 240 s"),
    (fault, "the fault rule 'fault-1' delays the answer by 2 s and resets the connection; the answer is lost"),
    (wrong_method, "the path exists, but not with the method DELETE; it takes GET"),
    (
        wrong_host,
        "the host monitoring.smaapis.de serves monitoring only; its gateway answers 504 to this path",
    ),
    (unknown_owner, "nobody has the e-mail who@example.org: the request stays pending and expires (R04)"),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS, ids=[item[0].__name__ for item in SITUATIONS])
def test_situation(situation: Callable[[], Entry], sentence: str) -> None:
    entry = situation()
    assert sentence in list(entry.why)
    assert json.dumps([step.as_dict() for step in entry.why.steps])


def test_names_are_suggested() -> None:
    assert list(unknown_set().why)[-1].startswith("there is no set 'EnergyBalanc' here; there are EnergyBalance, ")
    assert list(unknown_period().why)[-1].startswith("there is no period 'Decade' here; there are Recent, Day, ")
    nearest = next(iter(unknown_path().why))
    assert nearest.startswith("no operation has this path in the layout 'local'; the nearest are /monitoring/v1/plants")


@pytest.mark.parametrize(
    "path",
    [
        "/monitoring/v1/plants?Filter=zzz",
        "/monitoring/v1/plants/13/logs",
        "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2030-01-01",
        "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Total",
        "/monitoring/v1/devices/14/measurements/sets",
        "/monitoring/v1/devices/14/measurements/sets/PowerAc/Recent",
        "/monitoring/v1/devices/15/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-15",
    ],
)
def test_an_empty_list_always_says_why_and_a_full_one_never_does(path: str) -> None:
    for now in ("2025-06-15T00:40:00+02:00", "2025-06-15T12:00:00+02:00"):
        story = Story(now=now)
        entry = story.get(path)
        assert entry.status == 200
        is_empty = any(
            name in entry.response_body for name in (b'"set":[]', b'"plants":[]', b'"logs":[]', b'"sets":[]')
        )
        reasons = [step for step in entry.why.steps if step.kind == "empty"]
        assert len(reasons) == is_empty, (now, list(entry.why), entry.response_body[:300])


def test_a_night_and_a_silence_of_one_device() -> None:
    story = Story("gap-week", now="2025-06-15T02:00:00+02:00")
    plant = story.world.estate.plants["2100"]
    device = next(item for item in plant.devices if "EnergyAndPowerPv" in device_sets(plant, item))
    path = f"/monitoring/v1/devices/{device.id}/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-15"
    sentence = "the set is empty: nothing was generated in that span, and inverters have no rows at night"
    assert sentence in list(story.get(path).why)
    gap = PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 14, 22, tzinfo=UTC), device_id=device.id)
    story.change(plant.id, lambda plant: replace(plant, events=(gap,)))
    assert f"the set is empty: device {device.id} was silent from 2025-06-15 00:00 on (R28)" in list(
        story.get(path).why
    )


def test_reasons_of_many_people_are_bounded_and_each_is_named() -> None:
    scenario = load_scenario("portfolio")
    world = Sandbox(replace(scenario, consents=()), now="2025-06-15T12:00:00+02:00")
    world.consents.accept("anna@example.org")
    world.consents.reject("ben@example.org")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", PLANTS, bearer=bearer)
    steps = list(world.requests[-1].why)
    assert "consents open 2 of 5 plants" in steps
    assert f"plants 3300, {CLASSIC} are hidden: ben@example.org declined the request" in steps
    assert f"plant {CLASSIC[:-1]}2 is hidden: clara@example.org was never asked" in steps


def test_forbidden_as_404_says_why_all_the_same() -> None:
    scenario = replace(load_scenario("sandbox"), switches=Switches(forbidden_as=404))
    world = Sandbox(scenario, now="2025-06-15T12:00:00+02:00")
    ask(world, "GET", PLANTS + "/13", bearer=tokens(world)["access_token"])
    assert (world.requests[-1].status, "no consent opens plant 13" in world.requests[-1].why) == (404, True)


def test_words_are_made_once_and_only_when_read() -> None:
    entry = all_open()
    assert entry.told is None
    assert entry.why is entry.why
    assert "; ".join(entry.why) == str(entry.why)
