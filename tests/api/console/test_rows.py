"""A plant's page takes a file of rows, without JavaScript, and gives simulated rows back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.console.browser import browser
from tests.sandbox_helpers import ask, content, make, tokens

pytestmark = pytest.mark.slow

PAGE = "/_mock/console/plants/2100"
ROWS = "time,power\n2025-06-10T12:05:00,4321.5\n2025-06-10T12:10:00,\n2025-06-10T12:15:00,4400\n"


def served(world: Any) -> list[Any]:
    bearer = tokens(world)["access_token"]
    path = "/v1/plants/2100/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-10"
    rows = content(ask(world, "GET", path, bearer=bearer))["set"]
    return [row.get("pvGeneration") for row in rows if "T12:05" in row["time"] or "T12:15" in row["time"]]


async def test_rows_of_a_file_are_served_until_they_are_taken_away() -> None:
    world = make("ennexos")
    before = served(world)
    async with browser(world) as visitor:
        assert 'enctype="multipart/form-data"' in (await visitor.get(PAGE)).text
        data = {"csrf": await visitor.csrf(PAGE), "do": "put", "set": "EnergyAndPowerPv", "back": PAGE}
        files = {"file": ("roof.csv", ROWS.encode())}
        page = await visitor.http.post(f"{PAGE}/rows", data=data, files=files, follow_redirects=True)
        assert page.status_code == 200
        assert "what the file covers is served from it" in page.text
        assert served(world) == [4321.5, 4400.0]
        await visitor.http.post(f"{PAGE}/rows", data=data | {"do": "remove"}, follow_redirects=True)
        assert served(world) == before


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (None, "Choose a CSV file"),
        (b"", "The file is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"time,power\n2025-06-10T12:05:00,much\n", "&#39;much&#39; is no number"),
        (b"<b>\n", "&lt;b&gt;"),
    ],
)
async def test_a_file_that_holds_no_rows_is_told_of(rows: bytes | None, told: str) -> None:
    world = make("ennexos")
    before = served(world)
    async with browser(world) as visitor:
        data = {"csrf": await visitor.csrf(PAGE), "do": "put", "back": PAGE}
        files = {"other": ("x", b"")} if rows is None else {"file": ("rows.csv", rows)}
        page = await visitor.http.post(f"{PAGE}/rows", data=data, files=files, follow_redirects=True)
        assert page.status_code in (409, 422)
        assert told in page.text
        assert served(world) == before


async def test_sets_of_the_devices_can_be_chosen_too() -> None:
    async with browser(make("ennexos")) as visitor:
        form = (await visitor.get(PAGE)).text.partition("/rows")[2].partition("</form>")[0]
    assert ("<option>EnergyBalance</option>" in form, form.count("<option>PowerAc</option>")) == (True, 1)
