"""Take the picture of the console in docs/images anew: a plant's day of the scenario ennexos.

usage: console_picture.py   (Chromium is MOCK_SMA_CHROMIUM, else the one of the PATH)
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from mock_sma import Sandbox, load_scenario
from mock_sma.testing.live import LiveServer

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "console-plant.png"
NOW = "2025-06-12T19:30:00+02:00"
SIZE = {"width": 1200, "height": 830}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Take it."""
    chromium = os.environ.get("MOCK_SMA_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no Chromium here: name it by MOCK_SMA_CHROMIUM")
    with LiveServer(Sandbox(load_scenario("ennexos"), now=NOW)) as server, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page(viewport=SIZE)
        page.goto(f"{server.url}/_mock/console/plants/2100")
        page.locator(".plot canvas").first.wait_for()
        page.wait_for_load_state("networkidle")
        picture = page.screenshot()
    # Few colours are enough, and a quarter of the size.
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
