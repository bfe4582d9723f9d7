"""The console's consents and mails."""

from __future__ import annotations

import pytest

from tests.api.console.browser import browser
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, make, tokens

EVIL = "<script>alert(1)</script>@example.org"


@pytest.mark.slow
async def test_consent_is_accepted_and_revoked_with_its_history() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer)
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/consents")
        assert "expires <time" in page.text
        fields = {"email": OWNER, "client_id": "demo_api"}
        page = await visitor.post("/_mock/console/consents", "consents", event="accept", **fields)
        assert "The consent is accepted." in page.text
        assert "Musterhaus" in page.text or "/_mock/console/plants/13" in page.text
        page = await visitor.post("/_mock/console/consents", "consents", event="revoke", **fields)
        record = world.consents.latest("demo_api", OWNER)
        assert record is not None
        assert [str(change.event) for change in record.history] == ["request", "accept", "revoke"]
        for word in ("request, by client", "accept, by control", "revoke, by control"):
            assert word in page.text


@pytest.mark.parametrize("event", ["reject", "expire"])
async def test_pending_request_ends_otherwise(event: str) -> None:
    world = make()
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=tokens(world)["access_token"])
    async with browser(world) as visitor:
        await visitor.post("/_mock/console/consents", "consents", event=event, email=OWNER, client_id="demo_api")
        found = await visitor.get("/_mock/console/consents", state="Rejected" if event == "reject" else "Expired")
        assert "1 record" in found.text
        assert "0 of 1 records" in (await visitor.get("/_mock/console/consents", state="Pending")).text


@pytest.mark.slow
async def test_what_cannot_be_answered_says_why() -> None:
    async with browser(make()) as visitor:
        for event, words in (("revoke", "nothing to revoke"), ("dance", "not &#39;dance&#39;")):
            page = await visitor.post("/_mock/console/consents", "consents", event=event, email=OWNER)
            assert (page.status_code, words in page.text) == (409, True)


@pytest.mark.slow
async def test_script_in_a_login_hint_is_text() -> None:
    world = make()
    ask(world, "POST", BC, json={"loginHint": EVIL}, bearer=tokens(world)["access_token"])
    async with browser(world) as visitor:
        for page in ("consents", "requests", "mailbox", "plants"):
            text = (await visitor.get(f"/_mock/console/{page}", q=EVIL)).text
            assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in (await visitor.get("/_mock/console/consents")).text


async def test_mails_are_shown_searched_and_forgotten() -> None:
    world = make()
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=tokens(world)["access_token"])
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/mailbox")
        assert 'lang="de"' in page.text
        assert world.mailbox[0].link in page.text
        assert "No mail matches" in (await visitor.get("/_mock/console/mailbox", q="nobody")).text
        page = await visitor.post("/_mock/console/mailbox", "mailbox")
        assert "The mailbox is empty." in page.text
        assert len(world.mailbox) == 0
