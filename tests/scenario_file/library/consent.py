"""Scenarios about who may see what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import UsageError
from tests.facts import HOUSEHOLDER, OWNER

if TYPE_CHECKING:
    from tests.scenario_file.library.customer import Customer


def sandbox(customer: Customer) -> None:
    """Nine plants of ten devices each in quarter hours (R26), and no consent yet."""
    assert customer.plants == []
    customer.world.consents.accept(OWNER)
    plants = customer.plants
    assert plants == ["13", "24", "35", "46", "57", "68", "79", "90", "101"]
    assert {len(customer.get(f"/v1/plants/{name}/devices")["devices"]) for name in plants} == {10}
    day = customer.get("/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14")
    assert (day["resolution"], len(day["set"])) == ("FifteenMinutes", 96)


def portfolio(customer: Customer) -> None:
    """Both backends in one list (R18), of three owners, each of whom can close their part."""
    plants = customer.plants
    assert [len(name) > 30 for name in plants] == [False, False, False, True, True]
    seen = []
    for owner in ("anna@example.org", "ben@example.org", "clara@example.org"):
        customer.world.consents.revoke(owner)
        seen.append(len(customer.plants))
    assert seen == [3, 1, 0]


def no_consent(customer: Customer) -> None:
    """An empty list, never an error (R12)."""
    assert customer.plants == []
    assert customer.request_consent() == "Pending"
    customer.world.consents.accept(HOUSEHOLDER)
    assert customer.plants == ["2100"]


def pending_consent(customer: Customer) -> None:
    """No plants until the owner answers (R14)."""
    assert (customer.state(), customer.plants) == ("Pending", [])
    customer.world.consents.accept(HOUSEHOLDER)
    assert (customer.state(), customer.plants) == ("Accepted", ["2100"])


def rejected_consent(customer: Customer) -> None:
    """No access, and a new request may be made (R16)."""
    assert (customer.state(), customer.plants) == ("Rejected", [])
    assert customer.request_consent() == "Pending"
    assert len(list(customer.world.mailbox)) == 1


def expired_request(customer: Customer) -> None:
    """A new request has to be made."""
    assert (customer.state(), customer.plants) == ("Expired", [])
    assert customer.request_consent() == "Pending"


def revoked_consent(customer: Customer) -> None:
    """The list is empty again (R08)."""
    assert (customer.state(), customer.plants) == ("Revoked", [])
    history = customer.world.consents.latest("demo_api", HOUSEHOLDER)
    assert history is not None
    assert [change.state for change in history.history] == ["Pending", "Accepted", "Revoked"]
    assert customer.request_consent() == "Pending"


def unregistered_owner(customer: Customer) -> None:
    """The request stays Pending, without a mail, until it expires (R04)."""
    invited = "invited@example.org"
    assert customer.request_consent(invited) == "Pending"
    customer.world.clock.advance(days=6)
    customer.renew()
    assert (customer.state(invited), list(customer.world.mailbox)) == ("Pending", [])
    with pytest.raises(UsageError, match="R04"):
        customer.world.consents.accept(invited)
    customer.world.clock.advance(days=2)
    customer.renew()
    assert (customer.state(invited), customer.plants) == ("Expired", [])


def two_owners(customer: Customer) -> None:
    """The consent of either opens the plant (R03)."""
    assert (customer.state("olivia@example.org"), customer.plants) == ("Accepted", ["2100"])
    assert customer.request_consent("otto@example.org") == "Pending"
    customer.world.consents.revoke("olivia@example.org")
    assert customer.plants == []
    customer.world.consents.accept("otto@example.org")
    assert customer.plants == ["2100"]


def delegate_owner(customer: Customer) -> None:
    """The delegate has consented, and the real owner cannot (R06)."""
    assert (customer.state("installer@example.org"), customer.plants) == ("Accepted", ["2100"])
    assert customer.request_consent(HOUSEHOLDER) == "Pending"
    with pytest.raises(UsageError, match="R06"):
        customer.world.consents.accept(HOUSEHOLDER)


def new_plant_after_consent(customer: Customer) -> None:
    """The plant that came later is not covered; a new request covers it (R09)."""
    assert (customer.state(), customer.plants) == ("Accepted", ["2100"])
    assert customer.call("/v1/plants/2200").status == 403
    assert (customer.request_consent(), customer.plants) == ("Pending", ["2100"])
    customer.world.consents.accept(HOUSEHOLDER)
    assert customer.plants == ["2100", "2200"]


def ownership_lost(customer: Customer) -> None:
    """The plant leaves the view with the flag and returns with it (R10)."""
    seen = [customer.plants]
    for hours in (1, 22, 1):
        customer.world.clock.advance(hours=hours)
        seen.append(customer.plants)
    assert seen == [["2100", "2200"], ["2100"], ["2100"], ["2100", "2200"]]


def migration(customer: Customer) -> None:
    """The old id answers 308 with the new one; the other plant has not moved."""
    old, other = (f"11111111-aaaa-4bbb-8ccc-00000000000{number}" for number in (1, 2))
    assert customer.plants == ["2100", other]
    for path, target in (
        (
            f"/v1/plants/{old}/devices?WithDeactivatedDevices=true",
            "/v1/plants/2100/devices?WithDeactivatedDevices=true",
        ),
        ("/v1/devices/11111111-aaaa-4bbb-8ccc-0000000000a1", "/v1/devices/2101"),
    ):
        reply = customer.call(path)
        assert (reply.status, reply.body, dict(reply.headers)[b"location"].decode()) == (308, b"", target)
        assert customer.call(target).status == 200
    assert customer.get(f"/v1/plants/{other}")["plantId"] == other


def big_portfolio(customer: Customer) -> None:
    """Five hundred plants of forty owners and one; only the operator has consented."""
    assert customer.plants == ["9000"]
    owners = [user.email for user in customer.world.estate.users.values()]
    assert len(owners) == 41
    for email in owners[1:]:
        customer.world.consents.accept(email, "demo_api")
    plants = customer.plants
    assert len(set(plants)) == 500
    assert 100 < sum(len(name) > 30 for name in plants) < 200
