"""Take the pictures of the console in docs/images anew: a plant's day, the timeline, the scenario editor.

usage: console_picture.py   (Chromium is MOCK_SMA_CHROMIUM, else the one of the PATH)
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from PIL import Image
from playwright.sync_api import sync_playwright

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.actions import StartEvent
from mock_sma.domain.event import EventKind
from mock_sma.testing.live import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

PICTURES = Path(__file__).parent.parent / "docs" / "images"
NOW = "2025-06-12T19:30:00+02:00"
SEED = 18
"""Of a day with sun, clouds, and a household that does no more than usual."""

SIZE: ViewportSize = {"width": 1200, "height": 830}
COLOURS = 256
"""Enough, and half the size."""

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Take them."""
    chromium = os.environ.get("MOCK_SMA_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no Chromium here: name it by MOCK_SMA_CHROMIUM")
    world = Sandbox(load_scenario("ennexos"), now=NOW, seed=SEED)
    with LiveServer(world) as server, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page(viewport=SIZE)
        console = f"{server.url}/_mock/console"
        page.goto(f"{console}/plants/2100")
        page.locator(".plot canvas").first.wait_for()
        _take(page, "console-plant")
        _fill(world, server.url)
        page.goto(f"{console}/timeline?span=1+day")
        _take(page, "console-timeline")
        page.goto(f"{console}/scenarios?edit=gap-week")
        page.locator(".cm-line", has_text="commissioned").click(position={"x": 40, "y": 8})
        page.get_by_role("img", name="Sonnenhof: at most").wait_for()
        _take(page, "console-editor")


def _fill(world: Sandbox, url: str) -> None:
    """Let something of each kind be past, or be coming."""
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
    token = httpx.post(f"{url}/oauth2/token", data=form, timeout=60).json()["access_token"]
    world.consents.revoke("owner@example.org")
    ask = {"loginHint": "owner@example.org"}
    httpx.post(f"{url}/oauth2/v2/bc-authorize", json=ask, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    world.happenings.carry_out(StartEvent(kind=EventKind.GAP, plant_id="2100"), by="console")
    world.faults.add({"effect": {"html_504": True}, "schedule": {"from": "+6h30m", "duration": "PT1H"}})
    world.clock.advance(minutes=3)


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
