"""The commands of docs/consent.md run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from tests.server_process import serve, shell

DOCUMENT = Path(__file__).parent.parent / "docs" / "consent.md"


@pytest.mark.slow
def test_code_flow_is_walked_with_curl() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    with serve() as (_, ready):
        printed = shell("\n".join(blocks).replace("http://127.0.0.1:8080", ready["url"]))
    assert orjson.loads(printed)["scope"] == "profile monitoringApi:read email"
