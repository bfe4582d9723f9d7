"""What ``mock-sma run`` says to somebody whose program ended well, though not all went well."""

from __future__ import annotations

from mock_sma.cli.unnoticed import unnoticed
from tests.sandbox_helpers import ask, make, tokens

PRODUCTION, SANDBOX = "monitoring.smaapis.de", "sandbox.smaapis.de"


def test_refused_and_empty_answers_are_counted() -> None:
    world = make("no-consent")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/v1/plants", bearer=bearer, host=PRODUCTION)
    ask(world, "GET", "/v1/plants", host=PRODUCTION)
    (line,) = unnoticed(world)
    assert line.startswith("3 requests: 1 refused, 1 answered with an empty list; --report FILE says why")


def test_production_asked_of_the_sandboxs_plants_is_told() -> None:
    world = make("sandbox")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/monitoring/v1/plants/none", bearer=bearer, host=SANDBOX)
    assert "1 refused" in " ".join(unnoticed(world))
    assert "copy" not in " ".join(unnoticed(world))
    ask(world, "GET", "/v1/plants/none", bearer=bearer, host=PRODUCTION)
    assert list(unnoticed(world))[-1] == (
        "a copy of SMA's sandbox answered for monitoring.smaapis.de: 9 of its 9 plants have a row every 15 minutes, "
        "not every 5; --scenario ennexos is like production"
    )


def test_a_program_that_did_well_hears_nothing() -> None:
    world = make("ennexos")
    assert list(unnoticed(world)) == []
    bearer = tokens(world)["access_token"]
    assert ask(world, "GET", "/v1/plants", bearer=bearer, host=PRODUCTION).status == 200
    assert list(unnoticed(world)) == []
