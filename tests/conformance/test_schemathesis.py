"""Schemathesis against the server's own document: no 5xx, and no answer that the document does not name.

``MOCK_SMA_FUZZ_EXAMPLES`` asks for more than the few examples per operation that are run by default.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
EXAMPLES = os.environ.get("MOCK_SMA_FUZZ_EXAMPLES", "4")


@pytest.mark.slow
def test_fuzzing_and_stateful_phases_find_no_5xx_and_no_undocumented_answer(tmp_path: Path) -> None:
    world = make()
    world.consents.accept(OWNER, "demo_api")
    token = tokens(world)["access_token"]
    report = tmp_path / "report.json"
    with LiveServer(world) as server:
        ended = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "run"),
                f"{server.url}/monitoring/swagger/v1/swagger.json",
                *("--phases", "examples,coverage,fuzzing,stateful"),
                *("--checks", ",".join(CHECKS)),
                *("--max-examples", EXAMPLES, "--seed", "1", "--no-shrink", "--continue-on-failure"),
                *("--header", f"Authorization: Bearer {token}", "--warnings", "off"),
                *("--report-json-path", str(report), "--report", "json"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
    assert ended.returncode == 0, ended.stdout[-6_000:]
    assert world.requests.total > 300
    assert json.loads(report.read_text(encoding="utf-8"))
