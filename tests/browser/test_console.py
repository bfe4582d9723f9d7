"""The console in Chromium: each task from end to end, with the network unplugged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from mock_sma.domain.scenario import ConsentState
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.browser_helpers import PHONE, too_wide, write
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from mock_sma.testing.live import LiveServer


pytestmark = pytest.mark.browser


def test_clock_is_frozen_moved_and_set(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit()
    clock = page.locator("p.big time")
    for name, wanted in (("+5 min", "12:05:00"), ("+1 h", "13:05:00"), ("+1 day", "16 Jun 2025 13:05:00")):
        page.get_by_role("button", name=name).click()
        page.get_by_text("The clock is set.").wait_for()
        assert wanted in clock.inner_text()
    page.get_by_label("Jump to").fill("2025-12-24T18:00:00")
    page.get_by_role("button", name="Jump").click()
    page.get_by_text("24 Dec 2025 18:00:00").first.wait_for()
    page.get_by_role("button", name="Run").click()
    page.get_by_text("Running, 1 emulated second per second").wait_for()
    expect(clock).not_to_have_text("24 Dec 2025 18:00:00")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("Frozen: time moves").wait_for()
    assert served.sandbox.clock.frozen


def test_snippet_is_copied_and_runs_in_a_browser(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.url)
    page.get_by_text("JavaScript", exact=True).click()
    shown = page.locator("details[open]:has(code[data-language=fetch])")
    shown.get_by_role("button", name="Copy").click()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == shown.locator("code").inner_text()
    with page.expect_console_message() as said:
        page.evaluate(f"(async () => {{ {text} }})()")
    assert said.value.text.count('"plantId"') == 9


def test_consent_is_accepted_revoked_and_its_mail_read(served: LiveServer, visit: Callable[..., Page]) -> None:
    world = served.sandbox
    host = {"host": served.url.removeprefix("http://")}
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=tokens(world)["access_token"], headers=host)
    page = visit("consents")
    page.get_by_role("button", name=f"Accept the consent of {OWNER}").click()
    page.get_by_text("The consent is accepted.").wait_for()
    page.get_by_role("button", name=f"Revoke the consent of {OWNER}").click()
    page.get_by_text("The consent is revoked.").wait_for()
    history = page.get_by_role("list", name="History").locator("strong").all_inner_texts()
    assert history == ["Pending", "Accepted", "Revoked"]
    record = page.get_by_role("article", name=f"Consent of {OWNER}")
    assert record.get_by_role("button").count() == 0, "what cannot happen is not offered"
    assert "Accept, reject, expire: only while it is Pending" in record.inner_text()
    page.get_by_role("link", name="Mailbox", exact=True).click()
    page.get_by_role("link", name="Open the link as the owner").click()
    page.locator("input[name=password]").wait_for()


def test_requests_come_live_are_paused_filtered_and_explained(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit("requests")
    page.get_by_text("· live").wait_for()
    for path in ("/monitoring/swagger-ui.css", f"/oauth2/auth?client_id=demo_app&state={'s' * 60}", "/v1/plants?n=1"):
        httpx.get(f"{served.url}{path}", trust_env=False, timeout=30)
    page.get_by_role("link", name="/v1/plants?n=1").wait_for()
    page.get_by_role("link", name="/oauth2/auth?…", exact=True).wait_for()
    assert page.get_by_role("columnheader", name="Time (Europe/Berlin)").is_visible()
    paths = page.locator("[data-path]")
    assert "swagger-ui.css" not in " ".join(paths.all_inner_texts())
    page.get_by_label("Styles, scripts and icons").check()
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="swagger-ui.css").wait_for()
    page.get_by_text("· live").wait_for()
    page.get_by_role("button", name="Pause").click()
    httpx.get(f"{served.url}/v1/plants?n=2", trust_env=False, timeout=30)
    page.get_by_text("· paused, 1 waiting").wait_for()
    assert page.get_by_role("link", name="/v1/plants?n=2").count() == 0
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("link", name="/v1/plants?n=2").click()
    page.get_by_role("heading", name="Why").wait_for()
    assert "curl -i" in page.locator("code[data-language=again]").inner_text()
    page.goto(f"{served.url}/_mock/console/requests?q=n%3D1")
    assert page.locator("tbody tr").count() == 1
    served.sandbox.consents.accept(OWNER, "demo_api")
    served.sandbox.consents.revoke(OWNER)
    ask(served.sandbox, "GET", "/v1/plants?n=1", bearer=tokens(served.sandbox)["access_token"])
    rule = page.locator("[data-why] a.rule").first
    number = rule.inner_text()
    rule.click()
    expect(page.locator("tr:target th")).to_have_text(number)
    page.go_back()
    served.sandbox.reset()
    page.get_by_text("No matching requests yet").wait_for()


ODD: dict[str, Any] = {
    "version": 1,
    "name": "a-world-with-a-rather-long-name",
    "users": [{"email": "a.very.long.address.of.somebody@subdomain.example-company.org"}],
    "plants": [
        {"id": number, "name": name, "owner": "a.very.long.address.of.somebody@subdomain.example-company.org"}
        for number, name in enumerate(("<script>alert(3)</script>", "Donaudampfschifffahrtskapitänswitwenhaus"), 1)
    ],
}
"""Names that are longer than a phone is wide, and one that is a script."""


def test_script_of_a_client_shows_as_text_everywhere(served: LiveServer, visit: Callable[..., Page]) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    world = served.sandbox
    page = visit("requests")
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.get_by_text("· live").wait_for()
    ask(world, "GET", f"/v1/{evil}", headers={"user-agent": evil})
    ask(world, "POST", BC, json={"loginHint": f"{evil}@x.org"}, bearer=tokens(world)["access_token"])
    page.get_by_role("link", name=f"/v1/{evil}").wait_for()
    page.get_by_role("link", name=f"/v1/{evil}").click()
    page.get_by_role("definition").filter(has_text=evil).first.wait_for()
    for path, place in (("consents", "h2"), ("requests", "th"), ("requests", "td")):
        page.goto(f"{served.url}/_mock/console/{path}")
        page.locator(place).filter(has_text="<script>alert(2)</script>").first.wait_for()
    served.serve(Sandbox(load_scenario(ODD)))
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(f"{served.url}/_mock/console/plants")
    page.get_by_role("link", name=ODD["plants"][0]["name"], exact=True).wait_for()
    page.get_by_text("demo_api sees 0 of 2 now").wait_for()
    assert too_wide(page) == 0
    assert ran == []


def test_scenario_is_loaded_edited_refused_at_its_line_and_run(
    served: LiveServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit("scenarios")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Load gap-week").click()
    page.get_by_text("runs from its beginning").wait_for()
    page.get_by_role("link", name="Edit the running scenario").click()
    editor = page.locator(".cm-content")
    assert editor.inner_text().startswith("# A plant silent for the last two days of a week")
    page.locator(".cm-line").filter(has_text="template:").get_by_text("template").hover()
    expect(page.locator(".meaning")).to_contain_text("A template whose keys this plant takes over")
    text = page.locator("#text").input_value()
    write(page, text.replace("name: gap-week", "nam: gap-week"))
    page.locator("#verdict").get_by_text("1 mistake.").wait_for()
    expect(page.locator(".cm-line.wrong")).to_have_text(re.compile("nam: gap-week.*did you mean 'name'"))
    page.get_by_role("button", name="Run it").click()
    page.get_by_text("Refused; the running world stays").wait_for()
    assert "nam: gap-week" in page.locator(".line.wrong").inner_text()
    page.locator(".cm-line.wrong").wait_for()
    page.get_by_role("link", name="line 9").click()
    expect(page.locator(".cm-activeLine")).to_contain_text("nam: gap-week")
    write(page, text.replace("name: gap-week", "name: mine"))
    page.locator(".diff .added").filter(has_text="name: mine").wait_for()
    page.get_by_role("button", name="Run it").click()
    page.get_by_role("heading", name="Running: mine").wait_for()
    page.get_by_role("link", name="Edit the running scenario").click()
    assert "# A plant silent" in editor.inner_text()
    page.get_by_role("link", name="← Scenarios").click()
    file = tmp_path / "other.yaml"
    file.write_text("version: 1\nname: uploaded\n", encoding="utf-8")
    page.get_by_label("Scenario file").set_input_files(file)
    page.get_by_role("button", name="Upload and run").click()
    page.get_by_role("heading", name="Running: uploaded").wait_for()
    page.get_by_role("button", name="Reset the world").click()
    page.get_by_text("back at its beginning").wait_for()


def test_fault_strikes_the_next_calls_with_a_banner_everywhere(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit("faults")
    page.get_by_role("radio", name="Unavailable").check()
    page.get_by_label("Next").fill("2")
    page.get_by_role("button", name="Switch on").click()
    banner = page.get_by_text("1 fault on:")
    banner.wait_for()
    page.get_by_role("link", name="Plants").click()
    banner.wait_for()
    statuses = [httpx.get(f"{served.url}/v1/plants", trust_env=False, timeout=30).status_code for _ in range(3)]
    assert statuses == [503, 503, 401]
    page.get_by_role("link", name="Faults", exact=True).first.click()
    page.get_by_role("heading", name="Rules").wait_for()
    assert banner.count() == 0
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Switch all off").click()
    page.get_by_text("All faults are off.").wait_for()


def test_api_is_tried_with_the_client_filled_in(served: LiveServer, visit: Callable[..., Page]) -> None:
    served.sandbox.consents.accept(OWNER, "demo_api")
    page = visit("api")
    page.get_by_role("link", name="Open as demo_api").click()
    page.get_by_role("button", name="Authorize").first.click()
    dialog = page.locator(".modal-ux")
    form = dialog.locator(".auth-container").filter(has_text="Flow: clientCredentials")
    form.get_by_label("client_secret").wait_for()
    assert form.get_by_label("client_secret").input_value() == "demo_secret"
    form.locator("button.authorize").last.click()
    form.get_by_role("button", name="Remove authorization").wait_for()
    form.locator(".btn-done").last.click()
    operation = page.locator("#operations-monitoring-getPlants")
    operation.locator("button.opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    operation.locator(".live-responses-table").get_by_text('"plantId"').first.wait_for()


def test_ledger_is_searched(visit: Callable[..., Page]) -> None:
    page = visit("fidelity")
    page.get_by_role("searchbox").press_sequentially("autarky")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "autarkyRate" in page.locator("tbody").inner_text()


def test_code_flow_goes_from_the_button_to_the_plants(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit("code-flow")
    page.get_by_role("link", name="Connect SMA").click()
    page.locator("input[name=username]").fill(OWNER)
    page.locator("input[name=password]").fill("MyPass123!")
    page.locator("button[type=submit], button:not([type])").first.click()
    page.locator("button[name=decision][value=accept]").click()
    page.get_by_role("heading", name="What came back").wait_for()
    page.get_by_role("button", name="Exchange it").click()
    page.get_by_role("heading", name="GET /monitoring/v1/plants 200").wait_for()
    assert '"plantId": "13"' in page.locator("pre").last.inner_text()
    (record,) = [item for item in served.sandbox.consents if item.client_id == "demo_app"]
    assert record.state is ConsentState.ACCEPTED


def test_another_world_is_made_and_looked_at(served: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit("worlds")
    page.get_by_label("Name").fill("gw0")
    page.get_by_label("Scenario").select_option("classic")
    page.get_by_role("button", name="Create and open it").click()
    page.get_by_title("Choose another world").wait_for()
    page.get_by_role("link", name="Plants").click()
    page.get_by_role("link", name="Altes Forsthaus").click()
    page.get_by_text("devices have no pages here (R32)").wait_for()
    assert "/_mock/worlds/gw0/console/plants/" in page.url


def test_theme_is_changed_and_kept(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Change between light and dark").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 27)"
