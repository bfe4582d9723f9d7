"""The console's page on the client: findings, the map of situations, and the ways on from both."""

from __future__ import annotations

import re
from html import unescape

import pytest

from mock_sma.coverage.catalogue import CATALOGUE
from mock_sma.findings.rules import RULES
from tests.api.console.browser import browser, code_of
from tests.findings.bad_clients import BAD
from tests.sandbox_helpers import ask, make, tokens

PAGE = "/_mock/console/client"


@pytest.mark.slow
async def test_a_world_that_nobody_asked_says_so_and_shows_all_situations() -> None:
    async with browser(make()) as visitor:
        page = (await visitor.get(PAGE)).text
    assert "Nothing has been asked yet" in page
    assert 'aria-current="page">Your client' in page
    for item in CATALOGUE:
        assert f'id="situation-{item.name}"' in page
        assert f'href="#situation-{item.name}"' in page
        assert f'href="/_mock/console/scenarios?edit={item.scenario}#editor"' in page
    tests = [unescape(text) for text in re.findall(r'<code data-language="python">(.*?)</code>', page, re.DOTALL)]
    assert tests == [item.test for item in CATALOGUE]


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
async def test_each_finding_leads_to_its_exchanges_its_scenario_and_a_test(rule: object) -> None:
    kind = next(item for item in RULES if item is rule)
    world = BAD[kind.id]()
    (first, *_) = (item for item in world.findings if item.id == kind.id)
    async with browser(world) as visitor:
        page = (await visitor.get(PAGE)).text
        article = page[page.index(f'id="{kind.id}"') :].partition("</article>")[0]
        links = re.findall(r'href="(/_mock/console/requests/[^"]+)"', article)
        assert [link.rpartition("/")[2] for link in links] == list(first.entries[:5])
        exchange = (await visitor.get(links[0])).text
        assert f'href="{PAGE}#{kind.id}"' in exchange
        assert "Findings that rest on it" in exchange
        scenario = re.findall(r'href="(/_mock/console/scenarios[^"]+)"', article)
        assert (await visitor.get(scenario[0])).status_code == 200
        assert code_of(article, "python") == kind.test


@pytest.mark.slow
async def test_findings_of_one_client_are_chosen_and_forgotten_exchanges_are_said_to_be() -> None:
    world = BAD["unknown-set"]()
    async with browser(world) as visitor:
        assert "[unknown" not in (await visitor.get(PAGE, client="demo_app")).text
        assert 'id="unknown-set"' in (await visitor.get(PAGE, client="demo_api")).text
        assert 'id="unknown-set"' not in (await visitor.get(PAGE, client="<b>")).text
        row = await visitor.get(PAGE)
        assert "set-unknown" in row.text
        world.requests.clear()
        page = (await visitor.get(PAGE)).text
    assert "The journal has forgotten them." in page
    assert 'id="unknown-set"' not in page


async def test_what_a_client_sends_is_shown_as_text() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/v1/plants?<script>=1", bearer=bearer)
    async with browser(world) as visitor:
        page = (await visitor.get(PAGE)).text
    assert 'id="unknown-parameter"' in page
    assert "<script>=" not in page


@pytest.mark.slow
async def test_equal_findings_of_several_clients_have_places_of_their_own() -> None:
    world = BAD["unknown-set"]()
    for entry in list(BAD["unknown-set"]().requests):
        entry.client_id = "another"
        world.requests.add(entry)
    async with browser(world) as visitor:
        page = (await visitor.get(PAGE)).text
    assert 'id="unknown-set"' in page
    assert 'id="unknown-set-2"' in page
