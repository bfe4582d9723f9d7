"""The swagger documents and Swagger UI at the real sandbox's addresses, without any other host."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

import mock_sma
from tests.sandbox_helpers import ask, make

VENDORED = Path(mock_sma.__file__).parent / "openapi" / "swagger_ui"


@pytest.mark.slow
@pytest.mark.parametrize("root", ["/monitoring", "/basicreporting"])
def test_the_page_loads_only_files_that_are_there(root: str) -> None:
    world = make()
    page = ask(world, "GET", f"{root}/index.html")
    assert (page.status, page.header(b"content-type")) == (200, b"text/html; charset=utf-8")
    names = re.findall(r'(?:src|href)="([^"]+)"', page.body.decode())
    assert len(names) == 5
    for name in names:
        reply = ask(world, "GET", urljoin(f"{root}/index.html", name))
        assert (reply.status, bool(reply.body)) == (200, True), name
    policy = (page.header(b"content-security-policy") or b"").decode()
    assert "default-src 'none'" in policy
    assert "http" not in policy


def test_the_page_starts_with_the_worlds_own_client_and_asks_no_validator() -> None:
    script = ask(make(), "GET", "/monitoring/swagger-initializer.js").body.decode()
    assert '"clientId":"demo_api"' in script
    assert '"validatorUrl":null' in script


def test_paths_match_in_any_case_and_other_files_are_not_served() -> None:
    world = make()
    assert ask(world, "GET", "/Monitoring/Index.HTML").status == 200
    assert ask(world, "GET", "/monitoring/README.md").status == 404
    assert ask(world, "GET", "/monitoring/index.html", host="monitoring.smaapis.de").status == 404
    assert ask(world, "GET", "/monitoring/index.html", host="sandbox.smaapis.de").status == 200


def test_documents_stay_out_of_the_journals_bytes() -> None:
    world = make()
    ask(world, "GET", "/monitoring/swagger-ui-bundle.js")
    assert (world.requests[-1].status, world.requests[-1].response_body) == (200, b"")


def test_the_reporting_document_has_that_api_and_the_way_to_a_token() -> None:
    document = json.loads(ask(make(), "GET", "/basicreporting/swagger/v1/swagger.json").body)
    assert "/oauth2/token" in document["paths"]
    assert any(path.startswith("/basicreporting") for path in document["paths"])
    assert not any(path.startswith("/monitoring") for path in document["paths"])


def test_swagger_ui_is_the_package_as_it_was_published() -> None:
    lines = (VENDORED / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    assert {"LICENSE", "NOTICE", "swagger-ui-bundle.js"} <= set(sums)
    for name, expected in sums.items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == expected, name
    assert {path.name for path in VENDORED.iterdir()} == {*sums, "SHA256SUMS", "README.md"}
