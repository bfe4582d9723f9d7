"""What judges a client is loaded when somebody asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEAVES = ("mock_sma.findings", "mock_sma.coverage", "mock_sma.exam", "xml.etree")


DOCUMENTS = (
    "mock_sma.capsule",
    "mock_sma.scenario_file.document",
    "mock_sma.scenarios.dump",
    "mock_sma.scenarios.parse",
)


@pytest.mark.slow
def test_the_control_api_is_ready_without_what_reads_and_writes_whole_documents() -> None:
    code = f"import sys, mock_sma.api.guarded; print([name for name in sys.modules if name.startswith({DOCUMENTS!r})])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.slow
def test_a_server_that_nobody_asks_for_findings_loads_none() -> None:
    code = f"import sys, mock_sma.api.control; print([name for name in sys.modules if name.startswith({LEAVES!r})])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.strip() == "[]"
