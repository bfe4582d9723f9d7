"""The commands of docs/consent.md run as they stand."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import orjson

from tests.server_process import environment, serve

DOCUMENT = Path(__file__).parent.parent / "docs" / "consent.md"


def test_code_flow_is_walked_with_curl() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    with serve() as (_, ready):
        script = "\n".join(["set -eu", *blocks]).replace("http://127.0.0.1:8080", ready["url"])
        result = subprocess.run(
            ["/bin/bash", "-c", script],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment(no_proxy="*"),
        )
    assert result.returncode == 0, result.stderr
    assert orjson.loads(result.stdout)["scope"] == "profile monitoringApi:read email"
