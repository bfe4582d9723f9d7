"""The documentation's site: every page is there and can be found, diagrams are drawn, and no other host is asked."""

from __future__ import annotations

import importlib.util
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.docs.site import ROOT, TOP, build, search_index

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

LOADED = {
    "img": "src",
    "script": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "use": "href",
    "image": "href",
}
"""What a browser loads by itself: elements, with the attribute that names it."""


class Loads(HTMLParser):
    """Collects the addresses of what a page loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if LOADED.get(tag) == name]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


def hook(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "tools" / "docs_site" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_an_unreadable_diagram_ends_the_build() -> None:
    page = hook("diagrams").on_page_markdown("```mermaid\nflowchart TD\n    a --> --> b[\n```\n")
    with pytest.raises(RuntimeError, match="Parse error on line 2"):
        hook("diagrams").on_post_page(page)


@pytest.mark.parametrize(
    ("source", "link", "mended"),
    [
        ("", "[testing](docs/testing.md#faults)", "[testing](testing.md#faults)"),
        ("", "[how](CONTRIBUTING.md)", "[how](contributing.md)"),
        ("", "[CI](examples/ci)", "CI (`examples/ci`)"),
        ("docs", "[rows](../CHANGELOG.md)", "[rows](changelog.md)"),
        ("docs", "[plot](plots/year.png)", "[plot](plots/year.png)"),
        ("docs", "[nothing](nothing.md)", "[nothing](nothing.md)"),
        ("docs", "[elsewhere](https://example.org/a.md)", "[elsewhere](https://example.org/a.md)"),
    ],
)
def test_links_lead_to_pages_of_the_site(source: str, link: str, mended: str) -> None:
    pages = hook("pages")
    assert pages.LINK.sub(lambda found: pages.mended(found, ROOT / source), f"See {link}.") == f"See {mended}."


@pytest.mark.slow
def test_every_page_is_built_and_in_the_navigation(site: Path) -> None:
    sources = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    assert len(list(site.rglob("*.html"))) == len(sources) + len(TOP)
    start = (site / "index.html").read_text(encoding="utf-8")
    for source in sources:
        assert f'href="{source.with_suffix(".html").as_posix()}"' in start
    assert re.findall(r"<h2>(\w+)</h2>", start) == [
        *("Start", "Test", "Scenarios", "Control", "Operate", "Reference", "Contribute")
    ]


@pytest.mark.slow
def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    for page in site.rglob("*.html"):
        for address in Loads(page.read_text(encoding="utf-8")).addresses:
            assert not re.match(r"\w+:|//", address), f"{page.name} loads {address}"
            assert (page.parent / address).is_file(), f"{page.name} loads {address}, which is not there"
    for text in (*site.rglob("*.css"), site / "theme.js"):
        assert not re.search(r"https?:|url\(|@import", text.read_text(encoding="utf-8")), text.name


@pytest.mark.slow
def test_every_diagram_is_drawn(site: Path) -> None:
    drawn = 0
    for source in (ROOT / "docs").rglob("*.md"):
        fences = source.read_text(encoding="utf-8").count("```mermaid")
        page = (site / source.relative_to(ROOT / "docs").with_suffix(".html")).read_text(encoding="utf-8")
        figures = re.findall(r'<figure class="diagram"[^>]*><svg.*?</svg></figure>', page, re.DOTALL)
        assert len(figures) == fences, source.name
        assert all(re.search(r"<(?:text|span)\b[^>]*>", figure) for figure in figures), source.name
        assert 'class="mermaid"' not in page, source.name
        drawn += fences
    assert drawn >= 4


@pytest.mark.slow
def test_the_search_knows_every_section(site: Path) -> None:
    index = search_index(site)
    assert len(index["pages"]) == len(list(site.rglob("*.html")))
    places = {entry["location"]: entry["text"] for entry in index["entries"]}
    for source in (ROOT / "docs").rglob("*.md"):
        page = source.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        written = re.sub(r"^```.*?^```", "", source.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        headings = len(re.findall(r"^#{1,3} ", written, re.MULTILINE))
        assert len([place for place in places if place.startswith(f"{page}#")]) == headings, page
    assert any("1,500 requests" in text for text in places.values())


@pytest.mark.slow
def test_language_models_get_every_page_as_markdown(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# mock-sma\n\n> A local emulator of SMA's")
    pages = re.findall(r"^- \[[^\]]+\]\(([\w-]+\.md)\): \S.*$", text, re.MULTILINE)
    assert {(site / page).with_suffix(".html") for page in pages} == set(site.glob("*.html")) - {site / "404.html"}
    assert all((site / page).read_text(encoding="utf-8") for page in pages)
    assert "](testing.md" in (site / "index.md").read_text(encoding="utf-8"), "links lead to pages of the site"
