"""``why`` names the parameters that mean nothing, which SMA ignores and so does the emulator."""

from __future__ import annotations

import pytest

from mock_sma.sandbox.table.operations import OPERATIONS
from tests.facts import OWNER
from tests.sandbox_helpers import APP, CLIENT, ask, make, token, tokens

PLANTS = "/monitoring/v1/plants"
DAY = f"{PLANTS}/13/measurements/sets/EnergyBalance/Day"


def told(path: str) -> list[tuple[str, object]]:
    """Return the words and nearest names of what a GET by a client with consent ignored."""
    world = make("sandbox")
    world.consents.accept(OWNER)
    ask(world, "GET", path, bearer=tokens(world)["access_token"])
    return [(str(step), step.data["nearest"]) for step in world.requests[-1].why.steps if step.kind == "ignored"]


@pytest.mark.parametrize(
    ("path", "words", "nearest"),
    [
        (f"{DAY}?Dat=2025-06-14", "the parameter 'Dat' is unknown and was ignored; did you mean 'Date'?", "Date"),
        (
            f"{DAY}?Date=2025-06-14&ReturnEnergyValue=true",
            "the parameter 'ReturnEnergyValue' is unknown and was ignored; did you mean 'ReturnEnergyValues'?",
            "ReturnEnergyValues",
        ),
        (
            f"{DAY}?Date=2025-06-14&resolution=5",
            "the parameter 'resolution' is unknown and was ignored; there are Date, WithTotal, ReturnEnergyValues",
            None,
        ),
        (f"{PLANTS}/13?x=1", "the parameter 'x' is unknown and was ignored; the operation takes none", None),
        (f"{PLANTS}?%46liter=a", "the parameter 'Fliter' is unknown and was ignored; did you mean 'Filter'?", "Filter"),
    ],
)
def test_an_unknown_parameter_is_named_with_the_nearest_known_one(path: str, words: str, nearest: str | None) -> None:
    assert told(path) == [(words, nearest)]


def test_known_parameters_are_not_mentioned_in_any_case_or_place() -> None:
    assert told(f"{DAY}?date=2025-06-14&WITHTOTAL=true&returnenergyvalues=false") == []
    assert told(f"{PLANTS}?Filter=a&withStatus=true") == []
    assert told(PLANTS) == []


def test_each_unknown_one_is_named_once_and_many_are_bounded() -> None:
    assert len(told(f"{PLANTS}/13?x=1&x=2&y=3")) == 2
    assert len(told(f"{PLANTS}/13?" + "&".join(f"p{number}=1" for number in range(300)))) == 10


def test_a_query_with_very_many_parameters_can_still_be_asked_about() -> None:
    world = make("sandbox")
    ask(world, "GET", f"{PLANTS}?" + "&".join(f"p{number}=1" for number in range(300)) + "&p0=2")
    assert (len(world.requests[-1].params), world.requests[-1].params["p0"]) == (300, "1")


def test_fields_of_a_form_and_of_the_query_that_stands_in_for_one_are_looked_at_too() -> None:
    world = make("sandbox")
    token(world, grant_type="client_credentials", scop="monitoringApi:read", **CLIENT)
    assert "the parameter 'scop' is unknown and was ignored; did you mean 'scope'?" in world.requests[-1].why
    ask(world, "POST", "/oauth2/token?grant_typ=client_credentials")
    assert "the parameter 'grant_typ' is unknown and was ignored; did you mean 'grant_type'?" in world.requests[-1].why
    ask(world, "POST", "/oauth2/token", json={"grant_type": "client_credentials"})
    assert (world.requests[-1].status, "ignored" in world.requests[-1].why) == (415, False)


def test_all_that_the_code_flow_reads_is_known() -> None:
    world = make("sandbox")
    everything = "&".join(f"{item.name}=x" for item in next(op for op in OPERATIONS if op.id == "authorize").query)
    ask(world, "GET", f"/oauth2/auth?{everything}&response_mode=query")
    assert "ignored" not in world.requests[-1].why
    token(world, grant_type="authorization_code", code="x", redirect_uri="x", code_verifier="x", **APP)
    assert "ignored" not in world.requests[-1].why
