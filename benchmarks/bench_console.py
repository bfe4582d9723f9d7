"""How quick the console is in Chromium: first paint of the plant page, and the journal at 200 requests a second.

The world has 500 plants and 1,000 exchanges in its journal. Chromium is ``MOCK_SMA_CHROMIUM``, else the one of the
PATH; without one this says so and measures nothing.

usage: bench_console.py [--visits 10] [--seconds 10]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from figures import figure

if TYPE_CHECKING:
    from playwright.sync_api import Page

NOW = "2025-06-15T12:00:00+02:00"
COMMAND = [
    *(sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json", "--scenario", "big-portfolio"),
    *("--now", NOW, "--rate", "0"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
RATE = 200
PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (entry.name === "first-contentful-paint") done(entry.startTime);
}).observe({ type: "paint", buffered: true }))"""


def ask(url: str, count: int, rate: float | None = None) -> float:
    """Send requests over one connection, at most ``rate`` a second; return the time it took [s]."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    begun = time.perf_counter()
    for number in range(count):
        connection.request("GET", f"/v1/plants?n={number}")
        connection.getresponse().read()
        if rate is not None:
            time.sleep(max(0.0, begun + (number + 1) / rate - time.perf_counter()))
    connection.close()
    return time.perf_counter() - begun


def first_paints(page: Page, url: str, visits: int) -> list[float]:
    """Return the time from navigation to first contentful paint of the plant page [ms], files in the cache."""
    address = f"{url}/_mock/console/plants/9000"
    page.goto(address)
    times = []
    for _ in range(visits):
        page.goto("about:blank")
        page.goto(address)
        times.append(float(page.evaluate(PAINT)))
        page.locator(".plot canvas").first.wait_for()
    return times


def live(page: Page, url: str, seconds: int) -> tuple[int, int, float]:
    """Return requests sent, requests counted by the page when the last was sent, and how far behind it was [s]."""
    page.goto(f"{url}/_mock/console/requests")
    page.get_by_text("· live").wait_for()
    before = int(page.locator("[data-counted]").inner_text())
    sent = RATE * seconds
    sender = threading.Thread(target=ask, args=(url, sent, RATE))
    sender.start()
    sender.join()
    ended = time.perf_counter()
    shown = at_end = int(page.locator("[data-counted]").inner_text()) - before
    while shown < sent and time.perf_counter() - ended < 30:
        shown = int(page.locator("[data-counted]").inner_text()) - before
    return sent, at_end, time.perf_counter() - ended


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--visits", type=int, default=10)
    options.add_argument("--seconds", type=int, default=10)
    given, _ = options.parse_known_args()
    chromium = os.environ.get("MOCK_SMA_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        print("console: no Chromium here, nothing measured")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed to say that there is none

    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process, sync_playwright() as playwright:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        ask(url, 1_000)
        page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page()
        times = first_paints(page, url, given.visits)
        print(
            f"plant page, first contentful paint: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms"
        )
        sent, at_end, behind = live(page, url, given.seconds)
        print(f"journal: {sent} requests at {RATE}/s, {at_end} shown with the last one, all {behind:.2f} s later")
        figure("console: plant page, first paint, median", statistics.median(times), "ms", goal="< 300")
        figure("console: journal at 200 requests/s, behind the last", behind, "s", goal="< 1")
        process.terminate()


if __name__ == "__main__":
    main()
