"""What browser tests ask of a page: axe-core's opinion, its width, a picture."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.facts import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mock_sma.testing.live import LiveServer

WIDE, PHONE = 1280, 380
"""Widths of a window [px]."""


def new_world(scenario: str = "sandbox", **options: Any) -> Sandbox:
    """Return a world at noon of a day in June, its clock standing still."""
    return Sandbox(load_scenario(scenario), **({"now": NOW} | options))


def five_minutes(served: LiveServer) -> Sandbox:
    """Serve the ennexOS world on the afternoon of a day with a derating, and return it."""
    world = new_world("ennexos", now="2025-06-13T12:00:00+02:00")
    served.serve(world)
    return world


THINNED = """() => {
  const back = window.wholeAgain = [];
  for (const node of [...document.querySelectorAll('pre, pre *')].flatMap((item) => [...item.childNodes])) {
    if (node.nodeType !== Node.TEXT_NODE || node.length <= 4_000) continue;
    const text = node.data;
    node.data = text.slice(0, 4_000);
    back.push(() => { node.data = text; });
  }
  const kind = (row) => [row, ...row.querySelectorAll('*')].map((item) => item.tagName + item.className +
    [...item.attributes].map(({name}) => name)).join();
  const seen = new Map();
  for (const row of document.querySelectorAll('tbody > tr')) {
    const like = kind(row), count = (seen.get(like) ?? 0) + 1;
    seen.set(like, count);
    if (count <= 3) continue;
    const mark = document.createComment('');
    row.replaceWith(mark);
    back.push(() => mark.replaceWith(row));
  }
}"""
"""Cuts long texts, and takes rows out that are made like three others: axe looks at each line, and at each cell."""

WHOLE = "() => { for (const undo of window.wholeAgain) undo(); }"
"""Makes a page whole again."""


def serious_violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with a page at the impacts serious and critical, one line each."""
    page.evaluate(THINNED)
    response = Axe().run(page, options={"resultTypes": ["violations"]}).response
    page.evaluate(WHOLE)
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:120]}"
        for found in response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def shoot(page: Page, name: str) -> None:
    """Take a picture of the whole page, where ``MOCK_SMA_SHOTS`` names a directory for pictures."""
    directory = os.environ.get("MOCK_SMA_SHOTS")
    if directory:
        Path(directory).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)


def too_wide(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def write(page: Page, text: str) -> None:
    """Put another text into the scenario editor, as one who pastes it over all."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
